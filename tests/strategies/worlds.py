"""Small worlds: events made of few names, so that random queries hit them, and names that are easily confused."""

from datetime import datetime, timedelta
from itertools import product
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from data.clock import EPOCH, to_microseconds
from data.records import ANONYMOUS, SYSTEM, ActorType, Change, Draft, Json, Outcome, Reference, Source
from data.store.identity import id_at
from tests.hand_clock import NOW

ZONES = tuple(
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/St_Johns",  # half an hour
        "Asia/Kathmandu",  # a quarter of an hour
        "Australia/Lord_Howe",  # half an hour of summer
        "America/Havana",  # summer ends at midnight
        "Africa/Cairo",  # summer begins at midnight
        "Pacific/Apia",  # a day that never was, 2011-12-30
    )
)

# Shared names with different ids, renamed ids, names without ids, ids that are another's name, and letter case.
PEOPLE: tuple[tuple[str | None, str | None], ...] = (
    ("m-1", "Alice Moss"),
    ("m-2", "alice moss"),
    ("m-2", "Alice Fern"),
    ("m-3", "Straße"),
    ("m-4", None),
    ("Bob", None),
    (None, "bob"),
    (None, "BOB"),
    (None, "STRASSE"),
    ("M-1", "İpek"),
    ("100%_*?[a]\\", "100%_*?[a]\\"),
    # What the one before is taken for when one of its signs has a meaning of its own.
    ("100--_*?[a]\\", None),
    ("100%-*?[a]\\", None),
    ("100%_--?[a]\\", None),
    ("100%_*-[a]\\", None),
    ("100%_*?a\\", None),
    ("", ""),
    (None, None),
)
TYPES = (
    "api_client.created",
    "api_client.updated",
    "API_CLIENT.Revoked",
    "token.issued",
    "project.created",
    "user.invited",
    "authgear.user.authenticated",
    "s3.object.deleted",
    "s3.deleted",
    "S3.deleted",
    "alone",
    "",
)
SERVICES = ("console", "Console", "payments api", "pay*", "[x]", "")
ADDRESSES = (
    "198.51.100.7",
    "198.51.100.255",
    "198.51.101.0",
    "::ffff:198.51.100.7",
    "2001:db8::1",
    "2001:DB8::1",
    "2001:db8:1::",
    "fe80::1%eth0",
    "gate.example.org",
    "Gate.example.org",
    "",
)
IDENTS = ("s-1", "S-1", "s-2", "*", "")
REQUESTS = ("req-1", "req-2", "REQ-1", "r*q", "")
REASONS = ("asked by the client", 'said "no"\n', 'said "no"', "100%", "straße 5", "\x7f", "\u202eexe.png", "")
_DURATIONS_MS = (0, 1, 499, 500, 501, 2000, 60_000, 2**53 - 1)
_CHANGES: tuple[tuple[Change, ...], ...] = (
    (),
    (Change("name", "Straße", 7), Change("expires", None, 2.5)),
    (Change("note", None, {"\x9b": 1}),),
)
_DATA: tuple[dict[str, Json], ...] = (
    {},
    {"note": ["Report 7", {"deep": "Ünïcode \U0001f600"}], "n": 123456789},
    {"C:\\path": [{"\x00": ""}]},
    {"C:\\path": "é"},
)
_SHIFTS_US = (0, 0, 0, 1, 500)

_EDGES = tuple(
    datetime.fromisoformat(text)
    for text in (
        "1970-01-01T00:00:00+00:00",
        "2011-12-30T10:00:00+00:00",  # Apia leaps over a day
        "2025-12-31T23:00:00+00:00",  # a year of Berlin
        "2026-03-29T01:00:00+00:00",  # summer begins in Berlin
        "2026-04-23T22:00:00+00:00",  # and in Cairo
        "2026-07-01T00:00:00+00:00",  # a quarter
        "2026-10-25T01:00:00+00:00",  # summer ends in Berlin
        "2026-10-31T23:00:00+00:00",  # a month of Berlin
        "2026-11-01T04:00:00+00:00",  # summer ends in Havana
        "2026-11-16T00:00:00+00:00",  # a week
        "2026-11-19T23:00:00+00:00",  # today in Berlin
        "2026-11-20T09:00:00+00:00",  # an hour ago
        "2026-11-20T10:00:00+00:00",
        "2030-01-01T00:00:00+00:00",
    )
)
_STEPS_US = (0, -1, 1, 499, 500, 999, -999, 1000, -1000, 1_000_000, -900_000_000, 3_600_000_000, -86_400_000_000)


def _moment(edge: datetime, step_us: int) -> datetime:
    return max(EPOCH, edge + timedelta(microseconds=step_us))


moments: st.SearchStrategy[datetime] = st.one_of(
    st.builds(_moment, st.sampled_from(_EDGES), st.sampled_from(_STEPS_US)),
    st.builds(lambda back: NOW - timedelta(microseconds=back), st.integers(0, 40 * 86_400_000_000)),
)
"""Times at and around the edges of what queries ask for, many less than a ms apart, or in the last 40 days."""


_NAMED = tuple(
    name for name in (*(name for person in PEOPLE for name in person), *TYPES, *SERVICES, *ADDRESSES) if name
)


def _part(name: str, start: int, length: int, change: int) -> str:
    part = name[start % len(name) :][:length]
    return (part, part.upper(), part.lower(), part.swapcase())[change]


texts_in_names: st.SearchStrategy[str] = st.one_of(
    st.builds(_part, st.sampled_from(_NAMED), st.integers(0, 20), st.integers(1, 6), st.integers(0, 3)),
    st.sampled_from(("%", "_", "*", "?", "[", "\\", "]", "  ", "\0", "client", "deleted")),
)
"""Pieces of the names and ids of these worlds, in any case, and signs that mean something to a database."""


def _references(kinds: tuple[str, ...]) -> st.SearchStrategy[Reference]:
    return st.builds(lambda kind, person: Reference(kind, *person), st.sampled_from(kinds), st.sampled_from(PEOPLE))


def dense_world() -> list[Draft]:
    """Events at and around every edge, each with its share of all the names: always the same 364, with ids."""
    choose = Random(20_261_120)
    kinds = tuple(ActorType)
    drafts = []
    for number, (edge, step_us) in enumerate(product(_EDGES * 2, _STEPS_US)):
        occurred_at = _moment(edge, step_us)
        drafts.append(
            Draft(
                type=choose.choice(TYPES),
                occurred_at=occurred_at,
                outcome=choose.choice((*Outcome,)),
                actor=Reference(choose.choice(kinds), *choose.choice(PEOPLE)),
                client=choose.choice((None, Reference("api_client", *choose.choice(PEOPLE)))),
                target=choose.choice((None, Reference("s3_bucket", *choose.choice(PEOPLE)))),
                service=choose.choice((None, *SERVICES)),
                duration_ms=choose.choice((None, *_DURATIONS_MS)),
                ip=choose.choice((None, *ADDRESSES)),
                request_id=choose.choice((None, *REQUESTS)),
                session_id=choose.choice((None, *IDENTS)),
                token=choose.choice((None, *IDENTS)),
                reason=choose.choice((None, *REASONS)),
                changes=choose.choice(_CHANGES),
                data=choose.choice(_DATA),
                id=_id_at(occurred_at, choose.choice(_SHIFTS_US), number),
            )
        )
    return drafts


def _id_at(occurred_at: datetime, shift_us: int, tail: int) -> UUID:
    """An id of that millisecond; with a shift, the bits where this system keeps the microseconds say something else."""
    microseconds = to_microseconds(occurred_at)
    return id_at(microseconds // 1000 * 1000 + (microseconds + shift_us) % 1000, tail)


@st.composite
def world_drafts(draw: st.DrawFn) -> Draft:
    """A draft with an id, most often as this system would have made it, sometimes with other bits for the µs."""
    occurred_at = draw(moments)
    return Draft(
        type=draw(st.sampled_from(TYPES)),
        occurred_at=occurred_at,
        outcome=draw(st.sampled_from(Outcome)),
        actor=draw(st.sampled_from((ANONYMOUS, SYSTEM)) | _references(tuple(ActorType))),
        client=draw(st.none() | _references(("api_client",))),
        target=draw(st.none() | _references(("api_client", "s3_bucket"))),
        service=draw(st.none() | st.sampled_from(SERVICES)),
        duration_ms=draw(st.none() | st.sampled_from(_DURATIONS_MS)),
        ip=draw(st.none() | st.sampled_from(ADDRESSES)),
        request_id=draw(st.none() | st.sampled_from(REQUESTS)),
        session_id=draw(st.none() | st.sampled_from(IDENTS)),
        token=draw(st.none() | st.sampled_from(IDENTS)),
        reason=draw(st.none() | st.sampled_from(REASONS)),
        changes=draw(st.sampled_from(_CHANGES)),
        data=draw(st.sampled_from(_DATA)),
        id=_id_at(occurred_at, draw(st.sampled_from(_SHIFTS_US)), draw(st.integers(0, 2**62 - 1))),
        source=draw(st.none() | st.builds(Source, st.just("elsewhere"), st.sampled_from(("a", "b")))),
    )

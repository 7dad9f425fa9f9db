"""Made-up events, the same in every run: 24 months, few who do much and many who do little, a third with changes."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

import orjson

from data.clock import to_microseconds
from data.exchange import event_to_json
from data.records import SYSTEM, ActorType, Change, Draft, Event, Json, Outcome, Reference
from data.store.identity import id_at

BATCH = 1_000
_SEED = 6962
_START = datetime(2024, 1, 1, tzinfo=UTC)
_SPAN = timedelta(days=731)
# Tag and how many of a hundred events bear it.
_TYPES = {
    "authgear.user.authenticated": 38,
    "session.started": 14,
    "api_client.updated": 14,
    "token.issued": 8,
    "token.rotated": 8,
    "role.granted": 6,
    "api_client.created": 5,
    "user.invited": 4,
    "token.ended": 2,
    "api_client.revoked": 1,
}
_SCOPES = ("payments:read", "payments:write", "reports:read", "users:read", "users:write", "webhooks:write")
_REASONS = ("asked by the owner", "the quarterly review", "left the company", "rotated by the nightly job")
_GIVEN = ("Alice", "Bo", "Carla", "Dmitri", "Esra", "Fatou", "Goran", "Hana", "Ines", "Jürgen", "Kofi", "Lina")
_FAMILY = ("Moss", "Fern", "Ahlgren", "Bauer", "Castro", "Dubois", "Eriksen", "Fontaine", "Grünwald", "Haddad")
MEMBERS = tuple(
    Reference(ActorType.MEMBER, f"m-{number}", f"{_GIVEN[number % 12]} {_FAMILY[number // 12 % 10]} {number // 120}")
    for number in range(600)
)
"""From the busiest to the one who does least."""
CLIENTS = tuple(Reference(ActorType.API_CLIENT, f"c-{number}", f"Integration {number:03d}") for number in range(300))


def drafts(count: int) -> Iterator[Draft]:
    """So many drafts in the order of their times, each with an id."""
    chance = Random(_SEED)
    types, weights = tuple(_TYPES), tuple(_TYPES.values())
    step_us = to_microseconds(_START + _SPAN) - to_microseconds(_START)
    for number in range(count):
        occurred_at = _START + timedelta(microseconds=step_us * number // count + chance.randrange(1_000))
        yield _draft(chance, chance.choices(types, weights)[0], occurred_at, number)


def batches(count: int) -> Iterator[list[Draft]]:
    """The same drafts in lists of a thousand."""
    rest = drafts(count)
    while batch := list(islice(rest, BATCH)):
        yield batch


def json_lines(given: Iterable[Draft]) -> Iterator[bytes]:
    """The drafts in the program's own form, as another log would export them: one a line."""
    for draft in given:
        parts = {field.name: getattr(draft, field.name) for field in fields(Draft)}
        yield orjson.dumps(event_to_json(Event(**parts, recorded_at=draft.occurred_at))) + b"\n"


def _draft(chance: Random, tag: str, occurred_at: datetime, number: int) -> Draft:
    client = _skewed(chance, CLIENTS)
    by_client = tag == "authgear.user.authenticated" and chance.random() < 0.5
    actor = client if by_client else SYSTEM if tag == "token.ended" else _skewed(chance, MEMBERS)
    is_admin = tag.startswith(("api_client.", "token.", "role."))
    outcome = chance.choices(tuple(Outcome), (94, 4, 2))[0]
    changes: tuple[Change, ...] = ()
    if tag in ("api_client.updated", "token.rotated", "role.granted"):
        before = chance.sample(_SCOPES, 2)
        changes = (
            Change("scopes", list[Json](before), list[Json]((*before, chance.choice(_SCOPES)))),
            Change("description", f"nightly run {number % 97}", f"nightly run {number % 89} after the move"),
        )
    return Draft(
        type=tag,
        occurred_at=occurred_at,
        outcome=outcome,
        actor=actor,
        client=client if is_admin or by_client else None,
        target=client if is_admin else actor,
        service=("console", "authgear", "gateway")[number % 3],
        duration_ms=int(chance.expovariate(1 / 40)),
        ip=f"198.51.{100 + number % 3}.{int(255 * chance.random() ** 3)}",
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        request_id=f"req-{chance.getrandbits(64):016x}",
        session_id=f"s-{number // 25}",
        reason=chance.choice(_REASONS) if is_admin and chance.random() < 0.5 else None,
        changes=changes,
        data={"expires": "2026-06-30", "region": ("eu-central-1", "us-east-1")[number % 2], "attempt": number % 4},
        id=id_at(to_microseconds(occurred_at), chance.getrandbits(62)),
    )


def _skewed(chance: Random, people: tuple[Reference, ...]) -> Reference:
    """One of them, the first ones far more often than the last."""
    return people[int(len(people) * chance.random() ** 3)]

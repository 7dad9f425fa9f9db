"""What an event's stored text looks like, by its type: templates of both parts, cut out of what the encoding itself writes.

A body is filled in with actor, client, duration, id, time, outcome, digest, time of recording, service and target; a
personal part with actor, client, address and target. What an event has none of is filled in with nothing.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from data.answers import Dimension
from data.catalogue import CATALOGUE
from data.clock import to_text
from data.personal_digest import personal_digest
from data.records import Change, Draft, Json, Outcome, Reference
from data.store.encoding import canonical, encode
from data.store.tables import FLAG_CHANGES, FLAG_REASON
from data.store.terms import Term
from tests.benchmarks.finding.columns import END, START
from tests.benchmarks.finding.vocabulary import vocabulary

VARIANTS = 8
"""Of each type there are so many events with different details; the lowest bits of an id's tail say which."""

_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "curl/8.9.1",
    "python-requests/2.32.3",
)
_REASONS = ("asked by the owner", "the quarterly review", "left the company", "rotated by the nightly job")
_SCOPES = ("payments:read", "payments:write", "reports:read", "users:read", "users:write", "webhooks:write")
_ID = UUID(int=7 << 76 | 2 << 62)
_SALT = bytes(16)
_DURATION = 7_777_777


class Shape(NamedTuple):
    """The templates of body and personal part, and the event's flags."""

    body: bytes
    personal: bytes
    flags: int


class Details(NamedTuple):
    """What an event says beside the columns."""

    user_agent: str
    reason: str | None
    changes: tuple[Change, ...]
    data: dict[str, Json]


@cache
def details(code: int, variant: int) -> Details:
    """Those of a type, by its code, in one of its variants."""
    tag = vocabulary(Dimension.TYPE).terms[code].name
    assert tag is not None
    number = code * VARIANTS + variant
    facts = CATALOGUE.describe(tag).facts
    scopes: list[Json] = [_SCOPES[number % 6], _SCOPES[(number + 1) % 6]]
    changes: tuple[Change, ...] = ()
    if number % 3 == 0:
        changes = (
            Change("scopes", scopes, [*scopes, _SCOPES[(number + 3) % 6]]),
            Change("description", f"nightly run {number}", f"nightly run {number} after the move"),
        )
    data: dict[str, Json] = {"region": ("eu-central-1", "us-east-1")[number % 2], "attempt": number % 4}
    data.update({fact: f"{fact} {number % 11}" for fact in facts[:2] if fact != "scopes"})
    return Details(_AGENTS[number % 3], _REASONS[number % 4] if number % 5 == 0 else None, changes, data)


@cache
def shape(code: int, variant: int) -> Shape:
    """The shape of a type's events in one of its variants."""
    tag = vocabulary(Dimension.TYPE).terms[code].name
    assert tag is not None
    more = details(code, variant)
    actor, client, target = (
        Reference("@kind@", f"@{name}@", f"@{name} name@") for name in ("actor", "client", "target")
    )
    draft = Draft(
        type=tag,
        occurred_at=START,
        outcome=Outcome.SUCCESS,
        service="@service@",
        duration_ms=_DURATION,
        ip="@ip@",
        user_agent=more.user_agent,
        reason=more.reason,
        changes=more.changes,
        data=more.data,
        actor=actor,
        client=client,
        target=target,
    )
    encoded = encode(draft, _ID, END, _SALT)
    body = _cut(
        encoded.body,
        *(_ids(actor), b'"client":%b,' % _ids(client), b'"duration_ms":%d,' % _DURATION),
        *(str(_ID).encode(), _time(START), b"success", personal_digest(_SALT, encoded.personal).encode(), _time(END)),
        *(b'"service":"@service@",', _ids(target)),
    )
    personal = _cut(
        encoded.personal, _name(actor.name), b'"client":%b,' % _name(client.name), b'"ip":"@ip@",', _name(target.name)
    )
    flags = (FLAG_CHANGES if draft.changes else 0) | (FLAG_REASON if draft.reason is not None else 0)
    return Shape(body, personal, flags)


class Written(dict[int, bytes]):
    """What each term of a dimension is in stored text, by its code; nothing for none. Each is written when it is needed."""

    def __init__(self, dimension: Dimension, write: Callable[[Term], bytes], around: bytes = b"%b") -> None:
        super().__init__()
        self._words = vocabulary(dimension)
        self._write = write
        self._around = around

    def __missing__(self, code: int) -> bytes:
        is_none = code == self._words.none
        self[code] = b"" if is_none else self._around % self._write(self._words.terms[code])
        return self[code]


def in_bodies() -> dict[Dimension, Written]:
    """What terms are in bodies."""
    return {
        Dimension.ACTOR: Written(Dimension.ACTOR, _ids_of),
        Dimension.CLIENT: Written(Dimension.CLIENT, _ids_of, b'"client":%b,'),
        Dimension.OUTCOME: Written(Dimension.OUTCOME, lambda term: (term.name or "").encode()),
        Dimension.SERVICE: Written(Dimension.SERVICE, lambda term: canonical(term.name), b'"service":%b,'),
        Dimension.TARGET: Written(Dimension.TARGET, _ids_of),
    }


def in_personal_parts() -> dict[Dimension, Written]:
    """What terms are in personal parts."""
    return {
        Dimension.ACTOR: Written(Dimension.ACTOR, _name_of),
        Dimension.CLIENT: Written(Dimension.CLIENT, _name_of, b'"client":%b,'),
        Dimension.IP: Written(Dimension.IP, lambda term: canonical(term.name), b'"ip":%b,'),
        Dimension.TARGET: Written(Dimension.TARGET, _name_of),
    }


def _ids_of(term: Term) -> bytes:
    return _ids(reference_of(term))


def _name_of(term: Term) -> bytes:
    return _name(term.name)


def reference_of(term: Term) -> Reference:
    """The reference that this is the term of."""
    return Reference(term.kind or "", term.ident, term.name)


def _ids(reference: Reference) -> bytes:
    written: dict[str, Json] = {"type": reference.type}
    if reference.id is not None:
        written["id"] = reference.id
    return canonical(written)


def _name(name: str | None) -> bytes:
    return canonical({"name": name})


def _time(moment: datetime) -> bytes:
    return to_text(moment).encode()


def _cut(text: bytes, *pieces: bytes) -> bytes:
    """The text with a place to fill in for each of these pieces, which stand in it once and in this order."""
    written, rest = [], text
    for piece in pieces:
        before, found, rest = rest.partition(piece)
        if not found or piece in rest:
            raise ValueError(f"{piece!r} is not once in {text!r}")
        written.append(before.replace(b"%", b"%%"))
    return b"%b".join((*written, rest.replace(b"%", b"%%")))

"""Requests of one client gathered into runs: those of one kind, one after another."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from data.query.addresses import plain_address
from data.records import Event
from data.refusals import RefusalCode
from data.requests import REFUSED
from data.why.model import Run

PAUSE = timedelta(minutes=15)
"""So long a run may pause while others go on; after it, it is another run."""

MOST_ADDRESSES = 3
"""So many addresses of a run are named; the others are counted."""

_STRANGERS = frozenset(
    {RefusalCode.UNKNOWN_TOKEN, RefusalCode.MISTYPED_TOKEN, RefusalCode.NO_TOKEN, RefusalCode.CONFLICTING_TOKENS}
)
# What a cause hangs on parts two runs; what it does not hang on is gathered.
_BY_ADDRESS = frozenset({RefusalCode.WRONG_NETWORK, RefusalCode.WRONG_SECRET})


def is_of_client(request: Event) -> bool:
    """Whether a request tells anything of the client that it names: what a token never said does not."""
    return refusal_of(request) not in _STRANGERS


def refusal_of(request: Event) -> RefusalCode | None:
    """Why authentication turned a request away; None if it did not, or by a code that this program does not know."""
    word = _refusal_word(request)
    try:
        return None if word is None else RefusalCode(word)
    except ValueError:
        return None


def gather(requests: Iterable[Event], changes: Iterable[Event] = (), gap_before: UUID | None = None) -> tuple[Run, ...]:
    """The runs of a client's requests, in the order in which they end.

    Both are oldest first. A change ends every run, so that a run lies between two changes; any other request ends one
    only if it pauses for longer than `PAUSE`. Before the request `gap_before` others are missing.
    """
    gathering = _Gathering()
    waiting = sorted((change.occurred_at for change in changes), reverse=True)
    for request in requests:
        # Of one moment, what was let in came before the change, and what was refused after it.
        is_refused = _refusal_word(request) is not None
        while waiting and (waiting[-1] < request.occurred_at or (is_refused and waiting[-1] == request.occurred_at)):
            waiting.pop()
            gathering.close()
        if request.id == gap_before:
            gathering.skip()
        if is_of_client(request):
            gathering.take(request)
    gathering.close()
    return tuple(sorted(gathering.done, key=lambda run: (run.last_at, run.last_id)))


@dataclass(slots=True)
class _Open:
    """A run that goes on. `number` and `served` are how far things had come with its last request."""

    first: Event
    last: Event
    alone: Event
    number: int
    served: int
    count: int = 0
    served_within: int = 0
    is_partial: bool = False
    # Ordered and without doubles.
    addresses: dict[str, None] = field(default_factory=dict)
    same: dict[str, str | None] = field(default_factory=dict)

    def take(self, request: Event, number: int, served: int) -> None:
        self.served_within += served - self.served
        if served > self.served:
            self.alone = request
        self.last, self.number, self.served = request, number, served
        counted = request.data.get("count")
        self.count += counted if isinstance(counted, int) and counted > 0 else 1
        if request.ip is not None:
            self.addresses[plain_address(request.ip)] = None
        facts = _facts(request)
        self.same = (
            facts
            if not self.same
            else {key: facts[key] if facts[key] == one else None for key, one in self.same.items()}
        )

    def run(self) -> Run:
        status = self.last.data.get("status")
        return Run(
            outcome=self.last.outcome,
            count=self.count,
            first_at=self.first.occurred_at,
            last_at=self.last.occurred_at,
            alone_since=self.alone.occurred_at,
            first_id=self.first.id,
            last_id=self.last.id,
            status=status if isinstance(status, int) else None,
            refusal=refusal_of(self.last),
            refusal_word=_refusal_word(self.last),
            served_within=self.served_within,
            is_partial=self.is_partial,
            addresses=tuple(self.addresses)[:MOST_ADDRESSES],
            address_count=len(self.addresses),
            **self.same,
        )


class _Gathering:
    """The runs so far."""

    def __init__(self) -> None:
        self.done: list[Run] = []
        self._open: dict[Hashable, _Open] = {}
        self._number = 0
        self._served = 0

    def take(self, request: Event) -> None:
        self._number += 1
        key = _kind(request)
        run = self._open.get(key)
        if run is not None and run.number < self._number - 1 and request.occurred_at - run.last.occurred_at > PAUSE:
            self.done.append(run.run())
            run = None
        if run is None:
            run = self._open[key] = _Open(request, request, request, self._number, self._served)
        run.take(request, self._number, self._served)
        if _refusal_word(request) is None:
            self._served += 1
            run.served = self._served

    def skip(self) -> None:
        """Requests are missing here: what goes on after them has more than are counted."""
        for run in self._open.values():
            run.is_partial = True

    def close(self) -> None:
        self.done.extend(run.run() for run in self._open.values())
        self._open.clear()


def _refusal_word(request: Event) -> str | None:
    word = request.data.get("refusal")
    if isinstance(word, str):
        return word
    return "" if request.type == REFUSED else None


def _kind(request: Event) -> Hashable:
    """What the requests of one run have in common."""
    word = _refusal_word(request)
    if word is None:
        return request.outcome, request.data.get("status")
    facts = _facts(request)
    parts: list[Hashable] = [word, request.token]
    if word in _BY_ADDRESS:
        parts.append(None if request.ip is None else plain_address(request.ip))
    if word == RefusalCode.MISSING_SCOPE:
        parts.append(facts["scope"] or facts["action"])
    return tuple(parts)


def _facts(request: Event) -> dict[str, str | None]:
    scope = request.data.get("scope")
    return {
        "token": request.token,
        "action": None if request.target is None else request.target.label,
        "scope": scope if isinstance(scope, str) else None,
        "service": request.service,
    }

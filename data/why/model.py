"""What is told of a client over a stretch of time: runs of requests, changes, and the causes of refusals."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from data.clients.model import ApiClient
from data.records import Event, Outcome, Reference
from data.refusals import RefusalCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Requests of one kind, one after another, from `first_at` to `last_at` (aware).

    `refusal` is the code of those that were turned away; one that this program does not know is `refusal_word` alone.
    `served_within` counts the requests that were let in between its first and its last, `alone_since` is its first one
    after the last of those. With `is_partial` there are more than `count`. `addresses` are some of those that it came
    from, of `address_count`. `token` (a public id), `action`, `scope` and `service` are those of all its requests; None
    where they differ or are not known.
    """

    outcome: Outcome
    count: int
    first_at: datetime
    last_at: datetime
    alone_since: datetime
    first_id: UUID
    last_id: UUID
    status: int | None = None
    refusal: RefusalCode | None = None
    refusal_word: str | None = None
    served_within: int = 0
    is_partial: bool = False
    addresses: tuple[str, ...] = ()
    address_count: int = 0
    token: str | None = None
    action: str | None = None
    scope: str | None = None
    service: str | None = None

    @property
    def is_refused(self) -> bool:
        """Whether authentication turned these away."""
        return self.refusal_word is not None

    @property
    def is_proven(self) -> bool:
        """Whether it was the client that asked: with a wrong secret it was named, and nothing is proven."""
        return self.refusal is not RefusalCode.WRONG_SECRET


class Likelihood(StrEnum):
    """How sure it is that a change caused a refusal."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why requests were refused. `change` is the event to blame; None where none is known. `reason` is a plain sentence."""

    likelihood: Likelihood
    reason: str
    change: Event | None = None


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run on the line of time; with the cause of a refused one."""

    run: Run
    cause: Cause | None = None

    @property
    def at(self) -> datetime:
        return self.run.last_at


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change on the line of time; `blamed` is what it caused, if it did."""

    event: Event
    blamed: Cause | None = None

    @property
    def at(self) -> datetime:
        return self.event.occurred_at


TimeLine: TypeAlias = "tuple[RunLine | ChangeLine, ...]"


class State(StrEnum):
    """How things stand with a client's calls."""

    STOPPED = "stopped"
    PARTLY = "partly"
    NAMED = "named"
    FAILING = "failing"
    WELL = "well"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Answer:
    """How it stands, in sentences: the first says it, the others what more is to be known.

    `cause` is why, `since` from when on, as far as there is anything to explain.
    """

    state: State
    sentences: tuple[str, ...]
    cause: Cause | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A client's line of time, newest first, and the answer; as of `now`.

    `client` is None for one that only events name. `requests` counts all of the dates; `earlier` of them are
    older than those of which the line tells.
    """

    subject: Reference
    client: ApiClient | None
    answer: Answer
    lines: TimeLine
    now: datetime
    requests: int = 0
    earlier: int = 0

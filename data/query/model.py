"""What a query is: clauses, all of which an event must fulfil. Frozen, hashable, and without any text or SQL."""

from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network


class Key(StrEnum):
    """What a clause can ask about. The value is the word that stands before the colon; TEXT has none."""

    TYPE = "type"
    TAB = "tab"
    OUTCOME = "outcome"
    ACTOR = "actor"
    CLIENT = "client"
    TARGET = "target"
    SERVICE = "service"
    IP = "ip"
    DURATION = "duration"
    ID = "id"
    REQUEST = "request"
    SESSION = "session"
    TOKEN = "token"
    HAS = "has"
    IN = "in"
    AFTER = "after"
    BEFORE = "before"
    DURING = "during"
    LAST = "last"
    TEXT = "text"


TIME_KEYS = frozenset({Key.AFTER, Key.BEFORE, Key.DURING, Key.LAST})
REACH_KEYS = TIME_KEYS | {Key.IN}
"""What says how far a query looks, and nothing of the events themselves."""


class Presence(StrEnum):
    """What `has:` can ask for."""

    CHANGES = "changes"
    REASON = "reason"
    IP = "ip"
    DURATION = "duration"
    HOSTILE = "hostile"


class Shelf(StrEnum):
    """What `in:` can ask for."""

    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literal runs of characters with any run of characters between each two: ("a", "b") is `a*b`, ("a",) is `a`.

    Only the first and the last run may be empty, so that every pattern has one form; `("", "")` is `*`.
    """

    parts: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.parts or any(not part for part in self.parts[1:-1]):
            raise ValueError(f"not a pattern: {self.parts!r}")

    @classmethod
    def literal(cls, text: str) -> "Pattern":
        """The pattern that only `text` itself matches."""
        return cls((text,))

    @property
    def is_literal(self) -> bool:
        return len(self.parts) == 1

    def folded(self) -> "Pattern":
        """The same without regard to case."""
        return Pattern(tuple(part.casefold() for part in self.parts))

    def matches(self, text: str) -> bool:
        """Whether all of `text` is of this form. Linear in the text: runs are found leftmost first."""
        if self.is_literal:
            return text == self.parts[0]
        first, *middle, last = self.parts
        if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
            return False
        at, end = len(first), len(text) - len(last)
        for part in middle:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True


@dataclass(frozen=True, slots=True)
class DurationRange:
    """From `least_ms` to `most_ms` milliseconds, both included; None is open."""

    least_ms: int | None = None
    most_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A time as it was written: `2026-11`, `today`, `30d`, `all`; `end` for the right side of `a..b`.

    Kept as words, so that a saved `today` is always today; `resolve_span` makes instants of it.
    """

    start: str
    end: str | None = None


Value: TypeAlias = Pattern | Network | DurationRange | Presence | Shelf | Span


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: any of `values` fits, or with `negated` none of them does.

    By key, values are: Pattern for names and ids (OUTCOME and TAB too; IP also takes networks), DurationRange for
    DURATION, Presence for HAS, Shelf for IN, Span for the times, and one literal Pattern for TEXT.
    """

    key: Key
    values: tuple[Value, ...]
    negated: bool = False

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError(f"a clause needs a value: {self.key}")


LAST_30_DAYS = Clause(Key.LAST, (Span("30d"),))
EVERYTHING = Clause(Key.LAST, (Span("all"),))
IN_ARCHIVE = Clause(Key.IN, (Shelf.ARCHIVE,))
"""Widens instead of narrowing: every event fits it, and archived ones are answered, too."""


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Clauses that all have to hold. Without a time and without an id, the last 30 days are meant, and then said."""

    clauses: tuple[Clause, ...] = ()

    def __post_init__(self) -> None:
        if not any(clause.key in TIME_KEYS or (clause.key is Key.ID and not clause.negated) for clause in self.clauses):
            object.__setattr__(self, "clauses", (*self.clauses, LAST_30_DAYS))

    @property
    def reaches_archive(self) -> bool:
        """Whether archived events are answered, too.

        They are for whole ids as well: who names an event has found it already, in a file, a ticket or another event,
        and must not read that there is none.
        """
        return any(clause.key is Key.IN or _names_events(clause) for clause in self.clauses)

    def of(self, *keys: Key) -> tuple[Clause, ...]:
        """The clauses about these keys, in the order in which they stand."""
        return tuple(clause for clause in self.clauses if clause.key in keys)

    def without(self, *keys: Key) -> "EventQuery":
        """The same query with nothing asked about these keys."""
        return replace(self, clauses=tuple(clause for clause in self.clauses if clause.key not in keys))

    def without_times(self) -> tuple[Clause, ...]:
        """All clauses but those about time."""
        return tuple(clause for clause in self.clauses if clause.key not in TIME_KEYS)

    def conditions(self) -> tuple[Clause, ...]:
        """All clauses about the events themselves, and not about how far is looked."""
        return tuple(clause for clause in self.clauses if clause.key not in REACH_KEYS)

    def adding(self, *clauses: Clause) -> "EventQuery":
        """The same query with these clauses after the others; one that is there already is not added again."""
        return replace(self, clauses=(*self.clauses, *(clause for clause in clauses if clause not in self.clauses)))


def _names_events(clause: Clause) -> bool:
    """Whether a clause asks for nothing but events by their whole ids."""
    if clause.key is not Key.ID or clause.negated:
        return False
    return all(isinstance(value, Pattern) and value.is_literal for value in clause.values)

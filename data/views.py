"""Views: queries that are kept under a name, of one person or of everybody, and the place where their reader stopped."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID, uuid5

from data.errors import AuditdeckError, QueryError
from data.query import EventQuery, parse_query
from data.records import Reference

MOST_NAME_CHARACTERS = 60

_SHIPPED_SPACE = UUID("5d0c7f0e-7f2b-4c55-9f0c-2f3a6b1e9a44")
# What breaks a line, drives a terminal or cannot be written as UTF-8 is part of nobody's name.
_NO_PART_OF_A_NAME = frozenset({"Cc", "Cs", "Zl", "Zp"})


class ViewError(AuditdeckError):
    """A view cannot be kept, changed or removed as it was asked for."""


class ViewNameTaken(ViewError):
    """The person has a view of this name already: `existing`."""

    def __init__(self, existing: "View") -> None:
        super().__init__(f"There is a view of yours named {existing.name} already.")
        self.existing = existing


class ViewChanged(ViewError):
    """Somebody changed the view since it was looked at. `now` is what it is now, None once it was deleted."""

    def __init__(self, before: "View", now: "View | None") -> None:
        self.now = now
        if now is None:
            words = f"{before.name} was deleted meanwhile."
        elif now.name != before.name:
            words = f"{before.name} was renamed to {now.name} meanwhile. Look again before you change it."
        else:
            words = f"{before.name} was changed meanwhile. Look again before you change it."
        super().__init__(words)


class ViewNotYours(ViewError):
    """Only its maker may change a view, and nobody one that comes with the program."""


@dataclass(frozen=True, slots=True)
class ReadingMark:
    """Where a person stopped reading a view: the event that was stood on, and when (UTC) it was left.

    `newest_id` is the newest event of the view that was ever stood on: whatever happened after it is new to the person.
    """

    event_id: UUID
    newest_id: UUID
    left_at: datetime


@dataclass(frozen=True)
class View:
    """A query under a name. `text` is the query as it is kept; one from another version may not parse, see `problem`.

    `owner` is None for a view that ships with the program. `is_own` says whether the person who asked owns it, `mark`
    where that person stopped reading it. `revision` counts its changes: a change is made to the one that was seen.
    """

    id: UUID
    name: str
    text: str
    owner: str | None = None
    is_own: bool = False
    is_shared: bool = False
    revision: int = 0
    mark: ReadingMark | None = None

    @property
    def reference(self) -> Reference:
        return Reference("view", str(self.id), self.name)

    @property
    def query(self) -> EventQuery | None:
        """What the view asks; None where this program cannot read it."""
        return self._read[0]

    @property
    def problem(self) -> str | None:
        """Why its query cannot be read, in a plain sentence; None where it can."""
        return self._read[1]

    def is_called(self, name: str) -> bool:
        """Whether a person means this view by that name."""
        return folded_name(self.name) == folded_name(name)

    @cached_property
    def _read(self) -> tuple[EventQuery | None, str | None]:
        try:
            return parse_query(self.text), None
        except QueryError as error:
            return None, f"This program cannot read its query: {error}."


@dataclass(frozen=True, slots=True)
class ViewList:
    """All views that `person` sees: their own, then those that others share, then those that ship; each by name."""

    person: str
    views: tuple[View, ...]


def _shipped(slug: str, name: str, text: str) -> View:
    # Marks are kept under the id: never change a slug.
    return View(uuid5(_SHIPPED_SPACE, slug), name, text, is_shared=True)


SHIPPED = (
    _shipped("failed-or-denied", "Failed or denied", "outcome:failure,denied last:30d"),
    _shipped("denied-yesterday", "Denied yesterday", "outcome:denied during:yesterday"),
    _shipped("access-changes", "Access changes", "type:role.*,group.*,invitation.*,member.* last:30d"),
    _shipped("api-client-changes", "API client changes", "type:api_client.*,token.* last:30d"),
    _shipped("not-the-system", "Not the system", "-actor:system last:30d"),
)
"""The views that come with the program, in the order in which they are shown."""


def plain_name(name: str) -> str:
    """A name as it is kept: without spaces around it."""
    return name.strip()


def folded_name(name: str) -> str:
    """What two names have in common that are one name to a person: case and ways of writing an accent are ignored.

    Unicode's canonical caseless matching (The Unicode Standard, D145).
    """
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", plain_name(name)).casefold())


def name_problem(name: str) -> str | None:
    """Why a view cannot have this name, in a plain sentence; None if it can."""
    plain = plain_name(name)
    if not plain:
        return "A view needs a name."
    if len(plain) > MOST_NAME_CHARACTERS:
        return f"A name has at most {MOST_NAME_CHARACTERS} characters, this has {len(plain)}."
    if any(unicodedata.category(character) in _NO_PART_OF_A_NAME for character in plain):
        return "A name cannot hold control characters."
    return None

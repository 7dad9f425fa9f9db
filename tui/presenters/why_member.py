"""Why a member may do something, or why not, as rows: first every permission, then of one each way to it with its events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from data.access.history import Explanation, Way
from data.access.model import MemberStatus
from data.permissions import PERMISSION_GROUPS, Permission
from data.records import Event
from tui.glyphs import glyphs
from tui.presenters.card import title_of
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import minute_text
from tui.terminal import cells_of, safe, wrap

_TIME_AT, _TEXT_AT = 3, 26
_MARK_AT, _WORDS_AT, _WORD_AT = 3, 5, 42
_MOST_CHARACTERS = 1_000
_BUILT_IN = "has it since it came with the program"


@dataclass(frozen=True, slots=True)
class PermissionKey:
    """A row of a permission, to be told of."""

    permission: Permission


@dataclass(frozen=True, slots=True)
class LinkKey:
    """A row of an event, by its place among the rows: one event may have made several links."""

    place: int
    event: UUID


Rows: TypeAlias = list[tuple[tuple[Row, ...], PermissionKey | LinkKey | None]]


def permission_rows(explanations: Sequence[Explanation], width: int, zone: ZoneInfo, *, is_now: bool) -> Rows:
    """Every permission in its group, and whether the member has it."""
    first = explanations[0]
    page = _Page(width, zone)
    page.plain(page.line(1).add(first.member.label, Role.LINK, bold=True).add(_as_of(first, zone, is_now=is_now)))
    page.standing(first)
    by_permission = {one.permission: one for one in explanations}
    for group in PERMISSION_GROUPS:
        page.heading(group.name)
        for permission in group.permissions:
            holds = by_permission[permission].holds
            line = page.line(_MARK_AT).add("+" if holds else "-", Role.AFTER if holds else Role.DENIED, bold=True)
            line.at(_WORDS_AT).add(f"{'may' if holds else 'may not'} ", Role.TEXT if holds else Role.MUTED)
            line.add(permission.words, Role.TITLE if holds else Role.MUTED, bold=holds)
            line.at(max(line.used + 2, _WORD_AT + _WORDS_AT)).add(permission, Role.FAINT)
            page.rows.append(((line.row(),), PermissionKey(permission)))
    return page.rows


def explanation_rows(told: Explanation, width: int, zone: ZoneInfo, *, is_now: bool) -> Rows:
    """One permission: each way to it with the events that made every link, or why there is none that counts."""
    page = _Page(width, zone)
    word, role = (" MAY ", Role.ACCENT_BADGE) if told.holds else (" MAY NOT ", Role.DENIED_BADGE)
    head = page.line(1).add(word, role, bold=True).add(" ").add(told.member.label, Role.LINK, bold=True)
    page.plain(head.add(_as_of(told, zone, is_now=is_now)))
    page.plain(page.line(1).add(told.permission.words, Role.TITLE, bold=True).add(f"  {told.permission}", Role.FAINT))
    page.standing(told)
    for way in told.ways:
        page.way(told, way)
    if told.is_owner:
        return page.rows
    if not told.ways:
        page.say("No role that they hold has this permission.")
    if told.lost is not None and not told.holds:
        page.heading("LOST BY")
        page.event(told.lost, _what(told.lost))
    if not told.ways:
        page.heading("ROLES THAT HAVE IT")
        page.say(", ".join(one.label for one in told.would_give), Role.MUTED, at=_TIME_AT)
    return page.rows


def events_in(told: Explanation) -> dict[UUID, Event]:
    """The events that the rows of an explanation can lead to, by their ids."""
    links = [one for way in told.ways for one in (way.granted, way.joined, way.given)]
    return {one.id: one for one in (told.since, told.lost, *links) if one is not None}


class _Page:
    """Rows in the making."""

    def __init__(self, width: int, zone: ZoneInfo) -> None:
        self.rows: Rows = []
        self._width = width
        self._zone = zone

    def line(self, at: int) -> Line:
        return Line(self._width).at(at)

    def plain(self, *lines: Line) -> None:
        """Rows that one cannot stand on."""
        self.rows.append((tuple(line.row() for line in lines), None))

    def heading(self, words: str) -> None:
        self.plain(Line(self._width), self.line(1).add(words, Role.MUTED, bold=True))

    def say(self, sentence: str, role: Role = Role.TEXT, at: int = 1) -> None:
        lines = wrap(safe(sentence, limit=_MOST_CHARACTERS), max(self._width - at - 1, 10))
        self.plain(*(self.line(at).add(line, role) for line in lines))

    def event(self, event: Event, words: str, role: Role = Role.TITLE) -> None:
        """What one event did, when and by whom; its reason below."""
        first = self.line(_TIME_AT).add(minute_text(event.occurred_at, self._zone), Role.MUTED).at(_TEXT_AT)
        by = f"by {event.actor.label}"
        fits = _TEXT_AT + cells_of(f"{words}  {by}") <= self._width
        rows = [first.add(words, role).add(f"  {by}" if fits else "", Role.MUTED).row()]
        if not fits:
            rows.append(self.line(_TEXT_AT).add(by, Role.MUTED).row())
        if event.reason:
            rows.append(self.line(_TEXT_AT).add(event.reason, Role.FAINT).row())
        self.rows.append((tuple(rows), LinkKey(len(self.rows), event.id)))

    def standing(self, told: Explanation) -> None:
        """Who they are, where that alone decides: the owner, nobody yet, suspended or removed."""
        if told.is_owner:
            self.say("They own the file that this database is, and may do everything with it.")
        elif told.status is None or told.since is None:
            self.say("They were no member then.")
        elif told.status is not MemberStatus.ACTIVE:
            has_any = " What their roles have does not count." if told.ways else ""
            self.say(f"They are {told.status}: nothing is permitted to them.{has_any}", Role.DENIED)
            self.event(told.since, title_of(told.since), Role.DENIED)

    def way(self, told: Explanation, way: Way) -> None:
        """One path, link by link."""
        arrow = f" {glyphs().arrow} "
        steps = [told.member.label, *([] if way.group is None else [way.group.label]), way.role.label, way.permission]
        self.plain(Line(self._width), self.line(1).add(arrow.join(steps), Role.TEXT, bold=True))
        if way.joined is not None and way.group is not None:
            self.event(way.joined, f"in the group {way.group.label}")
        holder = told.member if way.group is None else way.group
        self.event(way.granted, f"{holder.label} has the role {way.role.label}")
        if way.given is None:
            self.plain(self.line(_TEXT_AT).add(f"the role {_BUILT_IN}", Role.MUTED))
        else:
            self.event(way.given, f"the role has {way.permission}")


def _as_of(told: Explanation, zone: ZoneInfo, *, is_now: bool) -> str:
    return "" if is_now else f"  as of {minute_text(told.at, zone)}"


def _what(event: Event) -> str:
    return title_of(event) if event.target is None else f"{title_of(event)}  {event.target.label}"

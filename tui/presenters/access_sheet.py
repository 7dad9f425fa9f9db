"""What the pane of the Access screen is made of: sections, links to other things, permissions and how one comes by them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from data.permissions import PERMISSION_GROUPS, Permission
from tui.presenters.access_tabs import Item
from tui.presenters.detail_sections import (
    LABEL_AT,
    DetailKey,
    DetailSection,
    Newest,
    event_rows,
    heading_rows,
    value_rows,
    words_row,
)
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import safe, wrap

_LINK_LABEL = 7
_MOST_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class LinkRow:
    """The key of a row that leads to another thing; `part` tells apart two that lead to the same."""

    item: Item
    part: str


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """The key of the row of a permission."""

    permission: Permission


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The key of the row of an SSH key."""

    fingerprint: str


SheetKey = DetailKey | LinkRow | PermissionRow | KeyRow
Entry = tuple[tuple[Row, ...], SheetKey]


class Sheet:
    """All of one thing in the making: groups of rows from top to bottom, each with its key, None for a heading."""

    def __init__(self, width: int, now: datetime, zone: ZoneInfo, keys: Mapping[str, str]) -> None:
        """`width` in cells; `keys` are the keys that headings name, by the section's name."""
        self.width = width
        self.now = now
        self.zone = zone
        self.entries: list[Entry] = []
        self._keys = keys
        self._facts = 0

    def fact(self, label: str, text: str, role: Role = Role.TEXT) -> None:
        """A value under its label."""
        self.entries.append((tuple(value_rows(label, text, role, self.width)), DetailSection("facts", self._facts)))
        self._facts += 1

    def linked_fact(self, label: str, item: Item, name: str, after: str = "") -> None:
        """A value that leads to another thing."""
        line = Line(self.width).at(LABEL_AT).add(label, Role.FAINT, until=13).at(14).add(name, Role.LINK)
        self.entries.append(((line.add(f"  {after}" if after else "", Role.MUTED).row(),), LinkRow(item, label)))

    def heading(self, text: str, section: str | None = None) -> None:
        """What a section begins with."""
        self.entries.append(
            (heading_rows(text, None if section is None else self._keys.get(section), self.width), None)
        )

    def words(self, text: str, part: str) -> None:
        """What stands where there is nothing."""
        self.entries.append(((words_row(text, self.width),), DetailSection(part)))

    def link(
        self,
        label: str,
        item: Item,
        name: str,
        after: str = "",
        *,
        part: str = "",
        faint: bool = False,
        indent: int = 0,
    ) -> None:
        """A row that leads to another thing, with what it is before it and what there is to say of it behind it."""
        line = Line(self.width - 1).at(LABEL_AT + indent)
        if label:
            line.add(label, Role.FAINT).at(LABEL_AT + _LINK_LABEL)
        # What is said behind it may matter more than the last letters of a name.
        until = self.width - 1 - min(len(after) + 2, self.width // 2) if after else None
        line.add(name, Role.MUTED if faint else Role.LINK, until=until)
        if after:
            line.add("  ").add(after, Role.MUTED)
        self.entries.append(((line.row(),), LinkRow(item, part or label)))

    def lines(self, texts: Sequence[tuple[str, Role, bool]], key: SheetKey, *, indent: int = 0) -> None:
        """Texts below one another that the cursor takes as one; all but the first are moved to the right."""
        rows: list[Row] = []
        for number, (text, role, bold) in enumerate(texts):
            at = LABEL_AT + indent + (2 if number else 0)
            for part in wrap(safe(text, limit=_MOST_CHARACTERS), max(self.width - at - 1, 1)):
                rows.append(Line(self.width).at(at).add(part, role, bold=bold).row())
        self.entries.append((tuple(rows), key))

    def permissions(self, held: Collection[Permission], ways: Mapping[Permission, Iterable[str]] | None = None) -> None:
        """Permissions in their groups with what they let one do, and the ways by which one has each.

        Of what `admin` gives beside itself no more is said than that: it is all of it, by the same ways.
        """
        for group in PERMISSION_GROUPS:
            found = [one for one in group.permissions if one in held]
            if not found:
                continue
            self.entries.append(((Line(self.width).at(LABEL_AT).add(group.name, Role.MUTED).row(),), None))
            for permission in found:
                self.entries.append(
                    (self._permission_rows(permission, (ways or {}).get(permission, ())), PermissionRow(permission))
                )
        if Permission.ADMIN in held:
            self.words("and with it everything else", "everything")

    def newest(self, newest: Newest, about: str, heading: str = "Recent changes") -> None:
        """The newest events about it."""
        self.heading(heading, "changes")
        for rows, key in event_rows(
            newest.events, newest.problem, "changes", self.width, self.now, self.zone, about=about
        ):
            self.entries.append((rows, key))

    def _permission_rows(self, permission: Permission, ways: Iterable[str]) -> tuple[Row, ...]:
        line = Line(self.width).at(LABEL_AT + 2).add(permission.value, Role.TEXT, bold=True)
        rows = [line.add("  ").add(permission.words, Role.TEXT).row()]
        at = LABEL_AT + 4
        for way in ways:
            for part in wrap(safe(way, limit=_MOST_CHARACTERS), max(self.width - at - 1, 1)):
                rows.append(Line(self.width).at(at).add(part, Role.MUTED).row())
        return tuple(rows)

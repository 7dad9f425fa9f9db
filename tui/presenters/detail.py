"""An event in full: every part of it in rows that the cursor can stand on, and where each row leads."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from data.clock import to_text
from data.query import Clause, Key, Presence
from data.records import UNREADABLE, Change, Event, Json, Outcome, Reference, Seal
from tui.glyphs import glyphs
from tui.presenters.card import BADGES, is_gone, object_of, reason_label, title_of
from tui.presenters.clauses import literal_clause, reference_clause
from tui.presenters.hostile_mark import HOSTILE_MARK, hostile_words
from tui.presenters.list_change import ListChange
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.requests import proof_word, target_word
from tui.presenters.seals import SEAL_BADGES, state_text
from tui.presenters.values import count_text, field_text, instant_text, value_text
from tui.terminal import plain_json, safe, wrap

_LABEL_AT = 2
_VALUE_AT = 18
_MOST_CHARACTERS = 20_000
_MOST_LINES = 400
# Nobody reads further here, and a record can be of any size; the export has all of it.
_MOST_CHARACTERS_IN_ALL = 200_000
_ROW_COST = 40


@dataclass(frozen=True, slots=True)
class DetailKey:
    """A row of the open card: its number, the clause that asks for its value, and what is copied of it.

    `text` is the value in full; where somebody is named, `text` is the id and `name` what they are called.
    """

    number: int
    clause: Clause | None = None
    text: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One or more lines that belong together; without a key they are only read."""

    rows: tuple[Row, ...]
    key: DetailKey | None


class _Page:
    """Rows in the making, each with a key of its own."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[DetailRow] = []
        self._left = _MOST_CHARACTERS_IN_ALL

    def heading(self, text: str) -> None:
        self.rows.append(DetailRow(((),), None))
        line = Line(self.width).at(1).add(text, Role.MUTED, bold=True).add("  ")
        line.add(glyphs().rule * max(self.width - line.used - 1, 0), Role.RULE)
        self.rows.append(DetailRow((line.row(),), None))

    def value(
        self,
        label: str,
        text: str,
        role: Role = Role.TEXT,
        clause: Clause | None = None,
        *,
        copied: str | None = None,
        name: str | None = None,
    ) -> None:
        """A label and a value; `copied` is what is copied of it, by default the value."""
        if self._left <= 0:
            return
        lines = _wrapped(text, self.width - _VALUE_AT - 1)
        self._left -= len(label) + min(len(text), _MOST_CHARACTERS) + _ROW_COST
        rows = []
        for number, part in enumerate(lines):
            line = Line(self.width).at(_LABEL_AT)
            if number == 0:
                line.add(label, Role.FAINT, until=_VALUE_AT - 1)
            rows.append(line.at(_VALUE_AT).add(part, role).row())
        self.add(tuple(rows), clause, text if copied is None else copied, name)

    def add(self, rows: tuple[Row, ...], clause: Clause | None, text: str, name: str | None = None) -> None:
        self.rows.append(DetailRow(rows, DetailKey(len(self.rows), clause, text, name)))


def detail_head(event: Event, width: int, place: str, gone: Container[str] = ()) -> Row:
    """What happened to what and how it ended; `place` says which event it is, `3 of 17`.

    `gone` are the ids of clients that were deleted.
    """
    line = Line(width).at(1)
    outcome = "" if event.is_blank else event.outcome.value
    seal = event.seal.value if event.seal in SEAL_BADGES else ""
    edge = width - len(outcome) - len(place) - (len(seal) + 4 if seal else 0) - 7
    line.add(title_of(event), Role.TITLE, until=edge, bold=True)
    about = object_of(event)
    if about is not None and edge - line.used > 3:
        line.add("  ").add(about, Role.MUTED if is_gone(event, gone) else Role.LINK, until=edge)
    badge = BADGES.get(event.outcome)
    if badge is not None:
        line.add("  ").add(f" {outcome.upper()} ", badge, bold=True)
    elif outcome:
        line.add("  ").add(outcome, Role.FAINT)
    if seal:
        line.add("  ").add(f" {seal.upper()} ", SEAL_BADGES[event.seal], bold=True)
    return line.right(place, Role.MUTED, end=width - 1).row()


def detail_rows(event: Event, record: Mapping[str, Json], width: int, zone: ZoneInfo) -> list[DetailRow]:
    """All of an event, `width` cells wide; `record` is its JSON form."""
    page = _Page(width)
    _add_happening(page, event, zone)
    if event.changes:
        page.heading("What changed")
        for change in event.changes:
            _add_change(page, change)
    page.heading("Context")
    _add_context(page, event, zone)
    if event.data:
        page.heading("More")
        for name, value in event.data.items():
            _add_data(page, name, value)
    if proof_word(event):
        page.heading("Proof")
        _add_proof(page, event, zone)
    if not event.is_blank:
        _add_links(page, event)
    page.heading("As JSON")
    _add_json(page, record)
    return page.rows


def _add_happening(page: _Page, event: Event, zone: ZoneInfo) -> None:
    """When, how it ended and why, who, and to what."""
    page.rows.append(DetailRow(((),), None))
    page.value("when", instant_text(event.occurred_at, zone), copied=to_text(event.occurred_at))
    if event.is_blank:
        return
    outcome_role = {Outcome.DENIED: Role.DENIED, Outcome.FAILURE: Role.FAILURE}.get(event.outcome, Role.TEXT)
    page.value("outcome", event.outcome.value, outcome_role, literal_clause(Key.OUTCOME, event.outcome.value))
    if event.reason is not None:
        page.value(reason_label(event), event.reason, outcome_role)
    _add_reference(page, Key.ACTOR, event.actor)
    _add_reference(page, Key.TARGET, event.target, target_word(event))
    if event.client != event.target:
        _add_reference(page, Key.CLIENT, event.client)
    _add_hostile(page, event)


def _add_hostile(page: _Page, event: Event) -> None:
    """Which fields hold what is shown as pictures of itself; from this row one goes to all such events."""
    words = hostile_words(event)
    if words is not None:
        page.value(f"{HOSTILE_MARK} hostile", words, Role.MUTED, Clause(Key.HAS, (Presence.HOSTILE,)))


def _add_context(page: _Page, event: Event, zone: ZoneInfo) -> None:
    """From where, by which way, and what the log knows of the record itself."""
    for key, label, text in (
        (Key.IP, "address", event.ip),
        (Key.TOKEN, "token", event.token),
        (Key.SERVICE, "service", event.service),
        (Key.SESSION, "session", event.session_id),
        (Key.REQUEST, "request", event.request_id),
    ):
        if text is not None:
            page.value(label, text, clause=literal_clause(key, text))
    if event.user_agent is not None:
        page.value("user agent", event.user_agent)
    if event.duration_ms is not None:
        page.value("duration", f"{count_text(event.duration_ms)} ms")
    if event.type != UNREADABLE:
        page.value("type", event.type, clause=literal_clause(Key.TYPE, event.type))
    if event.source is not None:
        page.value("imported from", f"{event.source.name}, there {event.source.identity}")
    page.value("recorded", instant_text(event.recorded_at, zone), copied=to_text(event.recorded_at))
    page.value("id", str(event.id), clause=literal_clause(Key.ID, str(event.id)))


def _add_reference(page: _Page, key: Key, reference: Reference | None, label: str | None = None) -> None:
    """A row on somebody or something, by default under the word by which a query asks for it."""
    if reference is None:
        return
    parts = [reference.label]
    if reference.name is not None and reference.id is not None:
        parts.append(reference.id)
    kind = field_text(reference.type) if reference.type != label else None
    text = f" {glyphs().dot} ".join(parts) + (f"  ({kind})" if kind and kind != reference.label else "")
    _add_named(page, label or str(key), text, Role.TEXT, key, reference)


def _add_named(page: _Page, label: str, text: str, role: Role, key: Key, reference: Reference) -> None:
    name = reference.name if reference.id is not None else None
    copied = reference.id or reference.label
    page.value(label, text, role, reference_clause(key, reference), copied=copied, name=name)


def _add_change(page: _Page, change: Change) -> None:
    label = field_text(change.field)
    if isinstance(change.before, list) and isinstance(change.after, list):
        lists = ListChange.between(change.before, change.after)
        for sign, items, role in (
            (f"{glyphs().removed} ", lists.removed, Role.BEFORE),
            ("+ ", lists.added, Role.AFTER),
            ("  ", lists.kept, Role.MUTED),
        ):
            for item in items:
                page.value(label, sign + value_text(item), role, copied=value_text(item))
                label = ""
        if not change.before and not change.after:
            page.value(label, "(empty)", Role.MUTED)
        return
    before, after = value_text(change.before), value_text(change.after)
    page.value(label, f"{glyphs().removed} {before}", Role.BEFORE, copied=before)
    page.value("", f"+ {after}", Role.AFTER, copied=after)


def _add_data(page: _Page, name: str, value: Json) -> None:
    if isinstance(value, dict) and value:
        lines = _json_lines(value)[1:-1]
        page.value(field_text(name), lines[0].removeprefix("  ") if lines else "")
        for line in lines[1:_MOST_LINES]:
            page.value("", line.removeprefix("  "))
    else:
        page.value(field_text(name), value_text(value))


def _add_json(page: _Page, record: Mapping[str, Json]) -> None:
    left = _MOST_CHARACTERS_IN_ALL
    for text in _json_lines(record)[:_MOST_LINES]:
        if left <= 0:
            return
        left -= min(len(text), _MOST_CHARACTERS) + _ROW_COST
        for part in _wrapped(text, page.width - 3):
            page.add((Line(page.width).at(_LABEL_AT).add(part, Role.MUTED).row(),), None, text.strip())


def _add_links(page: _Page, event: Event) -> None:
    page.heading("Go to")
    _add_named(page, "all by", event.actor.label, Role.LINK, Key.ACTOR, event.actor)
    if event.client is not None:
        _add_named(page, "all on", event.client.label, Role.LINK, Key.CLIENT, event.client)
    if event.target is not None and (event.client is None or event.target.id != event.client.id):
        _add_named(page, "all on", event.target.label, Role.LINK, Key.TARGET, event.target)
    if event.ip is not None:
        page.value("all from", event.ip, Role.LINK, literal_clause(Key.IP, event.ip))
    if event.session_id is not None:
        page.value("this session", event.session_id, Role.LINK, literal_clause(Key.SESSION, event.session_id))


def _add_proof(page: _Page, event: Event, zone: ZoneInfo) -> None:
    """How it stands and what that means; if it was erased, by whom, when and why, and the event that tells it."""
    role = Role.FAILURE if event.seal is Seal.ALTERED else Role.TEXT
    page.value("state", state_text(event), role)
    erasure = event.erasure
    if erasure is None:
        return
    _add_reference(page, Key.ACTOR, erasure.by, "erased by")
    page.value("erased", instant_text(erasure.at, zone), copied=to_text(erasure.at))
    if erasure.reason:
        page.value("because", erasure.reason)
    page.value("told by", str(erasure.told_by), Role.LINK, literal_clause(Key.ID, str(erasure.told_by)))


def _json_lines(value: Mapping[str, Json]) -> list[str]:
    """A record as indented JSON; `splitlines` would also break at U+2028 and the like within a value, and drop them."""
    return plain_json(dict(value), indented=True).split("\n")


def _wrapped(text: str, cells: int) -> list[str]:
    """Safe text in lines; what is too long to be read here is cut, and says so."""
    shown = safe(text, limit=_MOST_CHARACTERS)
    if len(text) > _MOST_CHARACTERS:
        shown += f" ({len(text):,} characters in all)"
    return wrap(shown, max(cells, 8))

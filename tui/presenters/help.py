"""The help: the keys of what had the focus, the query language, the marks on a card, and all other keys."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from data.query import REFERENCE, Key
from data.query.model import TIME_KEYS
from data.query.reference import WRITING, reference_of
from data.records import Outcome
from tui.glyphs import glyphs
from tui.keymap import ACTIONS, Scope, shown_keys
from tui.permitted import may
from tui.presenters.card import FLAG, outcome_mark
from tui.presenters.hostile_mark import HOSTILE_MARK
from tui.presenters.pieces import Line, Piece, Role, Row
from tui.terminal import cells_of, safe, wrap

_TEXT_AT = 3
_HELP_AT = 22
_MARKS_AT = 12
_ASKS_AT = 34
# Less wide, what a query asks stands below its example.
_ASKS_BESIDE_FROM = 76
_TWO_COLUMNS_FROM = 120


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading and its rows for any width."""

    name: str
    rows: Callable[[int], list[Row]]
    is_here: bool = False


def help_rows(width: int, near: Sequence[Scope] = (), remarks: Sequence[str] = ()) -> list[Row]:
    """Rows of the help, `width` cells wide, in two columns where there is room.

    `near` are the scopes of what had the focus, which come first; `remarks` are sentences on the person's own keys.
    """
    sections = _sections(near, remarks)
    if width < _TWO_COLUMNS_FROM:
        return _column([_section(one, width) for one in sections])
    half = width // 2
    made = [_section(one, half) for one in sections]
    columns = [(_column(made[:at]), _column(made[at:])) for at in range(1, len(made))]
    return _beside(*min(columns, key=lambda pair: max(map(len, pair))), half)


def _sections(near: Sequence[Scope], remarks: Sequence[str]) -> list[_Section]:
    here = sorted(near, key=lambda scope: scope is Scope.MOVING)  # what is known soonest comes last
    query = [
        _Section("Queries", _query_rows),
        _Section("Times in queries", lambda width: _asked_rows(width, TIME_KEYS) + _time_rows(width)),
    ]
    marks = _Section("Marks on a card", _mark_rows)
    first = 1 if here[:1] == [Scope.TEXT] else len(here)  # who writes a query looks for how to write it
    found = [_keys_section(scope, is_here=scope not in (Scope.EVERYWHERE, Scope.MOVING)) for scope in here]
    found[first:first] = query
    found.append(marks)
    found += [
        _keys_section(scope)
        for scope in Scope
        if scope not in here and any(a.scope is scope and may(a.needed) for a in ACTIONS)
    ]
    if remarks:
        found.insert(0, _Section("Your keys", lambda width: _sentences(remarks, width, Role.DENIED)))
    return found


def _keys_section(scope: Scope, *, is_here: bool = False) -> _Section:
    def rows(width: int) -> list[Row]:
        found: list[Row] = []
        for action in ACTIONS:
            if action.scope is scope and may(action.needed):
                keys = " ".join(shown_keys(action.id)) or "no key"
                found += _entry(keys, action.help, width, _HELP_AT)
        return found

    return _Section(scope.value, rows, is_here)


def _query_rows(width: int) -> list[Row]:
    rows = _sentences(WRITING, width, Role.TEXT)
    return [*rows, (), *_asked_rows(width, {entry.key for entry in REFERENCE} - set(TIME_KEYS))]


def _asked_rows(width: int, keys: Collection[Key]) -> list[Row]:
    """An example of each of these keys, and what it asks."""
    rows: list[Row] = []
    for entry in REFERENCE:
        if entry.key not in keys:
            continue
        asks = entry.asks
        if entry.choices and entry.key not in TIME_KEYS:
            asks += f" {entry.hint}"
        if width >= _ASKS_BESIDE_FROM:
            rows += _entry(entry.example, asks, width, _ASKS_AT)
        else:
            rows.append(Line(width).at(_TEXT_AT).add(entry.example, Role.ACCENT).row())
            rows += _wrapped(asks, width, _TEXT_AT + 2, Role.TEXT)
    return rows


def _time_rows(width: int) -> list[Row]:
    return _sentences([f"{key.value}: {reference_of(key).hint}" for key in (Key.DURING, Key.LAST)], width, Role.MUTED)


def _mark_rows(width: int) -> list[Row]:
    signs = glyphs()
    marks = (
        (signs.selection, "where the cursor is"),
        (FLAG, "you marked it"),
        (outcome_mark(Outcome.DENIED), "it was denied"),
        (outcome_mark(Outcome.FAILURE), "it failed"),
        (signs.altered, "what is stored of it was altered"),
        (signs.erased, "it was erased, or its personal part"),
        (HOSTILE_MARK, "it holds control or format characters, which are shown as what they are"),
        (f"a {signs.arrow} b", "a value before and after"),
        (f"{signs.removed} a  + b", "taken out of a list, put into it"),
        ("+3 more", "rows that only the open card has room for"),
        (f"5  {signs.folded}", "so many values, folded away"),
        ("/ 23 more", "more values: look through them all, or for one"),
        ("[ ]", "a filter's value that is not asked for"),
        ("[x]", "only this value"),
        ("[-]", "without this value"),
        ("[~]", "paused: kept, and not applied"),
    )
    return [row for mark, meaning in marks for row in _entry(mark, meaning, width, _MARKS_AT + _TEXT_AT)]


def _sentences(texts: Sequence[str], width: int, role: Role) -> list[Row]:
    return [row for text in texts for row in _wrapped(text, width, _TEXT_AT, role)]


def _wrapped(text: str, width: int, at: int, role: Role) -> list[Row]:
    return [Line(width).at(at).add(part, role).row() for part in wrap(safe(text), max(width - at - 1, 10))]


def _entry(head: str, text: str, width: int, at: int) -> list[Row]:
    """A head, and the text beside it on as many rows as it takes."""
    first, *others = wrap(safe(text), max(width - at - 1, 10))
    line = Line(width).at(_TEXT_AT).add(head, Role.ACCENT).add(" ").at(at)
    return [line.add(first, Role.TEXT).row(), *(Line(width).at(at).add(part, Role.TEXT).row() for part in others)]


def _section(section: _Section, width: int) -> list[Row]:
    """Its heading, its rows and a blank one."""
    heading = Line(width).at(1).add(section.name, Role.TITLE, bold=True)
    if section.is_here:
        heading.add("  here", Role.FAINT)
    return [heading.row(), *section.rows(width), ()]


def _column(sections: Sequence[Sequence[Row]]) -> list[Row]:
    return [row for section in sections for row in section][:-1]


def _beside(left: Sequence[Row], right: Sequence[Row], width: int) -> list[Row]:
    """Two columns, the left one `width` cells wide."""
    rows: list[Row] = []
    for number in range(max(len(left), len(right))):
        row = left[number] if number < len(left) else ()
        if number < len(right) and right[number]:
            used = sum(cells_of(piece.text) for piece in row)
            row = (*row, Piece(" " * (width - used)), *right[number])
        rows.append(row)
    return rows

"""A dimension in the sidebar: its heading, its values with their counts, and what one looks for among them."""

from collections.abc import Collection, Sequence

from data.answers import Dimension, Facet, FacetValue
from data.query import Key, Pattern, Value
from data.query.editing import Choice
from data.records import Outcome
from tui.glyphs import glyphs
from tui.keymap import key_of, keys_of
from tui.presenters.names import told_apart
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.sidebar_plan import Heading
from tui.presenters.sidebar_state import BoxKey, MoreKey, SidebarRow, SidebarState, ValueKey
from tui.presenters.values import count_text
from tui.reading.narrowing import Narrowing
from tui.terminal import safe

BOX_AT, BOX_END = 5, 8
"""Where the box for what one looks for begins, and how many cells before the sidebar's end it ends."""

_SHORT_LIST = 4
_NAME_AT = 5
_BOXES = {Choice.OFF: "[ ]", Choice.ONLY: "[x]", Choice.WITHOUT: "[-]"}
_ROLES = {Choice.OFF: Role.MUTED, Choice.ONLY: Role.ACCENT, Choice.WITHOUT: Role.DENIED}


def dimension_rows(state: SidebarState, heading: Heading, width: int) -> list[SidebarRow]:
    """All rows of a dimension, `width` cells wide; only one if it is folded."""
    dimension = heading.dimension
    facet = state.facets.get(dimension)
    is_pending = facet is None or dimension in state.pending
    named = _named(state, dimension)
    narrowing = state.narrowing
    if narrowing is not None and narrowing.dimension is dimension:
        top = SidebarRow((heading_row(heading.name, heading.letter, _words_on(state, dimension), width),))
        return [top, *_narrowed_rows(state, narrowing, facet, named, width)]
    kept = state.kept if state.kept is not None and state.kept.dimension is dimension else None
    if heading.is_folded and not named and kept is None:
        number = glyphs().pending if facet is None or is_pending else _distinct_text(facet)
        row = heading_row(heading.name, heading.letter, f"{number}  {glyphs().folded}", width, Role.FAINT)
        return [SidebarRow((row,), MoreKey(dimension))]
    top = SidebarRow((heading_row(heading.name, heading.letter, _words_on(state, dimension), width),))
    shown = _shown_values(dimension, facet, named, None if kept is None else kept.value)
    rows = _value_rows(state, dimension, shown, width, pending=is_pending, uncounted=_uncounted_among(facet, kept))
    hidden = 0 if facet is None else facet.distinct - sum(value.count > 0 for value in shown)
    if facet is not None and (hidden > 0 or facet.has_more_distinct):
        number = glyphs().pending if is_pending else _hidden_text(facet, hidden)
        return [top, *rows, _more_row(f"/ {number} more", dimension, width)]
    if not shown:
        return [top, _more_row(glyphs().pending if is_pending else "none", dimension, width)]
    return [top, *rows]


def heading_row(name: str, letter: int | None, right: str, width: int, role: Role = Role.ACCENT) -> Row:
    """A heading with one letter underlined, and words at its right."""
    line = Line(width).at(1)
    if letter is None:
        line.add(name, Role.MUTED, bold=True)
    else:
        key = name[letter].lower()
        jumps = key in keys_of(f"sidebar.jump_{key}")
        line.add(name[:letter], Role.MUTED, bold=True).add(name[letter], Role.MUTED, bold=True, underline=jumps)
        line.add(name[letter + 1 :], Role.MUTED, bold=True)
    return line.right(right, role, end=width - 1).row() if right else line.row()


def on_and_paused(on: int, paused: int) -> str:
    """`2 on, 1 paused`; what there is none of is left out."""
    return ", ".join(f"{number} {word}" for number, word in ((on, "on"), (paused, "paused")) if number)


def boxed(width: int, choice: Choice, *, paused: bool) -> Line:
    """The beginning of a row with a box: what is said about the thing, and for a paused one, how it would be applied."""
    if not paused:
        return Line(width).at(1).add(_BOXES[choice], _ROLES[choice], bold=choice is not Choice.OFF).at(_NAME_AT)
    line = Line(width).at(1).add("[~]", Role.MUTED, bold=True).at(_NAME_AT)
    return line.add("- ", Role.DENIED) if choice is Choice.WITHOUT else line


def _named(state: SidebarState, dimension: Dimension) -> list[Value]:
    """The values that the query asks for or excludes, and then those that are paused."""
    clauses = (*state.filtering.query.clauses, *state.filtering.paused)
    return list(dict.fromkeys(value for clause in clauses if clause.key == Key(dimension) for value in clause.values))


def _words_on(state: SidebarState, dimension: Dimension) -> str:
    named = _named(state, dimension)
    paused = sum(state.filtering.is_paused(Key(dimension), value) for value in named)
    return on_and_paused(len(named) - paused, paused)


def _shown_values(
    dimension: Dimension, facet: Facet | None, named: list[Value], kept: Value | None
) -> list[FacetValue]:
    """Named values first, then the most frequent; outcomes always all three, in their own order."""
    known = {} if facet is None else {value.value: value for value in facet.values}
    if dimension is Dimension.OUTCOME:
        outcomes = [Pattern.literal(outcome.value) for outcome in Outcome]
        others = [value for value in named if value not in outcomes]
        return [known.get(value) or _uncounted(value) for value in (*outcomes, *others)]
    first = [known.get(value) or _uncounted(value) for value in named]
    others_known = [value for value in known.values() if value.value not in named]
    shown = first + others_known[:_SHORT_LIST]
    if kept is not None and all(value.value != kept for value in shown):
        shown.append(known.get(kept) or _uncounted(kept))
    return shown


def _uncounted_among(facet: Facet | None, kept: ValueKey | None) -> Collection[Value]:
    """The value under the cursor, if it was not there yet when the counts were asked for: that it has none is not known."""
    if facet is None or kept is None or kept.dimension is Dimension.OUTCOME:
        return ()
    return () if any(value.value == kept.value for value in facet.values) else (kept.value,)


def _uncounted(value: Value) -> FacetValue:
    return FacetValue("*".join(value.parts) if isinstance(value, Pattern) else str(value), value, 0)


def _narrowed_rows(
    state: SidebarState, narrowing: Narrowing, before: Facet | None, named: list[Value], width: int
) -> list[SidebarRow]:
    dimension = narrowing.dimension
    found = narrowing.found or before
    number = glyphs().pending if narrowing.is_pending or found is None else _distinct_text(found)
    box = Line(width).at(BOX_AT - 2).add("/", Role.ACCENT)
    if narrowing.is_given_up:  # what was found for another text must not be taken for this one's
        again = _note_row(f"{key_of('narrow.take')} looks again", width)
        return [SidebarRow((box.row(),), BoxKey(dimension)), again]
    box.right(number, Role.MUTED, end=width - 1)
    rows = [SidebarRow((box.row(),), BoxKey(dimension))]
    if found is None:
        return rows
    first = [value for value in found.values if value.value in named]
    shown = first + [value for value in found.values if value.value not in named]
    rows += _value_rows(state, dimension, shown, width, pending=narrowing.is_pending)
    unlisted = found.distinct - len(found.values)
    if not shown and not narrowing.is_pending:
        rows.append(_note_row("none has it" if narrowing.text else "none", width))
    elif unlisted > 0 and not narrowing.is_pending:
        rows.append(_note_row(f"{_hidden_text(found, unlisted)} not listed", width))
    return rows


def _distinct_text(facet: Facet) -> str:
    """How many different values there are, `1,000+` where no more are counted."""
    return count_text(facet.distinct) + ("+" if facet.has_more_distinct else "")


def _hidden_text(facet: Facet, hidden: int) -> str:
    """How many of them are not shown; of those that were not counted, it is only said that there are more than counted."""
    return _distinct_text(facet) if facet.has_more_distinct else count_text(hidden)


def _value_rows(
    state: SidebarState,
    dimension: Dimension,
    values: Sequence[FacetValue],
    width: int,
    *,
    pending: bool,
    uncounted: Collection[Value] = (),
) -> list[SidebarRow]:
    counts = [glyphs().pending if pending or value.value in uncounted else count_text(value.count) for value in values]
    filtering, key = state.filtering, Key(dimension)
    heads = [
        boxed(width, filtering.choice_of(key, value.value), paused=filtering.is_paused(key, value.value))
        for value in values
    ]
    rooms = [max(width - 2 - len(count) - head.used, 1) for count, head in zip(counts, heads, strict=True)]
    names = told_apart([(value.label, room) for value, room in zip(values, rooms, strict=True)])
    rows = []
    for value, count, line, name in zip(values, counts, heads, names, strict=True):
        choice = filtering.choice_of(key, value.value)
        paused = filtering.is_paused(key, value.value)
        is_counted = not pending and value.value not in uncounted
        quiet = (is_counted and value.count == 0) or choice is Choice.WITHOUT or paused
        asked_for = choice is Choice.ONLY and not paused
        line.add(name, Role.TITLE if asked_for else Role.FAINT if quiet else Role.TEXT, bold=asked_for)
        line.right(count, Role.FAINT if quiet else Role.MUTED, end=width - 1)
        beside = () if value.also is None else (_note(f"also {value.also}", width),)
        is_cut = name != safe(value.label, limit=len(name) + 1) or len(f"also {value.also}") > width - _NAME_AT
        full = value.label if value.also is None else f"{value.label}, also {value.also}"
        rows.append(SidebarRow((line.row(), *beside), ValueKey(dimension, value.value), full if is_cut else None))
    return rows


def _more_row(text: str, dimension: Dimension, width: int) -> SidebarRow:
    return SidebarRow((_note(text, width),), MoreKey(dimension))


def _note_row(text: str, width: int) -> SidebarRow:
    return SidebarRow((_note(text, width),))


def _note(text: str, width: int) -> Row:
    return Line(width).at(_NAME_AT).add(text, Role.FAINT).row()

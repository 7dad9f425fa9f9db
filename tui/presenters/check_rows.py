"""What can be ticked in a field of a form: one row each, under their headings, narrowed by what one types."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tui.presenters.form import listed
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import NOT_SET, count_text
from tui.terminal import cells_of, safe

_MOST_NAME_CELLS = 40
_MOST_NAMED = 12
_HEADINGS_BESIDE = 64
"""From so many cells on headings stand beside their rows, not above them."""
_WIDE, _HEAD_AT = 100, 4


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to tick: `remark` says what it means, `heading` stands above the first that has it.

    With a `refusal` it cannot be ticked, for the reason that this says; what was ticked before can be unticked, and
    ticked again, unless it `is_fixed`.
    """

    id: str
    name: str
    remark: str = ""
    heading: str = ""
    refusal: str | None = None
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A row, and the id of what one ticks with it; a heading has none."""

    row: Row
    id: str | None = None


def arranged(options: Sequence[Option], ticked: Collection[str]) -> tuple[Option, ...]:
    """Those that are ticked first, so that they are seen without looking for them; under headings, all as they are."""
    if any(option.heading for option in options):
        return tuple(options)
    return tuple(sorted(options, key=lambda option: option.id not in ticked))


def narrowed(options: Sequence[Option], typed: str) -> tuple[Option, ...]:
    """Those that have what was typed in their name, remark or heading, whatever the case; blanks count for nothing."""
    looked_for = _bare(typed)
    return tuple(one for one in options if looked_for in _bare(f"{one.name} {one.remark} {one.heading}"))


def check_rows(options: Sequence[Option], ticked: Collection[str], width: int, at: int) -> Iterator[CheckRow]:
    """The rows of these options, their boxes at cell `at` or, where headings stand before them, further right."""
    headings = [option.heading for option in options if option.heading]
    beside = bool(headings) and width >= _HEADINGS_BESIDE
    head_at = at if width >= _WIDE else min(at, _HEAD_AT)
    box_at = head_at + max(map(cells_of, headings)) + 2 if beside else at
    name_at = box_at + 4
    longest = max((cells_of(safe(option.name, limit=_MOST_NAME_CELLS)) for option in options), default=0)
    remark_at = name_at + min(longest, _MOST_NAME_CELLS, max((width - name_at) // 2, 1)) + 2
    heading = ""
    for option in options:
        line = Line(width)
        if option.heading != heading:
            heading = option.heading
            line.at(head_at).add(heading, Role.MUTED, bold=True)
            if not beside:
                yield CheckRow(line.row())
                line = Line(width)
        yield CheckRow(_option_row(option, option.id in ticked, line.at(box_at), remark_at), option.id)


def ticked_words(options: Sequence[Option], ticked: Collection[str]) -> str:
    """`2 of 14: Reviewer and Support`."""
    names = [option.name for option in options if option.id in ticked]
    number = f"{count_text(len(names))} of {count_text(len(options))}"
    if not names:
        return f"none of {count_text(len(options))}" if options else ""
    more = [f"{count_text(len(names) - _MOST_NAMED)} more"] if len(names) > _MOST_NAMED else []
    return f"{number}: {listed([*names[:_MOST_NAMED], *more])}"


def ticked_names(options: Sequence[Option] | None, text: str) -> str:
    """The names of those that a field's text names, or without `options` the text, as they are read on one line."""
    if options is None:
        return text or NOT_SET
    ids = frozenset(text.split())
    return ", ".join(option.name for option in options if option.id in ids) or NOT_SET


def _option_row(option: Option, is_ticked: bool, line: Line, remark_at: int) -> Row:
    refused = option.refusal is not None
    line.add("[x]" if is_ticked else "[ ]", Role.FAINT if refused else Role.ACCENT if is_ticked else Role.MUTED)
    role = Role.FAINT if refused else Role.TITLE if is_ticked else Role.TEXT
    line.add(" ").add(option.name, role, bold=is_ticked and not refused, until=remark_at - 2)
    remark = option.remark if option.refusal is None else option.refusal
    return line.at(remark_at).add(remark, Role.FAINT if refused else Role.MUTED, until=line.width - 1).row()


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()

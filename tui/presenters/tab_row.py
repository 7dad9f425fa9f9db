"""A row of tabs by their names: the current one bold and underlined, a number or a sign beside those that have one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of

_BEGIN, _BETWEEN = 1, 2


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the name of a tab; what `warns` is drawn so that it is seen."""

    text: str
    warns: bool = True


def tab_row(
    names: Sequence[str], current: str, keys: str, width: int, beside: Mapping[str, Beside] | None = None
) -> Row:
    """All tabs; `keys` is how one goes on to the next, `beside` by the tabs' names."""
    line = Line(width).at(_BEGIN)
    for number, name in enumerate(names):
        line.add(" " * _BETWEEN if number else "")
        is_current = name == current
        line.add(name, Role.TITLE if is_current else Role.MUTED, bold=is_current, underline=is_current)
        sign = (beside or {}).get(name)
        if sign is not None:
            line.add(" ").add(sign.text, Role.DENIED if sign.warns else Role.FAINT, bold=sign.warns)
    if line.room > len(keys) + 8:
        line.right(keys, Role.ACCENT, end=width - len(" tabs") - 1).add(" tabs", Role.MUTED)
    return line.row()


def name_at(names: Sequence[str], cell: int, beside: Mapping[str, Beside] | None = None) -> str | None:
    """The name of the tab at this cell of the row; None beside them. What stands beside a name belongs to it."""
    begin = _BEGIN
    for name in names:
        sign = (beside or {}).get(name)
        width = cells_of(name) + (0 if sign is None else 1 + cells_of(sign.text))
        if begin <= cell < begin + width:
            return name
        begin += width + _BETWEEN
    return None

"""The texts of invitations that are passed on by hand, one below the other; the codes in them are drawn nowhere else."""

from collections.abc import Collection, Iterator, Mapping

from tui.presenters.pieces import Line, Role, Row
from tui.terminal import safe, wrap

_AT = 2
_ONCE = "These texts are shown this once, and their codes are kept nowhere."


def invitation_items(
    texts: Mapping[str, str], sent: Collection[str], width: int
) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """By address: whom it is for, whether it was sent to the terminal, and the text as it is."""
    room = max(width - 2 * _AT - 2, 1)
    for number, (address, text) in enumerate(texts.items()):
        rows = [] if number else [*_wrapped(_ONCE, _AT, Role.DENIED, width), ()]
        head = Line(width).at(_AT).add("To ", Role.MUTED).add(address, Role.TITLE, bold=True)
        rows.append(head.add("  sent to the terminal" if address in sent else "", Role.AFTER).row())
        for line in text.rstrip("\n").split("\n"):
            indent = len(line) - len(line.lstrip())
            role = Role.TITLE if indent else Role.TEXT
            for part in wrap(safe(line.strip()), max(room - indent, 1)) or [""]:
                rows.append(Line(width).at(_AT + 2 + indent).add(part, role, bold=bool(indent)).row())
        yield address, (*rows, ())


def _wrapped(text: str, at: int, role: Role, width: int) -> Iterator[Row]:
    for part in wrap(text, max(width - at - 1, 1)):
        yield Line(width).at(at).add(part, role).row()

"""The last row: the keys of what has the focus, whole entries only."""

from collections.abc import Collection, Mapping

from tui.keymap import Scope, footer, key_of, keys_of
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of, safe
from tui.widgets.one_row import OneRow

_HELP_WORDS = "all keys"
# Where its key is text, or nothing but what is asked for is to be done.
_WITHOUT_HELP = frozenset(
    {
        Scope.TEXT,
        Scope.NARROW,
        Scope.HELP,
        Scope.FORM,
        Scope.CHECKS,
        Scope.REASON,
        Scope.TOKEN,
        Scope.HAND_OVER,
        Scope.RULE,
        Scope.PLACE,
    }
)


class KeyBar(OneRow):
    """Keys and words, as many as fit; how to see all of them stands at the right."""

    background_role = "header"

    def __init__(self, lacks: Collection[str] = (), *, id: str | None = None) -> None:
        """`lacks` are actions that mean nothing on this screen."""
        super().__init__(id=id)
        self._lacks = lacks
        self._here: tuple[Collection[str], Mapping[str, str]] = (), {}
        self._scope = Scope.DECK
        self._notice: str | None = None
        self._shorter: tuple[str, ...] = ()
        self._notice_role = Role.DENIED
        self._told: str | None = None

    def show_scope(self, scope: Scope) -> None:
        """The keys of another scope; a notice stays, for the focus also moves when an answer comes in."""
        if scope is not self._scope:
            self._scope = scope
            self.refresh()

    def show_meaning(self, lacks: Collection[str], words: Mapping[str, str]) -> None:
        """What the keys mean where one is on the screen: actions that mean nothing there, and the words of others."""
        if (lacks, words) != self._here:
            self._here = lacks, words
            self.refresh()

    def show_notice(self, text: str, *shorter: str, role: Role = Role.DENIED) -> None:
        """Say this instead, until `clear_notice`; where it has no room, the first of the shorter texts that has."""
        self._notice, self._shorter, self._notice_role = text, shorter, role
        self.refresh()

    def tell(self, text: str | None, role: Role) -> None:
        """`show_notice`, or with None take away what was told; another notice stays."""
        if text is not None:
            self.show_notice(text, role=role)
        elif self._notice == self._told:
            self.clear_notice()
        self._told = text

    def clear_notice(self) -> None:
        """Show the keys again."""
        if self._notice is not None:
            self._notice = None
            self.refresh()

    def make_row(self, width: int) -> Row:
        line = Line(width).at(1)
        if self._notice is not None:
            texts = (self._notice, *self._shorter)
            fitting = (text for text in texts if cells_of(safe(text, limit=width)) < width)
            return line.add(next(fitting, texts[-1]), self._notice_role).row()
        lacks, here = self._here
        has_help = self._scope not in _WITHOUT_HELP and keys_of("app.help")
        help_key = key_of("app.help") if has_help else ""
        help_room = len(f"{help_key} {_HELP_WORDS}") + 2 if help_key else 0
        for number, (keys, words) in enumerate(footer(self._scope, {*self._lacks, *lacks}, here)):
            needed = len(keys) + 1 + len(words) + (2 if number else 0)
            if line.used + needed > width - 1 - help_room:
                break
            line.add("  " if number else "").add(keys, Role.ACCENT).add(f" {words}", Role.MUTED)
        if help_room:
            line.at(width - help_room + 1).add(help_key, Role.ACCENT).add(f" {_HELP_WORDS}", Role.MUTED)
        return line.row()

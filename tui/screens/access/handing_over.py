"""Invitations that are passed on by hand: their texts, each with its code, shown once. Then nothing of them stays here."""

import os
from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult

from data.access.joining import Invited
from tui.clipboard import Between, between, refusal
from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import Choice
from tui.presenters.invitation_texts import invitation_items
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text
from tui.typed_ahead import TypedAhead
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.prompts import Prompts
from tui.widgets.row_pane import PaneItem, RowPane


class _Title(OneRow):
    background_role = "header"

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self._addresses = addresses

    def make_row(self, width: int) -> Row:
        number = len(self._addresses)
        what = "1 invitation" if number == 1 else f"{count_text(number)} invitations"
        line = Line(width).at(1).add(what, Role.TITLE, bold=True)
        return line.add("  ").add("to be passed on by hand: no mail is set up", Role.MUTED).row()


class _Texts(RowPane):
    BINDINGS = bindings(Scope.MOVING, Scope.HAND_OVER)
    shows_secrets = True


class HandingOverScreen(PaintedScreen[str]):
    """Dismissed with what became of them, a sentence. There is no other way out of it than to close it."""

    AUTO_FOCUS = "_Texts"
    CSS_PATH = "../../styles/forms.tcss"
    BINDINGS = bindings(Scope.HAND_OVER, ids=())

    def __init__(self, invited: Sequence[Invited]) -> None:
        super().__init__()
        self._addresses = tuple(one.invitation.email for one in invited)
        self._texts = {one.invitation.email: one.text for one in invited if one.text is not None}
        self._sent: set[str] = set()
        self._ahead = TypedAhead(self)
        self._is_early = True
        self._pane = _Texts()
        self._keys = KeyBar()
        self._prompts = Prompts(self._keys, self._focus_again)

    def compose(self) -> ComposeResult:
        yield _Title(self._addresses)
        yield self._pane
        yield self._prompts

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.HAND_OVER)
        self._ahead.begin()

    def on_unmount(self) -> None:
        self._forget()

    def on_resize(self) -> None:
        self._show()

    # Keys.

    def action_copy_invitation(self) -> None:
        address = self._pane.current_key
        if not self._is_early and isinstance(address, str) and address in self._texts:
            self._send([address], f"Sent to the terminal: the invitation of {address}")

    def action_copy_invitations(self) -> None:
        if not self._is_early and self._texts:
            number = count_text(len(self._texts))
            self._send(list(self._texts), f"Sent to the terminal: {number} texts, one below the other")

    def action_close_invitations(self) -> None:
        if self._is_early:
            return
        left = len(self._texts) - len(self._sent)
        of_these = "" if not left else " One of them was not copied." if left == 1 else f" {left} were not copied."
        choices = [
            Choice("g", "go on", f"They stay in sight.{of_these}", False),
            Choice("c", "close", "The codes are shown no more; sending an invitation again makes a new one.", True),
        ]
        self._prompts.ask("Are they passed on?", choices, self._close)

    # The rest.

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        self._keys.show_scope(self._prompts.scope or Scope.HAND_OVER)

    def on_key(self, event: events.Key) -> None:
        self._is_early = self._ahead.holds(event)
        self._keys.clear_notice()

    def _send(self, addresses: list[str], said: str) -> None:
        text = "\n\n".join(f"To: {address}\n\n{self._texts[address]}" for address in addresses)
        why_not = refusal(text, os.environ)
        if why_not is not None:
            self._keys.show_notice(f"Not copied: {why_not}. Select it with the mouse.")
            return
        self.app.copy_to_clipboard(text)
        way = between(os.environ)
        through = "" if way is Between.NOTHING else f" (through {way})"
        self._sent |= set(addresses)
        self._show()
        self._keys.show_notice(f"{said}{through}.")

    def _show(self) -> None:
        items = invitation_items(self._texts, self._sent, self.size.width)
        self._pane.show_items([PaneItem(rows, address) for address, rows in items])

    def _close(self, is_sure: bool) -> None:
        if not is_sure:
            return
        number = len(self._addresses)
        again = f"{key_of('access.again')} sends an invitation again, with a new code."
        who = self._addresses[0] if number == 1 else f"{count_text(number)} people"
        self._forget()
        self.dismiss(f"Invited {who}. {again}")

    def _forget(self) -> None:
        """Let nothing of the codes stay: not here, and not in what the application would paste."""
        if any(text in self.app.clipboard for text in self._texts.values()):
            self.app._clipboard = ""  # what the terminal was sent it keeps
        self._texts = {}
        self._show()

    def _focus_again(self) -> None:
        self.set_focus(self._pane)

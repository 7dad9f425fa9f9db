"""A box for one line of text in which nothing that is pasted or edited drives the terminal."""

from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from data.hostile import made_visible
from data.tokens import PREFIX, without_secrets
from tui.glyphs import glyphs
from tui.keymap import Scope, bindings
from tui.terminal import cells_of, safe
from tui.widgets.still_size import still_size

_MOST_PASTED = 4096
_SETTLED_S = 1.0
"""At the latest so long after `enter` letters are for this box again."""


class SafeInput(Input):
    """Every letter is text; only enter and escape mean something else."""

    BINDINGS = bindings(Scope.TEXT)
    # White and black may be what the terminal has anyway: there the cursor is the text reversed. The selection is so
    # everywhere: the box that has the focus has the very ground that a selection would have.
    DEFAULT_CSS = """
    SafeInput:ansi > .input--cursor {
        background: ansi_default;
        color: ansi_default;
    }
    SafeInput > .input--selection {
        text-style: reverse;
    }
    """

    # Whatever is typed, the box is as wide as it was: nothing around it has to be laid out anew.
    virtual_size = still_size()
    # A cursor that blinks is a packet twice a second over SSH, for as long as the box is open.
    cursor_blink = reactive(False, init=False)

    waits_after_enter = False
    """Whether letters behind an `enter` wait until it is clear where it leads: until the focus is elsewhere, or `settle`."""

    _held: list[events.Key] | None = None

    class Abandoned(Message):
        """What was there before shall stand again."""

    class Reduced(Message):
        """Of what was pasted a secret was left out; `pasted` is to be judged at once, and neither shown nor kept."""

        def __init__(self, pasted: str) -> None:
            super().__init__()
            self.pasted = pasted

    async def _on_key(self, event: events.Key) -> None:
        """Take a letter; one that comes behind `enter`, over a slow line in the same piece, is not part of what is asked."""
        if self._held is not None and (self._held or event.is_printable):
            event.stop()
            event.prevent_default()
            self._held.append(event)
            return
        if event.key == "enter" and self.waits_after_enter:
            self._held = []
            self.set_timer(_SETTLED_S, self.settle)
        await super()._on_key(event)

    def on_blur(self) -> None:
        self.settle()

    def settle(self) -> None:
        """Give what came behind `enter` to whatever has the focus now: the deck, or this box if it is still to be edited."""
        held, self._held = self._held, None
        for key in held or ():
            self.app.post_message(events.Key(key.key, key.character))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """No key is kept from the widgets around by its name.

        Textual asks this with the default keys, before it puts the person's in their place: an action that was moved
        from a character to ctrl+f would be lost here. Characters reach none of them in any case: they are inserted.
        """
        return False

    def action_abandon(self) -> None:
        self.post_message(self.Abandoned())

    def cells_before(self, position: int) -> int:
        """The width of the text before a character, as it is drawn."""
        return cells_of(_drawn(self.value[:position]))

    @property
    def _value(self) -> Text:
        # Textual draws the text as it is. What is edited can hold any value of the log: here too nothing may drive the terminal.
        return Text(_drawn(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return self.cells_before(position)

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted, made visible and on one line, as much of it as there is room for; of a token its public id."""
        event.prevent_default()
        event.stop()
        room = (self.max_length or _MOST_PASTED) - len(self.value)
        # More than there is room for is not looked at: a paste can be of any size.
        parts = [part.strip() for part in event.text[: 2 * _MOST_PASTED].splitlines() if part.strip()]
        # A token that a narrow terminal broke over two lines must not leave its second half.
        pasted = ("" if any(PREFIX in part for part in parts) else " ").join(parts)
        line = without_secrets(pasted)
        if room > 0 and line:
            self.insert_text_at_cursor(made_visible(line[:room])[:room])
        if line != pasted:
            self.post_message(self.Reduced(pasted))

    async def action_submit(self) -> None:
        """Submit what stands here, of a token its public id: a terminal may send what is pasted as if it were typed."""
        plain = without_secrets(self.value)
        if plain != self.value:
            self.value = plain
        await super().action_submit()

    def action_paste(self) -> None:
        """The same of what was copied here."""
        self.on_paste(events.Paste(self.app.clipboard))


def _drawn(text: str) -> str:
    """The text, character by character: one that could drive the terminal has a stand-in, so that places stay as they are."""
    if safe(text) == text:
        return text
    return "".join(shown if len(shown) == 1 else glyphs().stand_in for shown in map(safe, text))

"""An application whose screens give way to one sentence while the terminal is too small for them."""

from typing import TYPE_CHECKING, Any

from textual.geometry import Size
from textual.screen import Screen

from tui.screens.too_small import TooSmallScreen, is_too_small
from tui.terminal_app import TerminalApp

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete


class SizeWatchingApp(TerminalApp):
    """The sentence stays on top of whatever is opened or closed meanwhile: answers come while nothing can be shown.

    Textual takes the topmost screen away, whichever it is that ends: it would be the sentence in place of a form, and a
    new token in place of the form whose saving has made it.
    """

    def see_to_size(self, size: Size) -> None:
        """Cover the screens of this mode if the terminal is too small for them, and uncover them if it is not."""
        if is_too_small(size) and not self._is_covered:
            self._cover()
        elif self._is_covered and not is_too_small(size):
            self._uncover()

    def push_screen(self, screen: Any, *arguments: Any, **words: Any) -> Any:  # noqa: ANN401
        """As Textual's; what is too large for the terminal goes beneath the sentence."""
        if not self._is_covered:
            return super().push_screen(screen, *arguments, **words)
        self._uncover()
        pushed = super().push_screen(screen, *arguments, **words)
        self._cover()
        return pushed

    def pop_screen(self) -> "AwaitComplete":
        """As Textual's, of the screen beneath the sentence."""
        if not self._is_covered:
            return super().pop_screen()
        self._uncover()
        popped = super().pop_screen()
        self._cover()
        return popped

    @property
    def _is_covered(self) -> bool:
        stack: list[Screen[Any]] = self._screen_stack
        return bool(stack) and isinstance(stack[-1], TooSmallScreen)

    def _cover(self) -> None:
        super().push_screen(TooSmallScreen())

    def _uncover(self) -> None:
        super().pop_screen()

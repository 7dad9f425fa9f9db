"""A screen that is painted once for each key: when all that the key brought about has been done, and then at once."""

import asyncio
from collections.abc import Callable

from textual import events
from textual.screen import Screen, ScreenResultType

from tui.sparing_compositor import SparingCompositor

# A key has 10 ms until its first byte. What takes longer to be done is painted as far as it has come.
_PATIENCE_S = 0.004
# No more frames than two in so long: what a key changes is painted at once, and so is the answer that comes after it, but
# whatever changes all the time no more often than anybody could see.
_TWO_FRAMES_S = 2 / 60


class PaintingTurn:
    """Calls `paint` once after it was asked to, as soon as nothing else waits for its turn in the event loop.

    Textual paints with the first tick of a timer, whatever messages are still on their way from widget to widget: what
    those change was the key's second frame, 17 ms later.
    """

    def __init__(self, paint: Callable[[], None]) -> None:
        self._paint = paint
        self._is_asked = False
        self._asked_at = 0.0
        self._painted_at = (float("-inf"), float("-inf"))

    def ask(self) -> None:
        """Something has to be painted."""
        if not self._is_asked:
            self._is_asked = True
            loop = asyncio.get_running_loop()
            self._asked_at = max(loop.time(), self._painted_at[0] + _TWO_FRAMES_S)
            loop.call_at(self._asked_at, self._go_on) if self._asked_at > loop.time() else loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        if _is_busy(loop) and now < self._asked_at + _PATIENCE_S:
            loop.call_soon(self._go_on)
            return
        self._is_asked = False
        self._painted_at = self._painted_at[1], now
        self._paint()


class PaintedScreen(Screen[ScreenResultType]):
    """What every screen of the console is."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = SparingCompositor()
        self._turn = PaintingTurn(self._paint)

    async def _on_idle(self, event: events.Idle) -> None:
        event.prevent_default()  # Textual would wait for its timer
        if self._has_to_be_painted and not self.app._batch_count and self.is_current:
            self._turn.ask()
        else:
            await self._invoke_and_clear_callbacks()

    @property
    def _has_to_be_painted(self) -> bool:
        is_required = self._layout_required or self._scroll_required or self._repaint_required
        return is_required or self._recompose_required or bool(self._dirty_widgets)

    def _paint(self) -> None:
        try:
            self._on_timer_update()
        except Exception as error:  # noqa: BLE001
            self.app._handle_exception(error)  # which ends the application, as any fault in a message does


def _is_busy(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether anything else could go on at once. asyncio has no word for it; where this is unknown, nothing is waited for."""
    return bool(getattr(loop, "_ready", ()))

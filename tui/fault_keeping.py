"""An application that keeps what ended it, so that it can be told in plain words."""

import logging

from rich.console import RenderableType
from textual.app import App

from data.errors import ProgramFault

_LOG = logging.getLogger("auditdeck.app")
_ENDED = "The console could not go on with this terminal; the operational log has the details."


class FaultKeepingApp(App[None]):
    """Ends without a word of its own on the terminal."""

    fault: Exception | None = None
    """What ended the console, if it did not end because somebody left it."""

    def panic(self, *renderables: RenderableType) -> None:
        """End the console over something that is wrong beneath it, such as input that cannot be read."""
        if self.fault is None:
            self.fault = ProgramFault(_ENDED)
            with self.console.capture() as capture:
                self.console.print(*renderables)
            _LOG.error("the console ended: %s", capture.get())
        super().panic(*renderables)

    def _handle_exception(self, error: Exception) -> None:
        self.fault = self.fault or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Textual prints tracebacks with the text of the log in them, as it is: `fault` is told by the command line."""
        self._exit_renderables.clear()

"""Stopped and continued, as a shell does it and as anything else may: the terminal given back, and taken again."""

import os
import signal
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

from data.stopping import WRITERS
from tui.frames.framed_app import FramedApp
from tui.late_answers import AwaitsAnswers

if TYPE_CHECKING:
    from textual.app import App

_WRITTEN_WITHIN_S = 2.0


class JobControlled(AwaitsAnswers):
    """Textual's driver starts anew at every SIGCONT, whether it had stopped or not: a second writer and a second reader of the
    same terminal. It does so within the signal's handler, which may come in the middle of anything, and after the end of
    the loop too, for a terminal that hangs up sends SIGHUP and SIGCONT. It stops where nothing could continue it.

    Here both signals are taken in turn with whatever else happens, and whoever ignored SIGTSTP goes on ignoring it.
    """

    _is_drawing = False

    def __init__(
        self, app: "App[object]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        self._takes_stop = signal.getsignal(signal.SIGTSTP) is not signal.SIG_IGN
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL if self._takes_stop else signal.SIG_IGN)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)

    @property
    def can_stop(self) -> bool:
        """Whether there is a shell that would take the terminal, and could give it back."""
        if not self._takes_stop:
            return False
        try:
            return os.getsid(os.getppid()) == os.getsid(0)
        except OSError:  # nobody, or of another world
            return False

    def stop(self) -> None:
        """Give the terminal back and stop until a shell says to go on, with all that it takes for one job with us.

        Where no shell waits for it, the system stops nothing. Nor does anything stop while something is being written.
        """
        if not self._is_drawing:
            return
        with WRITERS.held(_WRITTEN_WITHIN_S) as is_quiet:
            if not is_quiet:  # every other writer would wait until somebody says `fg`
                self._app.bell()
                return
            self._app.app_suspend_signal.publish(self._app)
            self.suspend_application_mode()
            os.kill(0, signal.SIGTSTP)
        self._take_up()

    def start_application_mode(self) -> None:
        self._wait_for_foreground()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._is_drawing = True
        if isinstance(self._app, FramedApp):
            self._app.take_terminal()
        if self._takes_stop:
            self._loop.add_signal_handler(signal.SIGTSTP, self.stop)
        self._loop.add_signal_handler(signal.SIGCONT, self._continued)

    def stop_application_mode(self) -> None:
        # From here on a shell stops and continues us as it does any program, whatever else has the terminal.
        if self._takes_stop:
            self._loop.remove_signal_handler(signal.SIGTSTP)
        self._loop.remove_signal_handler(signal.SIGCONT)
        self._is_drawing = False
        super().stop_application_mode()

    def _continued(self) -> None:
        """Something has stopped us with no word before, and whoever had the terminal meanwhile left it as they like it."""
        if self._is_drawing and self._wait_for_foreground():
            self.suspend_application_mode()
            self._take_up()

    def _take_up(self) -> None:
        self._must_signal_resume = True
        self.resume_application_mode()
        self._app.refresh(layout=True)

    def _wait_for_foreground(self) -> bool:
        """Let the system stop us until the terminal is ours: changing nothing of it does. False where it is gone."""
        with suppress(termios.error):
            termios.tcsetattr(self.fileno, termios.TCSANOW, termios.tcgetattr(self.fileno))
            return True
        return False

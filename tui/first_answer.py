"""The first events of the console, asked for by a process beside this one, while this one imports what shows them.

What answers a question takes as long to import as what shows it, and a thread could not do the one beside the other. Only
the newest events of an embedded database are asked for so, by a process that ends with its answer. Where none comes,
whatever the reason, the console asks as ever: what is wrong is told there, and nobody is the worse for it.
"""

import logging
import os
import pickle
import select
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

from data.query import EventQuery

if TYPE_CHECKING:
    from data.stop import Stop
    from tui.reading.opening import Opening

_MOST_S = 3.0
"""So long the answer is waited for: whoever asks as ever is answered by then, too."""
_LOOK_S = 0.1
_NICE = 10
"""Where there is no processor to spare, whoever shows the first screen goes first."""
_PIECE = 1 << 16
_SIZE = 8
"""So many bytes before the answer say how long it is: a process that is killed may have written a part of it."""
_LOG = logging.getLogger("auditdeck.start")


class FirstAnswer:
    """The answer to one query, handed out once."""

    def __init__(self, query: EventQuery, process: int | None = None, pipe: int | None = None) -> None:
        """Of nobody, unless a `process` answers by a `pipe`."""
        self.shown = threading.Event()
        """Set once it is on the screen, or there is none: until then nothing else should be imported."""
        self._query = query
        self._process = process
        self._pipe = pipe
        self._taking = threading.Lock()
        self._ends_at = time.monotonic() + _MOST_S
        if pipe is None:
            self.shown.set()

    def take(self, query: EventQuery, stop: "Stop") -> "Opening | None":
        """The start of this query's answer, once; None where it is another query, or there is none. Raises Cancelled."""
        with self._taking:
            opening: Opening | None = None
            try:
                if self._pipe is not None and query == self._query:
                    opening = self._unpacked(self._read(stop))
            finally:
                self._end()
                if opening is None:
                    self.shown.set()
            return opening

    def wait_until_shown(self) -> None:
        """Let the first events reach the screen before anything else is done; no longer than they may take."""
        self.shown.wait(max(self._ends_at - time.monotonic(), 0))

    def close(self) -> None:
        """Nobody will ask for it any more."""
        with self._taking:
            self._end()
        self.shown.set()

    def _read(self, stop: "Stop") -> bytes | None:
        """All that the process writes until it ends; None if that takes too long."""
        assert self._pipe is not None
        answer = bytearray()
        while time.monotonic() < self._ends_at:
            stop.check()
            ready, _, _ = select.select([self._pipe], [], [], _LOOK_S)
            if not ready:
                continue
            piece = os.read(self._pipe, _PIECE)
            if not piece:
                return bytes(answer)
            answer += piece
        return None

    def _unpacked(self, written: bytes | None) -> "Opening | None":
        """What was written, if it is an answer, and all of it; otherwise the log is told what became of it."""
        if written is None:
            _LOG.info("the first question is asked anew: the process beside took too long for it")
            return None
        answer = written[_SIZE:]
        if not answer or int.from_bytes(written[:_SIZE], "big") != len(answer):
            _LOG.info(
                "the first question is asked anew: the process beside wrote %d bytes, which are no whole answer, and ended with %s",
                len(written),
                self._end(),
            )
            return None
        # From a process that is a copy of this one, over a pipe that nobody else has.
        opening: Opening = pickle.loads(answer)
        return opening

    def _end(self) -> int | None:
        """The exit status of the process, negative the signal that ended it; None for one that is told already, or unknown."""
        status: int | None = None
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)  # it has answered, or is wanted no longer
            with suppress(ChildProcessError):
                status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
            self._process = None
        return status


def begin_first_answer(database: str, zone: ZoneInfo, query: EventQuery) -> FirstAnswer:
    """Ask for the newest events of this query, if that can be done here and now."""
    if not hasattr(os, "fork") or "://" in database or not _is_own_file(database) or threading.active_count() > 1:
        return FirstAnswer(query)
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError as error:
        _LOG.info("the first question is asked without a process of its own: %s", error)
        os.close(reading)
        os.close(writing)
        return FirstAnswer(query)
    if process:
        os.close(writing)
        return FirstAnswer(query, process, reading)
    _answer_and_end(database, zone, query, reading, writing)


def _is_own_file(database: str) -> bool:
    try:
        found = Path(database).expanduser().stat()
    except (OSError, RuntimeError, ValueError):
        return False
    return found.st_uid == os.geteuid() and found.st_size > 0


def _answer_and_end(database: str, zone: ZoneInfo, query: EventQuery, reading: int, writing: int) -> NoReturn:
    """What the process does: it has neither terminal nor log, and ends without a word if it has no answer."""
    status = 1
    try:
        os.close(reading)  # as a reader of its own answer it would wait for ever for room when the console was killed
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.nice(_NICE)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        logging.disable()
        answer = _answer(database, zone, query)
        if answer:
            answer = len(answer).to_bytes(_SIZE, "big") + answer
        while answer:
            answer = answer[os.write(writing, answer) :]
        status = 0
    except BaseException:  # noqa: BLE001, S110 - the console asks again, and tells what is wrong
        pass
    finally:
        os._exit(status)


def _answer(database: str, zone: ZoneInfo, query: EventQuery) -> bytes:
    from data.services.glance import glance
    from data.stop import Stop
    from tui.reading.pages import PATIENCE_S, Pages

    with glance(database, zone) as log:
        if log is None:
            return b""
        return pickle.dumps(Pages(log, query, PATIENCE_S, Stop()).newest(), pickle.HIGHEST_PROTOCOL)

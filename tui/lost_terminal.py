"""When the terminal goes away without a word: writing to it must not wait for ever, and reading from it must end."""

from typing import IO

from textual.drivers._writer_thread import WriterThread


class LastingWriter(WriterThread):
    """Writes what the console draws, until there is no terminal any more; from then on whatever is drawn is dropped.

    Textual's own ends there, and its queue fills up: the console would wait for room in it, deaf to every signal.
    """

    def __init__(self, file: IO[str]) -> None:
        super().__init__(file)
        self._is_writing = False

    @property
    def is_behind(self) -> bool:
        """Whether something waits, or is being written: the terminal takes nothing more at the moment."""
        return self._is_writing or not self._queue.empty()

    def run(self) -> None:
        try:
            while (text := self._queue.get()) is not None:
                self._is_writing = True
                self._file.write(text)
                if self._queue.empty():
                    self._file.flush()
                self._is_writing = False
            self._file.flush()  # the last words come right before the end, and were not the last in the queue
        except (OSError, ValueError):  # gone, or closed
            self._is_writing = False
            while self._queue.get() is not None:
                pass

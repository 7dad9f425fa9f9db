"""When the terminal goes away without a word: writing to it must not wait for ever, and reading from it must end."""

from textual.drivers._writer_thread import WriterThread


class LastingWriter(WriterThread):
    """Writes what the console draws, until there is no terminal any more; from then on whatever is drawn is dropped.

    Textual's own ends there, and its queue fills up: the console would wait for room in it, deaf to every signal.
    """

    def run(self) -> None:
        try:
            super().run()
        except (OSError, ValueError):  # gone, or closed
            while self._queue.get() is not None:
                pass

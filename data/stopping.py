"""A process that a shell can stop: it does not while it writes, or keeps others from the upkeep, who would wait till it goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Writers:
    """Those of this process, in all its threads."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._writing = 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Within the block something is written, or waits for its turn to be, or nobody else can do what is done here."""
        with self._changed:
            self._writing += 1
        try:
            yield
        finally:
            with self._changed:
                self._writing -= 1
                self._changed.notify_all()

    @contextmanager
    def held(self, within_s: float) -> Iterator[bool]:
        """Whether nothing writes within the block, nor begins to; waited for no longer than that."""
        with self._changed:
            yield self._changed.wait_for(lambda: not self._writing, within_s)


WRITERS = Writers()

"""What arrives in the logs, told as it does: so that nobody has to ask again and again."""

from collections.abc import Generator

from data.records import Log
from data.services.acts import WATCH_ARRIVALS
from data.services.gate import Gate
from data.stop import Stop


class Arrivals:
    """Tells that something arrived; what it was, the log tells to whoever may read it."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def watch(self, stop: Stop) -> Generator[frozenset[Log], None, None]:
        """The logs in which something may have arrived: all of them at first, and from then on as it happens, until a stop
        is requested. Waits between the two, without a question to the database.

        Who asks is seen to once, at the beginning. Whoever is turned away later has it called off.
        """
        with self._gate.reading(WATCH_ARRIVALS, stop):
            pass
        yield from self._gate.database.arrivals(stop)

"""Sealing all the time, beside whatever else a keeper does: some of that takes minutes, and a checkpoint no more than a
second."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from data.errors import AuditdeckError, Cancelled
from data.keeping import SEAL_EVERY_S
from data.services.keeper import Keeper
from data.stop import Stop

_LAST_S = 10.0
_LOG = logging.getLogger("auditdeck.keeper")


@contextmanager
def sealing_steadily(keeper: Keeper) -> Iterator[None]:
    """Within the block, a thread of its own seals what arrives. What goes wrong is for the operational log, once each."""
    stop, is_over = Stop(), Event()

    def seal() -> None:
        said = ""
        while not is_over.wait(SEAL_EVERY_S):
            try:
                keeper.seal(stop)
                said = ""
            except Cancelled:
                return
            except AuditdeckError as error:
                if str(error) != said:
                    said = str(error)
                    _LOG.warning("sealing is in trouble: %s", error)

    thread = Thread(target=seal, name="auditdeck-sealer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        stop.request()
        thread.join(_LAST_S)

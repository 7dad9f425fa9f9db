"""The keeper: what has to be done from time to time, by whoever does it, and harmless if several do it at once."""

import logging

from data.keeping import KeeperRun
from data.services.api_clients import ApiClients

_LOG = logging.getLogger("auditdeck.keeper")


class Keeper:
    """The keeper of one database. What it does, it does in the name of the system."""

    def __init__(self, clients: ApiClients) -> None:
        self._clients = clients

    def run(self) -> KeeperRun:
        """Do all that is due. Raises DatabaseUnavailable and the other errors of `data.errors`."""
        done = KeeperRun(expired=self._clients.note_expired())
        if done.did_anything:
            _LOG.info("the keeper logged the expiry of clients and tokens: %d", done.expired)
        return done

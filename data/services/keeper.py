"""The keeper: what has to be done from time to time, by whoever does it, and harmless if several do it at once."""

import logging

from data.keeping import KeeperRun
from data.services.api_clients import ApiClients
from data.services.sessions import Sessions

_LOG = logging.getLogger("auditdeck.keeper")


class Keeper:
    """The keeper of one database. What it does, it does in the name of the system."""

    def __init__(self, clients: ApiClients, sessions: Sessions) -> None:
        self._clients = clients
        self._sessions = sessions

    def run(self) -> KeeperRun:
        """Do all that is due. Raises DatabaseUnavailable and the other errors of `data.errors`."""
        done = KeeperRun(expired=self._clients.note_expired(), lost=self._sessions.note_lost())
        if done.expired:
            _LOG.info("the keeper logged the expiry of clients and tokens: %d", done.expired)
        if done.lost:
            _LOG.info("the keeper logged the loss of sessions: %d", done.lost)
        return done

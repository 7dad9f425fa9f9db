"""The keeper: what has to be done from time to time, by whoever does it, and harmless if several do it at once."""

import logging
from dataclasses import dataclass

from data.services.api_clients import ApiClients

EVERY_S = 60
"""Seconds from one run to the next."""

_LOG = logging.getLogger("auditdeck.keeper")


@dataclass(frozen=True, slots=True)
class KeeperRun:
    """What one run did. `expired` counts the clients and tokens whose expiry it logged."""

    expired: int = 0

    @property
    def did_anything(self) -> bool:
        return bool(self.expired)


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

"""What can be asked about who may do what."""

from data.access.model import OWNER_ID, AccessList
from data.records import ActorType, Reference
from data.services.acts import READ_ACCESS
from data.services.gate import Gate

MOST_SESSIONS = 500
"""So many sessions are listed: all that go on, and of the others the newest."""


class AccessQueries:
    """Reads who may do what. Every method may raise NotPermitted, and the errors of `data.errors`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def read(self) -> AccessList:
        """Members, groups, roles, invitations and sessions, all as of one moment."""
        database = self._gate.database
        with self._gate.reading(READ_ACCESS) as transaction:
            owner = Reference(ActorType.MEMBER, OWNER_ID, transaction.login) if database.location.is_embedded else None
            return AccessList(
                transaction.access.all(),
                transaction.invitations.all(),
                transaction.sessions.newest(MOST_SESSIONS),
                self._gate.clock(),
                owner,
            )

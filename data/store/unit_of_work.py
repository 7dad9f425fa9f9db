"""One unit of work: a change and its event, committed together or not at all."""

import secrets
from collections.abc import Callable

import sqlalchemy as sa

from data.clock import Clock
from data.once import once
from data.policy import Policy
from data.records import Log
from data.store.access import AccessReader, AccessWriter, hold_access_still
from data.store.api_clients import ClientReader, ClientWriter, TokenUses
from data.store.erasing import EventEraser
from data.store.event_writer import EventWriter
from data.store.invitations import InvitationWriter
from data.store.person import person_at
from data.store.policies import PolicyWriter, read_policy
from data.store.sessions import SessionWriter
from data.store.tables import event, request
from data.store.terms import TermMemory
from data.store.token_lookup import HeldToken, held_token
from data.store.upkeep import UpkeepWriter
from data.store.views import ViewWriter
from data.tokens import Entropy


class UnitOfWork:
    """A transaction that writes. Leaving its block without `commit` rolls back. Repositories never commit.

    No savepoints around events: on PostgreSQL a savepoint has a transaction id of its own, which `pg_current_snapshot`
    does not list, so that a snapshot could not tell its rows from those that were committed before.
    """

    def __init__(
        self,
        connection: sa.Connection,
        memory: TermMemory,
        clock: Clock,
        entropy: Entropy = secrets.token_bytes,
        wrote: Callable[[], None] = lambda: None,
    ) -> None:
        """`wrote` is told of each commit that succeeded."""
        self._wrote = wrote
        self._connection = connection
        self._clock = clock
        self.events = EventWriter(connection, event, memory, clock, entropy)
        """The change log."""
        self.requests = EventWriter(connection, request, memory, clock, entropy)
        """The request log."""

    @property
    def connection(self) -> sa.Connection:
        """For rooms beside the store that keep tables of their own: what they write is committed with the rest."""
        return self._connection

    def log(self, log: Log) -> EventWriter:
        """The writer of either log."""
        return self.events if log is Log.CHANGES else self.requests

    @once
    def access(self) -> AccessWriter:
        """Members, groups and roles; from here on, on PostgreSQL, no other unit of work has them until this one ends.

        Whatever is asked for it comes before all else in a unit of work: two that had looked first would wait for each
        other.
        """
        return AccessWriter(self._connection)

    @once
    def checked_access(self) -> AccessReader:
        """Members, groups and roles, to be looked at; from here on nobody changes them until this unit of work ends."""
        hold_access_still(self._connection)
        return AccessReader(self._connection)

    def held_token(self, public_id: str) -> HeldToken | None:
        """The token of this public id with its client."""
        return held_token(self._connection, public_id)

    @property
    def checked_clients(self) -> ClientReader:
        """The API clients, to be looked at; from here on nobody changes them until this unit of work ends."""
        return self.clients

    @once
    def invitations(self) -> InvitationWriter:
        """Invitations; whoever writes them has `access`."""
        return InvitationWriter(self._connection)

    @once
    def sessions(self) -> SessionWriter:
        """Sessions."""
        return SessionWriter(self._connection)

    @once
    def login(self) -> str:
        """The PostgreSQL login, or on an embedded database the operating system's account."""
        return person_at(self._connection)

    def views_of(self, *names: str) -> ViewWriter:
        """The saved views of whoever goes by these names; from here on, on PostgreSQL, no other unit of work has any views
        until this one ends.
        """
        return ViewWriter(self._connection, names, self._clock)

    @once
    def clients(self) -> ClientWriter:
        """The API clients; from here on, on PostgreSQL, no other unit of work has them until this one ends."""
        return ClientWriter(self._connection)

    def take_clients(self) -> None:
        """Wait until no other unit of work has the API clients."""
        _ = self.clients

    @once
    def token_uses(self) -> TokenUses:
        """When tokens were last used."""
        return TokenUses(self._connection)

    @once
    def erasing(self) -> EventEraser:
        """What erases events of the change log; from here on, on PostgreSQL, no other unit of work does until this one ends."""
        return EventEraser(self._connection, self.events.terms)

    @once
    def upkeep(self) -> UpkeepWriter:
        """What the keeper did last."""
        return UpkeepWriter(self._connection)

    @once
    def policy_in_force(self) -> Policy:
        """The organisation's rules, as this unit of work sees them."""
        return read_policy(self._connection)

    @once
    def policy(self) -> PolicyWriter:
        """The organisation's rules, for one unit of work at a time."""
        return PolicyWriter(self._connection)

    def commit(self) -> None:
        """Make all of it durable. Raises what the database answers; then nothing of it has happened."""
        self._connection.commit()
        self.events.committed()
        self.requests.committed()
        self._wrote()

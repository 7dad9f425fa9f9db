"""One unit of work: a change and its event, committed together or not at all."""

import secrets
from functools import cached_property

import sqlalchemy as sa

from data.clock import Clock
from data.policy import Policy
from data.records import Log
from data.store.api_clients import ClientWriter, TokenUses
from data.store.event_writer import EventWriter
from data.store.policies import PolicyWriter, read_policy
from data.store.tables import event, request
from data.store.terms import TermMemory
from data.store.views import ViewWriter
from data.tokens import Entropy


class UnitOfWork:
    """A transaction that writes. Leaving its block without `commit` rolls back. Repositories never commit.

    No savepoints around events: on PostgreSQL a savepoint has a transaction id of its own, which `pg_current_snapshot`
    does not list, so that a snapshot could not tell its rows from those that were committed before.
    """

    def __init__(
        self, connection: sa.Connection, memory: TermMemory, clock: Clock, entropy: Entropy = secrets.token_bytes
    ) -> None:
        self._connection = connection
        self._clock = clock
        self.events = EventWriter(connection, event, memory, clock, entropy)
        """The change log."""
        self.requests = EventWriter(connection, request, memory, clock, entropy)
        """The request log."""

    def log(self, log: Log) -> EventWriter:
        """The writer of either log."""
        return self.events if log is Log.CHANGES else self.requests

    @cached_property
    def views(self) -> ViewWriter:
        """The saved views; from here on, on PostgreSQL, no other unit of work has them until this one ends."""
        return ViewWriter(self._connection, self._clock)

    @cached_property
    def clients(self) -> ClientWriter:
        """The API clients; from here on, on PostgreSQL, no other unit of work has them until this one ends."""
        return ClientWriter(self._connection)

    def take_clients(self) -> None:
        """Wait until no other unit of work has the API clients."""
        _ = self.clients

    @cached_property
    def token_uses(self) -> TokenUses:
        """When tokens were last used."""
        return TokenUses(self._connection)

    @cached_property
    def policy_in_force(self) -> Policy:
        """The organisation's rules, as this unit of work sees them."""
        return read_policy(self._connection)

    @cached_property
    def policy(self) -> PolicyWriter:
        """The organisation's rules, for one unit of work at a time."""
        return PolicyWriter(self._connection)

    def commit(self) -> None:
        """Make all of it durable. Raises what the database answers; then nothing of it has happened."""
        self._connection.commit()
        self.events.committed()
        self.requests.committed()

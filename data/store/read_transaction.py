"""A transaction that reads: every answer in it is of the same moment."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.clock import Clock
from data.once import once
from data.policy import Policy
from data.records import Log
from data.stop import Stop
from data.store.access import AccessReader
from data.store.api_clients import ClientReader
from data.store.archive import Archive, EdgeMemory
from data.store.condition import ConditionReader
from data.store.invitations import InvitationReader
from data.store.person import person_at
from data.store.policies import read_policy
from data.store.reader import EventReader, EventReaders
from data.store.request_reader import RequestReader
from data.store.sessions import SessionReader
from data.store.token_lookup import HeldToken, held_token
from data.store.upkeep import UpkeepReader
from data.store.views import ViewReader


class ReadTransaction:
    """What can be read, each kind of thing by its reader."""

    def __init__(
        self, connection: sa.Connection, clock: Clock, stop: Stop, readers: EventReaders, edges: EdgeMemory
    ) -> None:
        self._connection = connection
        self._readers = readers
        self._edges = edges
        self._clock = clock
        self._stop = stop

    def events(self, zone: ZoneInfo, log: Log = Log.CHANGES) -> EventReader:
        """One log; `zone` is what dates in a query are read in."""
        return self._readers.over(self._connection, self._clock, zone, self._stop, log, self._archive(zone, log))

    def calls(self, zone: ZoneInfo) -> RequestReader:
        """The request log, for questions about calls."""
        archive = self._archive(zone, Log.REQUESTS)
        return RequestReader(self._connection, self._clock, zone, self._stop, Log.REQUESTS, archive)

    @property
    def connection(self) -> sa.Connection:
        """The connection itself, for rooms beside the store that keep tables of their own."""
        return self._connection

    @once
    def access(self) -> AccessReader:
        """Members, groups and roles."""
        return AccessReader(self._connection)

    @property
    def checked_access(self) -> AccessReader:
        """The same, to be checked."""
        return self.access

    def held_token(self, public_id: str) -> HeldToken | None:
        """The token of this public id with its client."""
        return held_token(self._connection, public_id)

    @property
    def checked_clients(self) -> ClientReader:
        """The API clients, to be checked."""
        return self.clients

    @once
    def invitations(self) -> InvitationReader:
        """Invitations."""
        return InvitationReader(self._connection)

    @once
    def sessions(self) -> SessionReader:
        """Sessions."""
        return SessionReader(self._connection)

    @once
    def clients(self) -> ClientReader:
        """API clients."""
        return ClientReader(self._connection)

    def views_of(self, *names: str) -> ViewReader:
        """Saved views, as whoever goes by these names sees them."""
        return ViewReader(self._connection, names)

    @once
    def upkeep(self) -> UpkeepReader:
        """What the keeper did last."""
        return UpkeepReader(self._connection)

    @once
    def condition(self) -> ConditionReader:
        """How the database itself is."""
        return ConditionReader(self._connection, self._stop)

    @once
    def policy_in_force(self) -> Policy:
        """The organisation's rules."""
        return read_policy(self._connection)

    @once
    def login(self) -> str:
        """The PostgreSQL login, or on an embedded database the operating system's account."""
        return person_at(self._connection)

    def _archive(self, zone: ZoneInfo, log: Log) -> Archive:
        return Archive(self._connection, log, zone, lambda: self.policy_in_force, self._edges)

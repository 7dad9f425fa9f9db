"""A database: opened once a process, lending readers and units of work."""

import secrets
from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import exc

from data.clock import Clock, system_clock
from data.errors import Cancelled, DatabaseError, DiskFull
from data.keeping import Unwritable
from data.records import Log
from data.stop import Stop
from data.stopping import WRITERS
from data.store import schema
from data.store.archive import EdgeMemory
from data.store.arrivals import arrivals
from data.store.data_version import DataVersion, Version
from data.store.database_roles import role_steps
from data.store.engine import begins_writing, emptied_log, interrupter, make_room, open_engine, plain_errors
from data.store.erased_bytes import erased_bytes_since, forget_erased_bytes
from data.store.grants import DatabaseRole, grants_to
from data.store.location import Location, parse_location
from data.store.ownership import refuse_as_input, refuse_as_output, refuse_foreign, refuse_missing
from data.store.plain_reader import PlainReaders
from data.store.read_transaction import ReadTransaction
from data.store.reader import EventReader, EventReaders
from data.store.terms import TermMemory
from data.store.token_lookup import HeldToken, held_token
from data.store.unit_of_work import UnitOfWork
from data.store.write_turn import lone_turn, write_turn
from data.tokens import Entropy


class Database:
    """One database and its engine. Nothing connects before the first use. Safe to use from several threads."""

    def __init__(
        self,
        address: str,
        *,
        clock: Clock = system_clock,
        entropy: Entropy = secrets.token_bytes,
        durable: bool = True,
        readers: EventReaders | None = None,
    ) -> None:
        """`address` is a file's path or a URL. Raises DatabaseError for one that cannot be understood.

        `readers` makes what answers queries over the logs; without it, that is the plain scan.
        `entropy` is what ids of events and salts are made of. Without `durable`, an embedded database is not waited for
        until it is on the disk: for one that is thrown away, and that a loss of power may destroy.
        """
        self.location: Location = parse_location(address)
        self.clock = clock
        self._entropy = entropy
        self._engine = open_engine(self.location, durable=durable)
        self._data_version = DataVersion(self._engine, self.location)
        self._memory = TermMemory()
        self._readers: EventReaders = readers or PlainReaders()
        self._edges = EdgeMemory()
        self._unwritable: Unwritable | None = None

    @property
    def unwritable(self) -> Unwritable | None:
        """Since when no writing of this process succeeds, and why; None as long as it does, or nothing is written."""
        return self._unwritable

    def open(self, *, create: bool = True, as_owner: bool = True) -> None:
        """Connect and make sure of the schema: an embedded database is brought up to date by itself.

        One that is not there is made; without `create` it is refused, and nothing is made. Without `as_owner` a shared one
        is refused to a login that no grant binds. Raises SchemaTooNew, SchemaTooOld (a shared database), OpenedAsOwner,
        DatabaseUnavailable, DatabaseError (also for another program's file).
        """
        if self.location.path is None:
            with self._connect() as connection:
                schema.check_revision(connection, self.location.shown, as_owner=as_owner)
            return
        if not create:
            refuse_missing(self.location.path)
        make_room(self.location.path)
        if self.location.path.stat().st_size == 0:
            # Turning a new file to WAL takes it alone and waits for nobody, so it is done in turn.
            self.upgrade()
            return
        if not self.is_ready():
            self.upgrade()

    def is_ready(self) -> bool:
        """Whether an embedded database, which is there, has this program's schema. Raises DatabaseError for another's file."""
        assert self.location.path is not None, "a shared one is made ready by its administrator"
        with plain_errors(self.location):
            refuse_foreign(self.location.path)
        with self._connect() as connection:
            return schema.current_revision(connection) == schema.HEAD

    def upgrade(self) -> bool:
        """Bring the schema to this program's, in one transaction; whether there was anything to do. Raises as `open`."""
        if self.location.path is not None:
            make_room(self.location.path)
            with plain_errors(self.location):
                refuse_foreign(self.location.path)
        with self._connect(writing=True) as connection:
            before = schema.upgrade(connection, self.location.shown)
            connection.commit()
            return before != schema.HEAD

    def refuse_as_input(self, inputs: Iterable[str]) -> None:
        """Raise UnreadableInput for a path that is a file of this database; see `ownership`. Before anything is read."""
        if self.location.path is not None:
            refuse_as_input(self.location.path, inputs)

    def refuse_as_output(self, place: Path) -> None:
        """Raise DatabaseError for the place of this database itself. Before anything is written."""
        if self.location.path is not None:
            refuse_as_output(self.location.path, place)

    def grant(self, role: str) -> None:
        """Let a PostgreSQL role use the console, as the role that `make_roles` makes for it; see `data.store.grants`."""
        self._refuse_embedded()
        with self._connect(writing=True) as connection:
            name = connection.dialect.identifier_preparer.quote_identifier(role)
            for statement in grants_to(name, DatabaseRole.CONSOLE):
                connection.exec_driver_sql(statement)
            connection.commit()

    def make_roles(self, prefix: str) -> None:
        """Make the roles of a shared database, and what each may do, anew; see `data.store.database_roles`.

        Raises ValueError for an embedded one, SchemaTooNew and SchemaTooOld, and DatabaseError for a prefix that cannot be
        and where this login may not.
        """
        self._refuse_embedded()
        with self._connect(writing=True) as connection:
            schema.check_revision(connection, self.location.shown)
            # The statements stand for themselves: nothing in them is a place for a parameter.
            connection.execution_options(no_parameters=True)
            for _comment, statements in role_steps(prefix):
                for statement in statements:
                    connection.exec_driver_sql(statement)
            connection.commit()

    def _refuse_embedded(self) -> None:
        if self.location.is_embedded:
            raise ValueError("an embedded database has no roles")

    @contextmanager
    def asking(self, stop: Stop | None = None) -> Iterator[ReadTransaction]:
        """A transaction that reads. Raises Cancelled within the block once `stop` is requested."""
        with self._asked(stop) as connection:
            yield ReadTransaction(connection, self.clock, stop or Stop(), self._readers, self._edges)
        self._readers.settle(self.upkeep_writing)

    @contextmanager
    def reading(self, zone: ZoneInfo, stop: Stop | None = None, log: Log = Log.CHANGES) -> Iterator[EventReader]:
        """A reader of one log in a transaction of its own, for whatever is below the services; see `asking`.

        `zone` is what dates in a query are read in.
        """
        with self.asking(stop) as transaction:
            yield transaction.events(zone, log)

    def held_token(self, public_id: str) -> HeldToken | None:
        """The token of this public id with its client, as they are now: for the gateway, which asks who somebody is."""
        with self._connect(single=True) as connection:
            return held_token(connection, public_id)

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """A unit of work. On an embedded database it first waits its turn among all writers."""
        with self._connect(writing=True) as connection:
            yield UnitOfWork(connection, self._memory, self.clock, self._entropy, self._wrote)

    @contextmanager
    def upkeep_reading(self, stop: Stop | None = None) -> Iterator[sa.Connection]:
        """A transaction that reads, for rooms beside the store that keep tables of their own. Raises as `asking`."""
        with self._asked(stop) as connection:
            yield connection

    @contextmanager
    def upkeep_writing(self) -> Iterator[sa.Connection]:
        """A transaction that writes, for the same rooms: committed at the end of the block, rolled back if that raises.

        On an embedded database it first waits its turn among all writers, who wait as long as it lasts.
        """
        with self._connect(writing=True) as connection:
            yield connection
            connection.commit()
            self._wrote()

    @contextmanager
    def upkeep_alone(self, key: int) -> Iterator[bool]:
        """Whether nobody else is within such a block with this key: then nobody else is until it ends.

        It ends as well with the process, or with its connection to the server. A process that a shell wants to stop does so
        after it, for everybody else would be kept from the same until it goes on.
        """
        if self.location.path is not None:
            with WRITERS.writing(), lone_turn(self.location.path, key) as is_alone:
                yield is_alone
            return
        with WRITERS.writing(), self._connect(single=True) as connection:
            is_alone = connection.execute(sa.select(sa.func.pg_try_advisory_lock(key))).scalar_one()
            try:
                yield is_alone
            finally:
                if is_alone and not connection.invalidated:
                    with suppress(exc.DBAPIError):  # a connection that is gone has let go of it
                        connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))

    def let_go_of_erased_bytes(self) -> bool:
        """Whether nothing of what was erased is left in the files of an embedded database: its write-ahead log is emptied.

        Whoever reads in a transaction that began before keeps it from that; it is not waited for. A shared database has no
        files that anybody here knows of.
        """
        path = self.location.path
        if path is None:
            return True
        with self._connect(single=True) as connection:
            if erased_bytes_since(connection) is None:
                return True
        with plain_errors(self.location), write_turn(path), self._engine.connect() as connection:
            if not emptied_log(connection):
                return False
            forget_erased_bytes(begins_writing(connection))
            connection.commit()
            return True

    def data_version(self) -> Version | None:
        """As long as it is the same, nothing was committed to an embedded database, by whomever; None of a shared one.

        A cheap look, for whoever has looked at the rest before. Raises DatabaseUnavailable, DatabaseError.
        """
        return self._data_version.now()

    def arrivals(self, stop: Stop) -> Generator[frozenset[Log], None, None]:
        """The logs in which something may have arrived, as soon as it has, until `stop` is requested; see
        `data.store.arrivals`.
        """
        return arrivals(self._engine, self.location, stop)

    def close(self) -> None:
        """Close what is idle; connections in use close as they are given back."""
        self._data_version.close()
        self._engine.dispose()

    @contextmanager
    def _connect(self, *, writing: bool = False, single: bool = False) -> Iterator[sa.Connection]:
        """A connection; `single` for one that is asked one question only, which needs no transaction around it."""
        turn: AbstractContextManager[None] = write_turn(self.location.path) if writing else nullcontext()
        noted = self._noting_refusal() if writing else nullcontext()
        with noted, plain_errors(self.location), turn, self._engine.connect() as connection:
            if writing:
                begins_writing(connection)
            elif single and not self.location.is_embedded:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            elif not self.location.is_embedded:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection  # begins with its first statement; closing rolls back what was not committed

    @contextmanager
    def _noting_refusal(self) -> Iterator[None]:
        try:
            yield
        except DiskFull as error:
            if self._unwritable is None:
                self._unwritable = Unwritable(self.clock(), str(error))
            raise

    def _wrote(self) -> None:
        self._unwritable = None

    @contextmanager
    def _asked(self, stop: Stop | None) -> Iterator[sa.Connection]:
        """A connection for one question, which `stop` can call off."""
        try:
            with self._connect() as connection, self._interruptible(connection, stop):
                yield connection
        except Cancelled:
            if stop is not None and stop.requested:
                raise
            raise DatabaseError(
                f"{self.location.shown} broke the question off: it took longer than is allowed."
            ) from None

    @contextmanager
    def _interruptible(self, connection: sa.Connection, stop: Stop | None) -> Iterator[None]:
        if stop is None:
            yield
            return
        with stop.interrupting(interrupter(connection)):
            yield

"""What an administrator does to a database as a whole: bring its schema up to date, let a role use it."""

from data.access.joining import Invited
from data.caller import COMMAND_LINE, Caller
from data.clock import Clock, system_clock
from data.records import SYSTEM
from data.services.gate import Gate
from data.services.identity import Process
from data.services.invitations import Invitations
from data.store import Database
from data.store.database_roles import DEFAULT_PREFIX, role_script

__all__ = ["DEFAULT_PREFIX", "Administration", "role_script"]


class Administration:
    """One database, for the `auditdeck db` commands."""

    def __init__(self, address: str, *, clock: Clock = system_clock) -> None:
        """`address` is a file's path or a database URL. Raises DatabaseError for one that cannot be understood."""
        self._database = Database(address, clock=clock)
        self._clock = clock

    @property
    def shown(self) -> str:
        """The database's address without its password."""
        return self._database.location.shown

    @property
    def is_embedded(self) -> bool:
        return self._database.location.is_embedded

    def upgrade(self) -> bool:
        """Bring the schema to this program's version; whether there was anything to do. Raises SchemaTooNew."""
        return self._database.upgrade()

    def grant(self, role: str) -> None:
        """Let a PostgreSQL role use the console; see `data.store.grants`.

        Raises ValueError for an embedded database, which has no roles.
        """
        self._database.grant(role)

    def make_roles(self, prefix: str) -> None:
        """Make the database's roles, and what each may do, anew; see `role_script`.

        Raises ValueError for an embedded database, SchemaTooNew, SchemaTooOld and DatabaseError.
        """
        self._database.make_roles(prefix)

    def first_administrator(self, email: str) -> Invited:
        """Invite the first administrator of a shared database's organisation, whose code is to be passed on.

        A code that was made so before works no more. Raises AccessWrong for the address, AccessError if there is an active
        administrator, ValueError for an embedded database, whose owner is one.
        """
        if self.is_embedded:
            raise ValueError("an embedded database's owner is its administrator")
        gate = Gate(self._database, self._database.open, self._clock, Process())
        return Invitations(gate).first_administrator(Caller(SYSTEM, COMMAND_LINE), email)

    def close(self) -> None:
        self._database.close()

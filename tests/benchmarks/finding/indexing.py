"""The index of a made-up database: building it, and what it takes on the disk."""

from dataclasses import replace

import sqlalchemy as sa

from data.index import tables
from data.index.indexer import Indexer
from data.policy import MOST_DAYS_KEPT
from data.store.location import parse_location
from tests.benchmarks.finding.engines import SQLITE, Engine

_INDEXES_OF_TERMS = ("term_ident", "term_folded", "term_address")
_TABLES = (tables.segment, *tables.PARTS, tables.alias, tables.damage, *tables.UNINDEXED.values())


def keep_all_live(engine: Engine) -> None:
    """None of the events is archived, however old: the questions are about all of them, as the columns are."""
    with engine.opened() as database, database.writing() as work:
        work.policy.change("live_days", replace(work.policy.read(), live_days=MOST_DAYS_KEPT))
        work.commit()


def build_index(engine: Engine) -> int:
    """Build what is not built yet: how many events that were."""
    with engine.opened() as database:
        return Indexer(database).run().events


def settle(engine: Engine) -> None:
    """On PostgreSQL, do what the server does by itself after so much was written and emptied."""
    if engine.name != SQLITE:
        with _connected(engine) as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(sa.text("VACUUM (ANALYZE)"))


def index_bytes(engine: Engine) -> int:
    """What the index and the indexes of the dictionary take."""
    names = [table.name for table in _TABLES]
    with _connected(engine) as connection:
        if engine.name == SQLITE:
            indexes = sa.text("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = :name")
            for table in tuple(names):
                names += connection.execute(indexes, {"name": table}).scalars()
            size = sa.text("SELECT sum(pgsize) FROM dbstat WHERE name = :name")
        else:
            size = sa.text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
        return sum(connection.execute(size, {"name": name}).scalar() or 0 for name in (*names, *_INDEXES_OF_TERMS))


def _connected(engine: Engine) -> sa.Connection:
    return sa.create_engine(parse_location(engine.address).url, poolclass=sa.NullPool).connect()

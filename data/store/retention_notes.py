"""How far removing old events has come: kept among what the keeper did. And how many are waiting. Never commits."""

import json
from uuid import UUID

import sqlalchemy as sa

from data.clock import from_microseconds, to_microseconds
from data.records import Json, Log
from data.retention import Removal, RetentionRun
from data.store.identity import first_id_of
from data.store.tables import LOG_TABLES, upkeep
from data.store.upserting import insert_into

_TASK = "retention"


def last_retention(connection: sa.Connection) -> RetentionRun | None:
    """The last run; None where there was none, or none of this program's."""
    row = connection.execute(sa.select(upkeep.c.ran_at, upkeep.c.told).where(upkeep.c.task == _TASK)).one_or_none()
    if row is None:
        return None
    told = json.loads(row.told)
    try:
        return RetentionRun(
            from_microseconds(row.ran_at),
            told["digest"],
            told["kept_since"],
            {Log(log): _removal(one) for log, one in told["logs"].items()},
            {Log(log): UUID(one) for log, one in told["after"].items()},
            frozenset(map(Log, told["done"])),
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def note_retention(connection: sa.Connection, run: RetentionRun) -> None:
    """Keep this in the place of what was noted before."""
    told = {
        "digest": run.digest,
        "kept_since": run.kept_since,
        "logs": {log: _written(one) for log, one in run.logs.items()},
        "after": {log: one.hex for log, one in run.after.items()},
        "done": sorted(run.done),
    }
    values = {"ran_at": to_microseconds(run.ran_at), "told": json.dumps(told)}
    statement = insert_into(upkeep, connection.dialect).values(task=_TASK, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[upkeep.c.task], set_=values))


def count_happened(connection: sa.Connection, log: Log, since_us: int, before_us: int) -> int:
    """How many events of a log happened from one moment (µs, UTC) up to and without another."""
    of_id = LOG_TABLES[log].table.c.id
    within = sa.and_(of_id >= first_id_of(since_us), of_id < first_id_of(before_us))
    return int(connection.execute(sa.select(sa.func.count()).where(within)).scalar_one())


def _written(one: Removal) -> dict[str, Json]:
    held: dict[str, Json] = {hold.hex: count for hold, count in one.held.items()}
    return {"removed": one.removed, "held": held, "own": one.own, "unproven": one.unproven}


def _removal(told: dict[str, Json]) -> Removal:
    held = told["held"]
    assert isinstance(held, dict)
    numbers = {name: int(str(told[name])) for name in ("removed", "own", "unproven")}
    return Removal(held={UUID(hold): int(str(count)) for hold, count in held.items()}, **numbers)

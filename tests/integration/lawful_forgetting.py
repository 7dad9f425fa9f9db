"""Erasing and removing as the guards let it pass: what the services do, without their questions."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from data.proof.forgetting import ERASED, RETIRED
from data.proof.place_ranges import ranges_of
from data.proof.tables import leaf
from data.records import Draft, Json, Outcome, Reference
from data.store import Database
from data.store.rows_by_key import is_one_of
from data.store.tables import event
from data.store.unit_of_work import UnitOfWork
from tests.hand_clock import NOW
from tests.integration.forgetting import erase_in, remove_in


def erase_unsealed(database: Database, seq: int) -> None:
    """Erase all of an event, with leave, that has no place yet."""
    with database.upkeep_reading() as connection:
        assert connection.execute(sa.select(leaf.c.seq).where(leaf.c.seq == seq)).first() is None
    erase(database, None, wholly=True, seq=seq)


def erase(
    database: Database,
    place: int | None,
    *,
    wholly: bool,
    told: bool = True,
    told_wholly: bool | None = None,
    outcome: Outcome = Outcome.SUCCESS,
    smuggled: str = "",
    seq: int | None = None,
) -> None:
    """Erase the event of this place, in one transaction with the event that tells of it, if it is `told`."""
    with database.writing() as work:
        erased = work.connection.execute(
            sa.select(event.c.id)
            .outerjoin(leaf, leaf.c.seq == event.c.seq)
            .where(event.c.seq == seq if place is None else leaf.c.idx == place)
        ).scalar_one()
        told_by = erased
        if told:
            data: dict[str, Json] = {"erased": str(erased), "whole": wholly if told_wholly is None else told_wholly}
            told_by = _tell(work, ERASED, data, outcome)
        erase_in(work, erased, told_by, whole=wholly, smuggled=smuggled)
        work.commit()


def remove(
    database: Database, places: Sequence[int], *, told: Sequence[int] | None = None, digest: str | None = None
) -> None:
    """Remove the events of these places, and tell of `told`, of all of them without it."""
    named = places if told is None else told
    with database.writing() as work:
        connection = work.connection
        leaves = {place: bytes(hash_) for place, hash_ in connection.execute(sa.select(leaf.c.idx, leaf.c.hash))}
        ids = connection.scalars(
            sa.select(event.c.id)
            .join(leaf, leaf.c.seq == event.c.seq)
            .where(is_one_of(leaf.c.idx, places, connection.dialect))
        ).all()
        if named:
            told_of = sha256(b"".join(place.to_bytes(8) + leaves[place] for place in named)).hexdigest()
            written: dict[str, Json] = {
                "places": ranges_of(named),
                "removed_digest": digest or told_of,
                "count": len(named),
            }
            _tell(work, RETIRED, {"cutoff": "2026-01-01", **written}, Outcome.SUCCESS)
        remove_in(connection, ids)
        work.commit()


def _tell(work: UnitOfWork, tag: str, data: dict[str, Json], outcome: Outcome) -> UUID:
    work.events.append(
        Draft(
            type=tag,
            occurred_at=NOW,
            actor=Reference("member", "m-1", "Alice Moss"),
            target=Reference("event", str(data.get("erased", ""))),
            outcome=outcome,
            data=data,
        )
    )
    newest = sa.select(event.c.id).order_by(event.c.seq.desc()).limit(1)
    found: UUID = work.connection.execute(newest).scalar_one()
    return found

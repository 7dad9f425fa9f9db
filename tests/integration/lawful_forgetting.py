"""Erasing and removing as the guards let it pass: what the services do, without their questions."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from data.clock import from_microseconds
from data.index.erasing import index_anew
from data.index.retiring import leave_out
from data.proof.forgetting import ERASED, RETIRED, written_places
from data.proof.tables import leaf
from data.records import Draft, Json, Log, Outcome, Reference
from data.store import Database
from data.store.encoding import decode, tombstone
from data.store.event_writer import flags_of
from data.store.forgetting_tables import RETIRING, erasure
from data.store.rows_by_key import is_one_of
from data.store.tables import DIMENSION_NUMBERS, FLAG_ERASED, event
from data.store.terms import TermMemory, TermWriter, terms_of
from data.store.unit_of_work import UnitOfWork
from tests.hand_clock import NOW


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
        row = work.connection.execute(
            sa.select(event)
            .outerjoin(leaf, leaf.c.seq == event.c.seq)
            .where(event.c.seq == seq if place is None else leaf.c.idx == place)
        ).one()
        told_by = row.id
        if told:
            data: dict[str, Json] = {"erased": str(row.id), "whole": wholly if told_wholly is None else told_wholly}
            told_by = _tell(work, ERASED, data, outcome)
        body = row.body
        if wholly:
            moments = from_microseconds(row.occurred_at), from_microseconds(row.recorded_at)
            body = tombstone(row.id, *moments).decode().replace('{"id"', f'{{{smuggled}"id"')
        left = decode(body, None)
        terms = terms_of(left)
        ids = TermWriter(work.connection, TermMemory()).ids({*terms.values()})
        note = {"seq": row.seq, "is_whole": wholly, "event_id": row.id, "told_by": told_by}
        work.connection.execute(sa.insert(erasure).values(note))
        work.connection.execute(
            sa.update(event)
            .where(event.c.seq == row.seq)
            .values(
                salt=None,
                personal=None,
                body=body,
                duration_ms=left.duration_ms,
                request_digest=None,
                flags=flags_of(left, body.encode(), b"") | FLAG_ERASED,
                **{name: ids[terms[name]] if name in terms else None for name in DIMENSION_NUMBERS},
            )
        )
        index_anew(work.connection, Log.CHANGES, row.seq, row.id)
        work.commit()


def remove(
    database: Database, places: Sequence[int], *, told: Sequence[int] | None = None, digest: str | None = None
) -> None:
    """Remove the events of these places, and tell of `told`, of all of them without it."""
    named = places if told is None else told
    with database.writing() as work:
        connection = work.connection
        leaves = {place: bytes(hash_) for place, hash_ in connection.execute(sa.select(leaf.c.idx, leaf.c.hash))}
        rows = connection.execute(
            sa.select(event.c.seq, event.c.id)
            .join(leaf, leaf.c.seq == event.c.seq)
            .where(is_one_of(leaf.c.idx, places, connection.dialect))
        ).all()
        if named:
            told_of = sha256(b"".join(place.to_bytes(8) + leaves[place] for place in named)).hexdigest()
            written: dict[str, Json] = {
                "places": written_places([*named]),
                "removed_digest": digest or told_of,
                "count": len(named),
            }
            _tell(work, RETIRED, {"cutoff": "2026-01-01", **written}, Outcome.SUCCESS)
        connection.execute(sa.insert(RETIRING[Log.CHANGES]), [{"seq": row.seq} for row in rows])
        connection.execute(sa.delete(event).where(is_one_of(event.c.seq, [r.seq for r in rows], connection.dialect)))
        connection.execute(sa.delete(RETIRING[Log.CHANGES]))
        leave_out(connection, Log.CHANGES, [(row.seq, row.id) for row in rows])
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

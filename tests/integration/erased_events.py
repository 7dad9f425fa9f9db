"""Erasing an event by hand, in the steps and in the shape that the guards let pass."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from data.records import Draft, Event, Outcome, Reference
from data.store import Database
from data.store.encoding import tombstone
from data.store.forgetting_tables import erasure
from data.store.tables import FLAG_ERASED, event

ALICE = Reference("member", "m-42", "Alice Moss")


def telling_of(erased: UUID, at: datetime, reason: str | None, *, whole: bool) -> Draft:
    """What tells that an event was erased."""
    return Draft(
        type="log.event_erased",
        occurred_at=at,
        outcome=Outcome.SUCCESS,
        actor=ALICE,
        target=Reference("event", str(erased)),
        reason=reason,
        data={"erased": str(erased), "whole": whole},
    )


def erase(
    database: Database, found: Event, at: datetime, reason: str | None = "a request of the person", *, whole: bool
) -> None:
    """Take the personal part of an event away, or with `whole` all of it; one event tells of it."""
    note_erasure(database, found.id, telling_of(found.id, at, reason, whole=whole), whole=whole)
    left = {event.c.body: tombstone(found.id, found.occurred_at, found.recorded_at).decode()} if whole else {}
    with database.writing() as work:
        work.connection.execute(
            sa.update(event)
            .where(event.c.id == found.id)
            .values({event.c.salt: None, event.c.personal: None, event.c.flags: FLAG_ERASED, **left})
        )
        work.commit()


def note_erasure(database: Database, erased: UUID, told: Draft, *, whole: bool) -> None:
    """Append what tells of an erasure, and note that this event does."""
    with database.writing() as work:
        work.events.append(told)
        told_by, seq = (
            work.connection.execute(chosen).scalar_one()
            for chosen in (
                sa.select(event.c.id).order_by(event.c.seq.desc()).limit(1),
                sa.select(event.c.seq).where(event.c.id == erased),
            )
        )
        work.connection.execute(sa.insert(erasure).values(seq=seq, is_whole=whole, event_id=erased, told_by=told_by))
        work.commit()

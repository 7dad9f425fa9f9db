"""Erasing an event with the event that tells of it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from data.records import Draft, Event, Outcome, Reference
from data.store import Database
from data.store.forgetting_tables import erasure
from data.store.tables import event
from tests.integration.forgetting import erase_row

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
    erase_row(database, found.id, _tell(database, telling_of(found.id, at, reason, whole=whole)), whole=whole)


def note_erasure(database: Database, erased: UUID, told: Draft, *, whole: bool) -> None:
    """Append what tells of an erasure, and note that this event does; nothing is erased."""
    told_by = _tell(database, told)
    with database.writing() as work:
        seq = work.connection.execute(sa.select(event.c.seq).where(event.c.id == erased)).scalar_one()
        noted = sa.insert(erasure).values(seq=seq, is_whole=whole, event_id=erased, told_by=told_by)
        work.connection.execute(noted)
        work.commit()


def _tell(database: Database, told: Draft) -> UUID:
    """Append an event; its id."""
    with database.writing() as work:
        work.events.append(told)
        newest = sa.select(event.c.id).order_by(event.c.seq.desc()).limit(1)
        told_by: UUID = work.connection.execute(newest).scalar_one()
        work.commit()
        return told_by

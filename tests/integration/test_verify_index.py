"""What is altered in the index and whole by its own digests is found; what erasing and removing leave in it is not."""

from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pyroaring import BitMap

from data.index import building, tables
from data.index.digests import digest_of
from data.index.gone import write_gone
from data.index.stored import header_digest
from data.index.tallies import Tally, tally_of
from data.records import Draft, Reference
from data.services.audit_log import AuditLog
from tests.hand_clock import NOW, HandClock
from tests.integration.events import append, plain_drafts
from tests.integration.lawful_forgetting import erase, remove
from tests.integration.sealed_logs import mixed_drafts, open_log


@pytest.fixture
def log(address: str, clock: HandClock, tmp_path: Path) -> Iterator[AuditLog]:
    """Events of several people, one of them under two names, all in one segment."""
    names = [
        Draft(type="x.y", occurred_at=NOW + timedelta(hours=1, seconds=at), actor=Reference("member", "m-9", name))
        for at, name in enumerate(("Bo", "Bo Hill", "Bo"))
    ]
    with closing(open_log(address, tmp_path, clock)) as opened:
        append(opened.gate.database, [*mixed_drafts(), *names])
        append(opened.gate.database, plain_drafts(building.LEAST, start=NOW + timedelta(hours=2)))
        opened.keeper.run()
        yield opened


def said(log: AuditLog) -> list[str]:
    """All findings, in words."""
    return [one.sentence for one in log.proofs.verify(log.caller()).findings]


def _header(**values: Callable[[Any], object]) -> Callable[[sa.Connection], None]:
    """Forges columns of the segment's row, with their digest."""

    def forge(connection: sa.Connection) -> None:
        row = connection.execute(sa.select(tables.segment).where(tables.segment.c.is_live)).one()
        forged = {**row._mapping, **{name: value(getattr(row, name)) for name, value in values.items()}}
        forged["digest"] = header_digest(row.id, forged)
        number = forged.pop("id")
        connection.execute(sa.update(tables.segment).where(tables.segment.c.id == number).values(forged))

    return forge


def _tally(connection: sa.Connection) -> None:
    for key, body in connection.execute(sa.select(tables.tally.c.key, tables.tally.c.body)):
        tally = Tally(bytes(body))
        if len(tally.codes) or len(tally.terms) < 2:
            continue
        forged = tally_of(tally.terms, array("I", [*tally.counts[:-1], tally.counts[-1] + 1]))
        digest = digest_of("index_tally", key, forged)
        connection.execute(sa.update(tables.tally).where(tables.tally.c.key == key).values(body=forged, digest=digest))
        return


def _gone(connection: sa.Connection) -> None:
    number = connection.execute(sa.select(tables.segment.c.id).where(tables.segment.c.is_live)).scalar_one()
    write_gone(connection, number, BitMap([3]))


def _alias(connection: sa.Connection) -> None:
    first = sa.select(sa.func.min(tables.alias.c.term)).scalar_subquery()
    connection.execute(sa.update(tables.alias).where(tables.alias.c.term == first).values(value=-5))


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (_header(low=lambda low: UUID(int=low.int + (1 << 90))), "no event that early or late"),
        (_header(high=lambda high: UUID(int=high.int - (1 << 90))), "no event that early or late"),
        (_header(least_seq=lambda seq: seq + 1), "no event with such a number"),
        (_header(most_seq=lambda seq: seq - 1), "no event with such a number"),
        (_header(moments=lambda moments: array("q", [7, *array("q", moments)[1:]]).tobytes()), "at other moments"),
        (_header(directory=lambda directory: directory[:-4] + b"\xff\xff\xff\x7f"), "where they are not"),
        (_tally, "wrongly"),
        (_gone, "leaves out an event that is there"),
        (_alias, "with those of others"),
    ],
)
def test_what_was_altered_with_its_digest_is_found(
    forge: Callable[[sa.Connection], None], says: str, log: AuditLog
) -> None:
    assert said(log) == []
    with log.gate.database.upkeep_writing() as connection:
        forge(connection)
    told = said(log)
    assert len(told) <= 2 and any(says in one for one in told), told


def test_what_was_erased_or_removed_is_no_finding_before_and_after_the_index_is_mended(log: AuditLog) -> None:
    erase(log.gate.database, 4, wholly=True)
    erase(log.gate.database, 40, wholly=False)
    remove(log.gate.database, [5, 6, 500])
    assert said(log) == []
    log.keeper.run()
    assert said(log) == []


def test_all_of_a_segment_can_be_removed(log: AuditLog) -> None:
    remove(log.gate.database, range(log.keeper.seal() or 43 + building.LEAST))
    assert said(log) == []
    log.keeper.run()
    assert said(log) == []

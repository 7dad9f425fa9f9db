"""A service that is slower than the keys: the last question's answer is shown and no other, and nothing waits for an older one."""

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.answers import Cursor, Dimension, Direction, Facet, Page, Snapshot
from data.query import EventQuery, print_query
from data.records import Event
from data.services.audit_log import AuditLog
from data.stop import Stop
from data.store import Database, ReadTransaction
from tests.functional.console.demo_log import ZONE, end_clock, selected
from tests.functional.console.driving import running

# Far more rows than are counted in the time that a test may take: only an interrupt ends it.
_ENDLESS = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n
"""


class _DawdlingLog(AuditLog):
    """Older questions take longer than newer ones, and heed no request to stop: their answers come last."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), ZONE, clock=end_clock)
        self.pages: list[str] = []
        self.answered: list[str] = []

    def page(
        self,
        query: EventQuery,
        cursor: Cursor | None = None,
        *,
        direction: Direction = Direction.OLDER,
        limit: int = 50,
        patience_s: float | None = None,
        stop: Stop | None = None,
    ) -> Page:
        text = print_query(query)
        self.pages.append(text)
        time.sleep(max(0.6 - 0.05 * len(self.pages), 0.0))
        page = super().page(query, cursor, direction=direction, limit=limit)
        self.answered.append(text)
        return page


class _EndlessLog(AuditLog):
    """Every question for counts runs a statement that does not end by itself, but for those of one query."""

    quick = ""
    begun = 0

    def facets(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimensions: Collection[Dimension],
        *,
        limit: int = 20,
        matching: str = "",
        stop: Stop | None = None,
    ) -> tuple[Facet, ...]:
        if print_query(query) != self.quick:
            self.begun += 1
            with self.gate.database.asking(stop) as transaction:
                transaction._connection.execute(sa.text(_ENDLESS)).all()
        return super().facets(query, snapshot, dimensions, limit=limit, matching=matching, stop=stop)


async def test_a_filter_changed_ten_times_in_a_second_shows_the_last_answer_and_no_other(
    demo: Path, events: list[Event]
) -> None:
    log = _DawdlingLog(demo)
    async with running(lambda: log, "last:30d") as driver:
        log.pages.clear()
        log.answered.clear()
        seen = {driver.current.id}
        for _ in range(10):
            await driver.press_now("full_stop")
            seen.add(driver.current.id)
        last = driver.query
        assert len(log.answered) < 5, "keys wait for no answer"
        while len(log.answered) < len(log.pages) or driver.app.is_asking:
            await driver.until(lambda: len(log.answered) == len(log.pages))
            await driver.settle()
            seen.add(driver.current.id)
        newest = selected(last, events)
        assert driver.deck.window.events == newest[:100] and driver.shows(f" {len(newest):,} events")
        assert seen == {selected("last:30d", events)[0].id, newest[0].id}, "another query's answer was shown on the way"


async def test_questions_that_do_not_end_are_broken_off_and_hold_back_no_newer_one(demo: Path) -> None:
    log = _EndlessLog(str(demo), ZONE, clock=end_clock)
    async with running(lambda: log, "last:30d", settled=False) as driver:
        await driver.until(lambda: log.begun > 0)
        for number in range(20):  # more than there are connections at a time
            await driver.press_now("full_stop" if number % 2 else "comma")
            await driver.until(lambda number=number: log.begun > number + 1)  # type: ignore[misc]
        log.quick = "last:7d"
        await driver.press_now("d", "w")
        await driver.settle()
        assert driver.query == "last:7d" and not any(row.rstrip().endswith(" …") for row in driver.region("#sidebar"))


async def test_no_question_is_asked_in_the_thread_of_the_interface(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[threading.Thread] = []
    asking = Database.asking

    @contextmanager
    def noting(database: Database, stop: Stop | None = None) -> Iterator[ReadTransaction]:
        asked.append(threading.current_thread())
        with asking(database, stop) as transaction:
            yield transaction

    monkeypatch.setattr(Database, "asking", noting)
    async with running(lambda: AuditLog(str(demo), ZONE, clock=end_clock), "last:30d") as driver:
        keys = (
            "j G g f e slash p escape escape full_stop u d w slash p enter u enter escape plus a u h escape r v escape"
        )
        await driver.press(*keys.split(), "4", "1", "c", "escape")
        assert len(asked) > 20 and threading.main_thread() not in asked


async def test_counts_that_were_called_off_are_said_not_to_come(demo: Path) -> None:
    log = _EndlessLog(str(demo), ZONE, clock=end_clock)
    async with running(lambda: log, "last:30d", settled=False) as driver:
        await driver.until(lambda: log.begun > 0 and driver.shows(" success "))
        await driver.press_now("ctrl+c")
        await driver.until(lambda: driver.shows("not counted"))
        log.quick = "last:30d"
        await driver.press("r")
        assert not driver.shows("not counted")

"""Building, merging, folding and mending the index, on both engines: at any moment it holds what the rows do."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from data.answers import Dimension
from data.errors import Cancelled
from data.index import building, folding, merging
from data.index.aliases import Aliases
from data.index.indexer import Indexed, Indexer
from data.index.reader import IndexedReaders
from data.query import EventQuery
from data.records import Draft, Log, Reference
from data.requests import Request, request_draft
from data.stop import Stop
from data.store import Database
from tests.hand_clock import NOW
from tests.index_checker import check_index, make_small, sizes
from tests.integration.events import UTC_ZONE, append
from tests.integration.varied_events import varied

LEAST = 16


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)
    monkeypatch.setattr(building, "LEAST", LEAST)
    monkeypatch.setattr(merging, "CAPS", (60, 120, 180, 400))
    monkeypatch.setattr(folding, "LEAST", 24)
    monkeypatch.setattr(folding, "MOST", 600)


def build(database: Database, most: int = 1 << 16, log: Log = Log.CHANGES) -> tuple[int, int]:
    with database.upkeep_reading() as connection:
        return building.build(connection, database.upkeep_writing, log, Aliases(), Stop(), most=most)


def test_what_comes_in_order_goes_into_one_segment_after_another(database: Database) -> None:
    append(database, varied(range(200)))
    append(database, varied(range(40)), Log.REQUESTS)
    assert build(database, 120) == (120, 1)
    assert check_index(database) == {Log.CHANGES: [120], Log.REQUESTS: []}
    assert (build(database), build(database)) == ((80, 1), (0, 0))
    assert build(database, log=Log.REQUESTS) == (40, 1)
    assert check_index(database) == {Log.CHANGES: [120, 80], Log.REQUESTS: [40]}


def test_what_comes_late_goes_into_a_segment_of_its_own(database: Database) -> None:
    append(database, varied(range(99, 201)))
    build(database)
    append(database, varied([*range(94, 99), *range(201, 231)]))
    assert build(database) == (35, 2)
    with database.upkeep_reading() as connection:
        assert sizes(connection, Log.CHANGES, late=True) == [5]
    check_index(database)


def test_an_older_log_that_is_imported_is_in_order_too(database: Database) -> None:
    append(database, varied(range(300, 400)))
    append(database, varied(range(100, 120)))
    build(database, 100)
    build(database)
    append(database, varied(range(200, 200 + LEAST)))
    append(database, varied(range(LEAST - 1)))
    assert build(database) == (2 * LEAST - 1, 2)
    with database.upkeep_reading() as connection:
        assert sizes(connection, Log.CHANGES, late=False) == [20, LEAST, 100]
        assert sizes(connection, Log.CHANGES, late=True) == [LEAST - 1]
    check_index(database)


@pytest.mark.parametrize("seed", [0, 1])
def test_whatever_comes_and_whenever_the_index_is_kept_it_holds_what_the_rows_do(database: Database, seed: int) -> None:
    chance = Random(seed)
    indexer = Indexer(database)
    left = list(range(700))
    if seed:
        left.sort(key=lambda number: number + (chance.random() < 0.1) * chance.randrange(500))
    else:
        chance.shuffle(left)
    done = Indexed()
    for number in count():
        size = chance.randrange(1, 150)
        append(database, varied(left[:size]))
        append(database, varied(left[: size // 3]), Log.REQUESTS)
        done += indexer.run(most=100)
        left = left[size:]
        if not left or not number % 3:
            check_index(database)
        if not left:
            break
    assert done.events > 700 and done.merged > 3 and done.folded
    with database.upkeep_reading() as connection:
        assert sizes(connection, Log.CHANGES, late=True)


def test_few_events_far_apart_do_not_make_a_whole_log_late(database: Database) -> None:
    append(database, varied([*range(20), *range(900, 920)]))
    Indexer(database).run()
    append(database, varied(range(300, 600)))
    done = Indexer(database).run()
    assert (done.events, done.folded) == (300, 2)
    with database.upkeep_reading() as connection:
        # The many are what the few are folded into, but for those that are newer.
        assert sizes(connection, Log.CHANGES, late=False) == [320]
        assert sizes(connection, Log.CHANGES, late=True) == [20]
    check_index(database)


def test_it_is_called_off_between_two_steps(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    append(database, varied(range(200)))
    stop = Stop()
    build_one = building.build

    def build_and_stop(*arguments: Any, **options: Any) -> tuple[int, int]:  # noqa: ANN401
        stop.request()
        return build_one(*arguments, **options)

    monkeypatch.setattr(building, "build", build_and_stop)
    with pytest.raises(Cancelled):
        Indexer(database).run(stop, most=100)
    check_index(database, is_tidy=False)
    assert Indexer(database).run().events == 200
    check_index(database)


def test_a_name_that_only_another_log_has_finds_what_it_means(address: str) -> None:
    with closing(Database(address, readers=IndexedReaders())) as database:
        database.upgrade()
        request = Request(
            action="GET /v1/orders", status=200, executed_at=NOW, client=Reference("api_client", "c-77", "Payrol")
        )
        calls = [replace(request, executed_at=NOW + timedelta(seconds=number)) for number in range(LEAST)]
        append(database, [request_draft(call) for call in calls], Log.REQUESTS)
        assert build(database, log=Log.REQUESTS)[0] == LEAST
        renamed = Draft(type="project.created", occurred_at=NOW, client=Reference("api_client", "c-77", "Wages feed"))
        append(database, [renamed])
        with database.reading(UTC_ZONE, log=Log.REQUESTS) as reader:
            (facet,) = reader.facets(EventQuery(), reader.snapshot(), [Dimension.CLIENT], matching="wages")
    assert [(value.label, value.count, value.also) for value in facet.values] == [("Payrol", LEAST, "Wages feed")]

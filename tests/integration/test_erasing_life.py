"""Erasing in the life of a log: whatever is appended, indexed and erased in between, the index answers as a plain look does."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from data.answers import Dimension
from data.errors import AuditdeckError
from data.index import building, folding, merging
from data.index.indexer import Indexer
from data.query import parse_query
from data.records import Event
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.index_checker import check_index, make_small
from tests.integration.events import EVERYTHING, append
from tests.integration.killing import Killed, killed_before
from tests.integration.raw_access import run_raw
from tests.integration.sealed_logs import open_log
from tests.integration.varied_events import varied

_ROUNDS = 5
_ASKED = ("outcome:denied", "service:gateway", "has:reason", "type:log.tombstone", "actor:m-3", "duration:>200ms")


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)
    monkeypatch.setattr(building, "LEAST", 16)
    monkeypatch.setattr(merging, "CAPS", (30, 60, 90, 120))
    monkeypatch.setattr(folding, "LEAST", 24)


@pytest.fixture
def log(address: str, tmp_path: Path, clock: HandClock) -> Iterator[AuditLog]:
    with closing(open_log(address, tmp_path, clock)) as opened:
        yield opened


def held(event: Event) -> list[str]:
    """Questions that find an event by its personal part, and by nothing that is left of it."""
    found = [f"request:{event.request_id}"] if event.request_id else []
    found += [f"ip:{event.ip}"] if event.ip else []
    return [*found, f'actor:"{event.actor.name}"'] if event.actor.name else found


def agree(log: AuditLog) -> None:
    """The index says what a look at every row says."""
    with log.gate.database.asking() as transaction:
        reader = transaction.events(log.zone)
        plain = reader._plain  # type: ignore[attr-defined]
        snapshot = reader.snapshot()
        for words in ("", *_ASKED):
            query = parse_query(f"{words} last:all")
            assert reader.count(query, snapshot) == plain.count(query, snapshot), words
            items = reader.page(query, limit=1_000).items
            assert items == plain.page(query, limit=1_000).items and len(items) == plain.count(query, snapshot), words
        for dimension in Dimension:
            faceted, scanned = (one.facets(EVERYTHING, snapshot, [dimension])[0] for one in (reader, plain))
            counts = [{value.value: value.count for value in facet.values} for facet in (faceted, scanned)]
            assert counts[0] == counts[1], dimension


def test_the_index_answers_as_a_plain_look_does_whatever_was_erased(log: AuditLog) -> None:
    chance, database, gone = Random(11), log.gate.database, dict[str, list[str]]()
    for turn in range(_ROUNDS):
        append(database, varied(range(turn * 25, turn * 25 + chance.randrange(5, 25))))
        if chance.random() < 0.6:
            Indexer(database).run()
        events = [one for one in log.page(EVERYTHING, limit=1_000).items if one.type.startswith("project.")]
        for event in chance.sample(events, 3):
            whole = chance.random() < 0.4
            asked = held(log.get(event.id))
            assert all(log.count(parse_query(f"id:{event.id} {one} last:all")) == 1 for one in asked)
            log.erasing.erase(event.id, log.caller(), whole=whole, reason="asked for")
            gone.setdefault(str(event.id), []).extend([*asked, f"type:{event.type}"] if whole else asked)
        agree(log)
        for event_id, asked in gone.items():
            assert [one for one in asked if log.count(parse_query(f"id:{event_id} {one} last:all"))] == []
    append(database, varied(range(1_000, 1_040)))  # so that all is indexed
    log.keeper.run()
    agree(log)
    check_index(database)
    assert not log.erasing.unfinished().is_pending


@pytest.mark.parametrize("whole", [False, True])
def test_killed_at_any_statement_an_erasure_is_done_or_not_done(address: str, log: AuditLog, whole: bool) -> None:
    database = log.gate.database
    append(database, varied(range(40)))
    Indexer(database).run()
    (event,) = log.page(EVERYTHING, limit=1).items
    state = (
        "SELECT (SELECT count(*) FROM event WHERE personal IS NULL), (SELECT count(*) FROM erasure), "
        "(SELECT count(*) FROM event JOIN term ON term.id = event.type WHERE term.name = 'log.event_erased'), "
        "(SELECT count(*) FROM index_damage), (SELECT count(*) FROM unindexed_event)"
    )
    before, is_done, number = run_raw(address, state), False, 0
    assert before == [(0, 0, 0, 0, 0)]
    while not is_done:
        try:
            with killed_before(database, number):
                log.erasing.erase(event.id, log.caller(), whole=whole, reason="asked for")
            break
        except Killed:
            pass
        except AuditdeckError as error:  # of what is left of a connection that was cut
            assert not str(error)
        after = run_raw(address, state)
        is_done = after != before
        assert is_done is (after == [(1, 1, 1, 1, 2)]), number
        number += 1
    assert number > 10
    log.erasing.erase(event.id, log.caller(), whole=whole, reason="asked for")
    assert run_raw(address, state) == [(1, 1, 1, 1, 2)]
    append(database, varied(range(40, 80)))  # so that all is indexed
    log.keeper.run()
    check_index(database)
    assert not log.erasing.unfinished().is_pending


def test_killed_at_any_statement_the_keeper_leaves_no_event_without_its_names(log: AuditLog) -> None:
    database = log.gate.database
    append(database, varied(range(40)))
    Indexer(database).run()
    for event in log.page(EVERYTHING, limit=3).items:
        log.erasing.erase(event.id, log.caller(), whole=True, reason="asked for")
    number = 0
    while True:
        try:
            with killed_before(database, number):
                Indexer(database).run()
            break
        except Killed:
            number += 5
        agree(log)
        log.get(event.id)
    assert number > 20 and not log.erasing.unfinished().names
    append(database, varied(range(40, 80)))  # so that all is indexed
    Indexer(database).run()
    check_index(database)

"""What only an erased event named leaves the dictionary and the files, and nobody uses the id of a term that is gone."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa

from data.answers import Dimension
from data.index import building, merging
from data.index.indexer import Indexer
from data.records import Draft, Reference
from data.services.audit_log import AuditLog
from data.store import Database
from data.store.forgetting_tables import term_epoch, term_in_doubt
from data.store.tables import DIMENSION_NUMBERS, event, term
from tests.hand_clock import NOW, HandClock
from tests.index_checker import check_index, make_small
from tests.integration.events import EVERYTHING, append
from tests.integration.sealed_logs import open_log
from tests.integration.varied_events import varied

MARK = "Zq7w"
"""Stands in every text of what is erased, and nowhere else."""
_LOCK_S = 20
_REMOVALS = 3


def marked(number: int = 0) -> Draft:
    """An event whose every text is its own."""
    return Draft(
        type="project.created",
        occurred_at=NOW + timedelta(seconds=30, microseconds=number),
        actor=Reference("member", "m-1", f"{MARK} actor {number}"),
        target=Reference("project", f"{MARK}-id-{number}", f"{MARK} target {number} {'x' * 6_000}"),
        service=f"{MARK} service {number}",
        ip=f"{MARK.lower()}-{number}.example.org",
        user_agent=f"{MARK} agent {number}",
        request_id=f"{MARK} request {number}",
        session_id=f"{MARK} session {number}",
        token=f"{MARK}tok{number}",
        reason=f"{MARK} reason {number}",
        data={"note": f"{MARK} note {number} {'y' * 9_000}"},
    )


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)
    monkeypatch.setattr(building, "LEAST", 16)
    monkeypatch.setattr(merging, "CAPS", (30, 60, 90, 120))


@pytest.fixture
def log(address: str, tmp_path: Path, clock: HandClock) -> Iterator[AuditLog]:
    with closing(open_log(address, tmp_path, clock)) as opened:
        yield opened


def names(database: Database) -> list[str]:
    """All names and ids of the dictionary that have the mark."""
    with database.upkeep_reading() as connection:
        rows = connection.execute(sa.select(term.c.name, term.c.ident, term.c.folded)).all()
    return [text for row in rows for text in row if text is not None and MARK.lower() in text.lower()]


def dangling(database: Database) -> list[int]:
    """Ids of terms that events have and the dictionary has not."""
    with database.upkeep_reading() as connection:
        known = set(connection.scalars(sa.select(term.c.id)))
        used = {key for name in DIMENSION_NUMBERS for key in connection.scalars(sa.select(event.c[name]))}
    return sorted(used - known - {None})


def doubts(database: Database) -> tuple[int, int]:
    """How many terms are in doubt, and how often some were removed."""
    with database.upkeep_reading() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(term_in_doubt)).scalar_one()
        return count, connection.execute(sa.select(term_epoch.c.removals)).scalar_one()


def id_of(log: AuditLog, draft: Draft) -> object:
    (found,) = [one for one in log.page(EVERYTHING, limit=500).items if one.occurred_at == draft.occurred_at]
    return found.id


def erase(log: AuditLog, *drafts: Draft, whole: bool = True) -> None:
    for draft in drafts:
        (found,) = [one for one in log.page(EVERYTHING, limit=500).items if one.occurred_at == draft.occurred_at]
        log.erasing.erase(found.id, log.caller(), whole=whole, reason="asked for")


@pytest.mark.parametrize("is_indexed", [False, True])
def test_names_that_no_event_has_any_more_go(log: AuditLog, is_indexed: bool) -> None:
    database = log.gate.database
    append(database, [*varied(range(40)), marked(1), marked(2)])
    if is_indexed:
        assert Indexer(database).run().events == 42
    erase(log, marked(1))
    assert log.erasing.unfinished().names
    log.keeper.index()
    assert not any(" 1" in name or "-1" in name for name in names(database)) and names(database)
    assert dangling(database) == [] and doubts(database) == (0, 1)
    assert not log.erasing.unfinished().names
    assert not Indexer(database).is_due()
    erase(log, marked(2))
    log.keeper.index()
    assert names(database) == [] and dangling(database) == []
    check_index(database)


def test_a_name_that_another_event_has_stays(log: AuditLog) -> None:
    database = log.gate.database
    twin = Draft(type="project.created", occurred_at=NOW, service=marked(1).service, actor=marked(1).actor)
    append(database, [*varied(range(40)), marked(1)])
    Indexer(database).run()
    append(database, [twin])  # which waits
    log.requests.append([Draft(type="request.served", occurred_at=NOW, target=marked(1).target)])
    erase(log, marked(1))
    log.keeper.index()
    assert {name[:9] for name in names(database)} == {
        "Zq7w acto",
        "zq7w acto",
        "Zq7w serv",
        "zq7w serv",
        "Zq7w targ",
        "zq7w targ",
        "Zq7w-id-1",
    }
    assert doubts(database)[0] == 0 and dangling(database) == []


def test_the_name_that_is_left_of_a_value_is_the_one_that_is_shown(log: AuditLog) -> None:
    """Two names of one id were one value; one of them goes, and comes back."""
    database = log.gate.database
    old, new = (Reference("member", "m-9", name) for name in (f"{MARK} Old", "Ada New"))
    first = Draft(type="project.created", occurred_at=NOW + timedelta(seconds=40), actor=old)
    append(database, [*varied(range(40)), first, Draft(type="project.created", occurred_at=NOW, actor=new)])
    Indexer(database).run()

    def shown(matching: str = "") -> dict[str, int]:
        facets = log.facets(EVERYTHING, log.page(EVERYTHING).snapshot, [Dimension.ACTOR], matching=matching)
        return {value.label: value.count for value in facets[0].values}

    assert shown(MARK) == {f"{MARK} Old": 2}
    erase(log, first, whole=False)
    log.keeper.index()
    assert shown(MARK) == {} and shown("Ada New") == {"m-9": 2}  # its id is all that the newest event says of it
    assert names(database) == []
    check_index(database)
    append(database, [Draft(type="project.created", occurred_at=NOW + timedelta(seconds=50), actor=old)])
    assert f"{MARK} Old" in shown(MARK)
    append(database, varied(range(40, 80)))
    Indexer(database).run()
    assert f"{MARK} Old" in shown(MARK) and dangling(database) == []
    check_index(database)


def test_who_remembers_a_term_that_is_gone_does_not_use_it(address: str, log: AuditLog, clock: HandClock) -> None:
    with closing(Database(address, clock=clock)) as another:
        append(another, [*varied(range(40)), marked(1)])
        erase(log, marked(1))
        log.keeper.index()
        assert names(another) == []
        late = Draft(type="project.created", occurred_at=NOW + timedelta(hours=1), service=marked(1).service)
        append(another, [late])
        assert dangling(another) == [] and names(another) == [marked(1).service, str(marked(1).service).casefold()]
        assert id_of(log, late)


def test_a_term_that_somebody_is_about_to_use_stays(address: str, log: AuditLog, clock: HandClock) -> None:
    """On each engine the writer has looked its terms up when whoever removes them comes; both go on to their end."""
    append(log.gate.database, [*varied(range(40)), marked(1)])
    erase(log, marked(1))
    late = Draft(type="project.created", occurred_at=NOW + timedelta(hours=1), service=marked(1).service)
    with closing(Database(address, clock=clock)) as another:
        with another.writing() as work:
            work.events.append_new([late])
            keeping = threading.Thread(target=log.keeper.index)
            keeping.start()
            keeping.join(0.5)
            assert keeping.is_alive() is another.location.is_embedded  # where only one writes
            work.commit()
        keeping.join(_LOCK_S)
        assert not keeping.is_alive()
        log.keeper.index()
        assert dangling(another) == [] and doubts(another)[0] == 0
        assert names(another) == [marked(1).service, str(marked(1).service).casefold()]


def test_many_who_write_while_names_go_never_use_one_that_is_gone(address: str, log: AuditLog) -> None:
    database, enough = log.gate.database, threading.Event()
    append(database, varied(range(40)))
    failed: list[BaseException] = []

    def write(number: int) -> None:
        """Few names, each again and again."""
        try:
            with closing(Database(address)) as own:
                for turn in count():
                    at = NOW + timedelta(hours=1 + number, seconds=turn)
                    append(own, [Draft(type="project.created", occurred_at=at, service=f"{MARK} {number} {turn % 12}")])
                    if enough.wait(0.2):
                        return
        except BaseException as error:
            failed.append(error)
            raise

    def erase_all() -> None:
        for one in log.page(EVERYTHING, limit=1_000).items:
            if one.service and MARK in one.service:
                log.erasing.erase(one.id, log.caller(), whole=True, reason="asked")
        log.keeper.index()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    end = monotonic() + _LOCK_S
    try:
        while doubts(database)[1] < _REMOVALS and monotonic() < end:
            erase_all()
    finally:
        enough.set()
        for thread in threads:
            thread.join(_LOCK_S)
    assert doubts(database)[1] >= _REMOVALS
    erase_all()
    assert not failed and dangling(database) == [] and names(database) == []


def _bytes(address: str) -> bytes:
    return b"".join(path.read_bytes() for path in Path(address).parent.glob(f"{Path(address).name}*"))


def test_the_bytes_are_gone_from_the_files(sqlite_address: str, tmp_path: Path, clock: HandClock) -> None:
    """The database's own files, with the row, the dictionary and the index."""
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        database = log.gate.database
        for first in range(0, 300, 50):  # among others, whose pages are split by them and by those that follow
            append(database, varied(range(first, first + 50)))
            append(database, [marked(number) for number in range(first // 10, first // 10 + 5)])
            Indexer(database).run()
        append(database, [Draft(type=f"a.{n}", occurred_at=NOW, service=f"Yq {n * 7919 % 500}") for n in range(500)])
        assert _bytes(sqlite_address).lower().count(MARK.lower().encode()) > 100
        erase(log, *(marked(first // 10 + one) for first in range(0, 300, 50) for one in range(5)))
        assert _bytes(sqlite_address).count(f"{MARK} note".encode()) == 0
        log.keeper.index()
        assert not log.erasing.unfinished().is_pending
        assert _bytes(sqlite_address).lower().count(MARK.lower().encode()) == 0
        check_index(database)


def test_while_somebody_reads_the_bytes_are_said_to_be_left(
    sqlite_address: str, tmp_path: Path, clock: HandClock
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log, closing(Database(sqlite_address)) as another:
        append(log.gate.database, [marked(1), *varied(range(40))])
        with another.reading(log.zone) as reader:
            assert reader.page(EVERYTHING).items
            erase(log, marked(1))
            log.keeper.index()
            assert log.erasing.unfinished().bytes_since == clock.now and not log.erasing.unfinished().names
            assert MARK.encode() in _bytes(sqlite_address)
        assert log.erasing.unfinished().is_pending
        log.keeper.index()
        assert not log.erasing.unfinished().is_pending
        assert MARK.encode() not in _bytes(sqlite_address)

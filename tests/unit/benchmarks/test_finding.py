"""The benchmark of finding over a few events: all that it makes is right, and so is every answer that it compares."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from data.answers import Facet, Histogram, Page, Snapshot
from data.clock import from_microseconds
from data.query import EventQuery, parse_query
from data.store import Database
from data.store.encoding import decode, encode
from data.store.reader import EventReader
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.finding.__main__ import main
from tests.benchmarks.finding.checking import Checker
from tests.benchmarks.finding.columns import END, LATE
from tests.benchmarks.finding.made import Made
from tests.benchmarks.finding.oracle import UTC, Oracle
from tests.benchmarks.finding.questions import Question, adversarial_questions, random_questions
from tests.benchmarks.finding.rows import draft_at
from tests.benchmarks.workplace import FOLDER_VARIABLE

EVENTS = 2_000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the events are made once."""
    return tmp_path_factory.mktemp("made")


@pytest.fixture(scope="module")
def made(kept: Path) -> Made:
    return Made(kept, EVENTS).in_new_folder()


def test_the_command_compares_and_measures(
    made: Made, kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(kept))
    few = ("--events", str(EVENTS), "--growth", "2", "--questions", "12", "--runs", "1", "--engine", "sqlite")
    assert main([*few, "right", "pages", "plain", "size"]) == 0
    told = capsys.readouterr().out
    for line in ("answered otherwise than by the columns", "page, adversarial, slowest", "index, an event"):
        assert line in told


def test_rows_are_those_that_the_writer_makes(made: Made, tmp_path: Path) -> None:
    columns, written = made.columns, tmp_path / "written.db"
    positions = Random(1).sample(range(EVENTS), 200)
    with closing(Database(str(written), durable=False)) as database:
        database.open()
        with database.writing() as work:
            work.events.append_new([draft_at(columns, position) for position in positions])
            work.commit()
    with closing(sqlite3.connect(made.sqlite(Deadline(60)))) as mine, closing(sqlite3.connect(written)) as other:
        for position in positions:
            id_bytes = draft_at(columns, position).id
            assert id_bytes is not None
            row, theirs = (_row(connection, id_bytes) for connection in (mine, other))
            assert row["seq"] == columns.seq[position]
            own = ("seq", "recorded_at", "salt", "leaf", "body")  # what depends on when, and on chance
            assert {key: row[key] for key in row if key not in own} == {
                key: theirs[key] for key in theirs if key not in own
            }
            draft, recorded_at = draft_at(columns, position), from_microseconds(row["recorded_at"])
            encoded = encode(draft, id_bytes, recorded_at, row["salt"])
            assert (row["body"], row["personal"], row["leaf"]) == (*encoded.parts, encoded.leaf)
            event = decode(row["body"], row["personal"])
            assert replace(draft, id=event.id) == draft and event.recorded_at == recorded_at


def test_every_row_waits_for_seal_and_index_and_some_came_late(made: Made) -> None:
    with closing(sqlite3.connect(made.sqlite(Deadline(60)))) as connection:
        (rows, pending) = connection.execute(
            "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM pending)"
        ).fetchone()
        triggers = connection.execute(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'event'"
        )
        assert (rows, pending, triggers.fetchone()) == (EVENTS, EVENTS, (6,))
    late = made.columns.recorded - made.columns.at > 30_000_000
    assert LATE * 0.7 < late.mean() < LATE * 1.3


class _Wrong:
    """A reader that is wrong in one thing."""

    def __init__(self, reader: EventReader, what: str) -> None:
        self._reader = reader
        self._what = what

    def page(self, *asked: object, **more: object) -> Page:
        page = self._reader.page(*asked, **more)  # type: ignore[arg-type]
        return replace(page, items=page.items[1:]) if self._what == "page" else page

    def count(self, query: EventQuery, snapshot: Snapshot) -> int:
        return self._reader.count(query, snapshot) + (self._what == "count")

    def facets(self, *asked: object, **more: object) -> tuple[Facet, ...]:
        facets = self._reader.facets(*asked, **more)  # type: ignore[arg-type]
        if self._what != "facet":
            return facets
        return tuple(replace(facet, values=facet.values[::-1]) for facet in facets)

    def histogram(self, query: EventQuery, snapshot: Snapshot) -> Histogram:
        found = self._reader.histogram(query, snapshot)
        if self._what != "histogram":
            return found
        return replace(found, buckets=tuple(replace(one, not_ok=one.not_ok + 1) for one in found.buckets))


def test_a_wrong_answer_is_noticed_and_a_right_one_is_not(made: Made) -> None:
    question = adversarial_questions(made.columns)[15]
    path = str(made.sqlite(Deadline(60)))
    with closing(Database(path, clock=lambda: END)) as database, database.reading(UTC) as reader:
        snapshot, oracle = reader.snapshot(), Oracle(made.columns)
        for actors in ('m-0,m-20,"Alice Moss 0"', '"Alice Moss 0",m-0', "m-0"):
            named = Question(parse_query(f"actor:{actors} last:all"))
            assert not list(Checker(reader, snapshot, oracle).faults(named)), actors
        for what in ("page", "count", "facet", "histogram"):
            wrong = _Wrong(reader, what)
            assert list(Checker(wrong, snapshot, oracle).faults(question)), what  # type: ignore[arg-type]


def test_questions_are_the_same_in_every_run(made: Made) -> None:
    assert random_questions(made.columns, 20) == random_questions(made.columns, 20)
    assert len(set(random_questions(made.columns, 20))) > 15 and len(adversarial_questions(made.columns)) == 20


def _row(connection: sqlite3.Connection, event_id: UUID) -> dict[str, Any]:
    """The row with this id, its keys as the terms that they stand for."""
    found = connection.execute("SELECT * FROM event WHERE id = ?", (event_id.bytes,))
    row = dict(zip((column[0] for column in found.description), found.fetchone(), strict=True))
    for key in ("type", "outcome", "actor", "client", "target", "service", "ip"):
        asked = "SELECT dimension, kind, ident, name, folded, address, digest FROM term WHERE id = ?"
        row[key] = connection.execute(asked, (row[key],)).fetchone()
    return row

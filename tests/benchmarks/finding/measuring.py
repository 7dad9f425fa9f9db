"""The parts of the benchmark, for one engine after the other."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from data.query import parse_query
from tests.benchmarks.finding.answering import NARROWED, Answering
from tests.benchmarks.finding.checking import Checker
from tests.benchmarks.finding.console import answers_to_keys, memory
from tests.benchmarks.finding.copies import copied_database, copied_file
from tests.benchmarks.finding.engines import SQLITE, Engine, postgres_engine, sqlite_engine
from tests.benchmarks.finding.goals import GOALS, Line, table_of
from tests.benchmarks.finding.indexing import build_index, index_bytes, keep_all_live, settle
from tests.benchmarks.finding.made import Made
from tests.benchmarks.finding.oracle import UTC, Oracle
from tests.benchmarks.finding.questions import Question, adversarial_questions, random_questions
from tests.benchmarks.finding.server import has_postgres, kept_server
from tests.benchmarks.finding.writing import many_writers, postgres_writing, sqlite_writing
from tests.benchmarks.report import Table, percentile
from tests.benchmarks.workplace import EVERYTHING, Workplace

if TYPE_CHECKING:
    from tests.integration.postgres_server import PostgresServer

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Ready:
    """An engine with its events and their index, and the server that it is on."""

    engine: Engine
    server: "PostgresServer | None"
    built_s: float


class Measuring:
    """Measures over the events in a folder. `growth` is how many times fewer events there are to compare with."""

    def __init__(self, kept: Path, place: Workplace, growth: int, questions: int) -> None:
        """`questions` are how many random ones there are beside the adversarial."""
        self._count = questions
        self._kept = kept
        self._place = place
        self._growth = growth
        self._made = Made(kept, place.events).in_new_folder()
        self.wrong = 0
        """Questions that were answered wrongly."""

    def tables(self, name: str, parts: Sequence[str]) -> Iterator[Table]:
        """What one engine reaches, a table a part; nothing where there is no such engine."""
        if name != SQLITE and not has_postgres():
            yield Table(f"{name}: not measured, there is none here", ("what",), ())
            return
        with ExitStack() as lent:
            server = None if name == SQLITE else lent.enter_context(kept_server(self._kept / "postgres"))
            ready = self._ready(self._made, server)
            if ready.built_s > 1:
                yield table_of(f"{name}: the index was built", [Line("seconds", ready.built_s, "s")])
            for part in parts:
                self._place.deadline.check()
                yield PARTS[part](self, ready)

    def _ready(self, made: Made, server: "PostgresServer | None") -> _Ready:
        deadline = self._place.deadline
        if server is None:
            engine = sqlite_engine(made.sqlite(deadline))
        else:
            engine = postgres_engine(server, self._kept / "postgres", made.postgres(server, deadline))
        keep_all_live(engine)
        began = time.perf_counter()
        if build_index(engine):
            settle(engine)
        return _Ready(engine, server, time.perf_counter() - began)

    @cached_property
    def _oracle(self) -> Oracle:
        return Oracle(self._made.columns)

    @cached_property
    def _questions(self) -> tuple[list[Question], list[Question]]:
        return self._questions_over(self._made)

    def _questions_over(self, made: Made) -> tuple[list[Question], list[Question]]:
        return random_questions(made.columns, self._count), adversarial_questions(made.columns)

    def right(self, ready: _Ready) -> Table:
        """Compare every answer with the columns'."""
        faults: list[str] = []
        with ready.engine.opened() as database, database.reading(UTC) as reader:
            checker = Checker(reader, reader.snapshot(), self._oracle)
            for question in (*self._questions[1], *self._questions[0]):
                self._place.deadline.check()
                found = list(checker.faults(question))
                faults += [f"{question}: {'; '.join(found)}"] if found else []
            for dimension, text in NARROWED:
                for letters in range(1, len(text) + 1):
                    found = list(checker.narrowing_faults(dimension, text[:letters], parse_query(EVERYTHING)))
                    faults += [f"{dimension} holding {text[:letters]}: {'; '.join(found)}"] if found else []
        self.wrong += len(faults)
        lines = [Line("questions answered otherwise than by the columns", float(len(faults)), "", 0)]
        return table_of(f"{ready.engine.name}: answers", lines, faults[:_SHOWN])

    def pages(self, ready: _Ready) -> Table:
        return self._timed("pages", ready, Answering.pages)

    def facets(self, ready: _Ready) -> Table:
        return self._timed("facets", ready, Answering.around)

    def narrowing(self, ready: _Ready) -> Table:
        return self._timed("narrowing", ready, Answering.narrowing)

    def plain(self, ready: _Ready) -> Table:
        return self._timed("the plain scan", ready, Answering.of_plain)

    def cold(self, ready: _Ready) -> Table:
        return self._timed("a cold start", ready, Answering.cold)

    def growth(self, ready: _Ready) -> Table:
        """The p95 of random pages here and over fewer events."""
        fewer = Made(self._kept, self._place.events // self._growth).in_new_folder()
        small = self._ready(fewer, ready.server)
        questions = self._questions_over(fewer)
        with self._answering(ready.engine, self._questions) as here, self._answering(small.engine, questions) as there:
            grown = next(here.pages()).reached / next(there.pages()).reached
        goal = GOALS[ready.engine.name].growth
        return table_of(
            f"{ready.engine.name}: growth",
            [Line(f"page p95 against {fewer.events:,} events", grown, "times", goal)],
        )

    def size(self, ready: _Ready) -> Table:
        """What the index takes."""
        each = index_bytes(ready.engine) / self._place.events
        return table_of(
            f"{ready.engine.name}: size", [Line("index, an event", each, "bytes", GOALS[ready.engine.name].index_bytes)]
        )

    def writing(self, ready: _Ready) -> Table:
        """What appending, indexing and importing take."""
        goals = GOALS[ready.engine.name]
        if ready.server is None:
            raw, written = "executemany", sqlite_writing(self._place, self._made.columns)
        else:
            raw, written = "COPY", postgres_writing(self._place, self._made.columns, ready.server)
        lines = (
            Line(f"store ready rows and index, against {raw}", written.stored, "times", goals.appending),
            Line(f"append drafts and index, against {raw}", written.appended, "times", goals.appending),
            Line("of that, building the index", written.indexed, "times"),
            Line(f"import and index, against {raw}", written.imported, "times", goals.importing),
        )
        return table_of(f"{ready.engine.name}: writing", lines)

    def writers(self, ready: _Ready) -> Table:
        """Eight writers of one file."""
        title = f"{ready.engine.name}: eight processes, one event a commit"
        if ready.server is not None:
            return Table(f"{title}: measured on SQLite alone", ("what",), ())
        found = many_writers(self._place)
        lines = (
            Line("commits a second", found.rate, ""),
            Line("processes that failed", float(found.failed), "", 0),
            Line("longest wait", found.longest, "ms", GOALS[ready.engine.name].waiting),
        )
        return table_of(title, lines)

    def memory(self, ready: _Ready) -> Table:
        """What the console needs over all events."""
        with self._copied(ready) as address:
            mine = memory(self._place, address)
        lines = (
            Line("console, all shown", mine.shown, "MB"),
            Line("console, at most", mine.most, "MB"),
            Line("minimal app", mine.minimal, "MB"),
            Line("console at most, against it", mine.most / mine.minimal, "times", GOALS[ready.engine.name].memory),
        )
        return table_of(f"{ready.engine.name}: memory", lines)

    def keys(self, ready: _Ready) -> Table:
        """Whether keys answer while the slowest question is being asked."""
        with self._copied(ready) as address:
            keys = answers_to_keys(self._place, address)
        lines = (
            Line("key to first byte, p50", percentile(keys.taken, 50), "ms"),
            Line("key to first byte, slowest", max(keys.taken), "ms", GOALS[ready.engine.name].key),
            Line("of a processor, used by the console meanwhile", keys.processor, "%"),
        )
        return table_of(f"{ready.engine.name}: keys while all events are looked through", lines)

    def _copied(self, ready: _Ready) -> AbstractContextManager[str]:
        if ready.server is None:
            return copied_file(Path(ready.engine.address), self._place.folder)
        return copied_database(ready.server, ready.engine.address)

    @contextmanager
    def _answering(self, engine: Engine, questions: tuple[list[Question], list[Question]]) -> Iterator[Answering]:
        with engine.opened() as database:
            yield Answering(engine, database, questions, self._place.runs, self._place.deadline)

    def _timed(self, title: str, ready: _Ready, ask: Callable[[Answering], Iterator[Line]]) -> Table:
        with self._answering(ready.engine, self._questions) as answering:
            return table_of(f"{ready.engine.name}: {title}", list(ask(answering)))


PARTS: dict[str, Callable[[Measuring, _Ready], Table]] = {
    "right": Measuring.right,
    "pages": Measuring.pages,
    "facets": Measuring.facets,
    "narrowing": Measuring.narrowing,
    "growth": Measuring.growth,
    "plain": Measuring.plain,
    "cold": Measuring.cold,
    "size": Measuring.size,
    "writing": Measuring.writing,
    "writers": Measuring.writers,
    "memory": Measuring.memory,
    "keys": Measuring.keys,
}

"""How long answers take: each question asked in each run, and the median over the runs."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import TypeVar

from data.answers import Cursor, Snapshot
from data.query import Clause, EventQuery, Key, Pattern, parse_query
from data.query.model import TIME_KEYS
from data.store import Database
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.finding.checking import FACETS, PAGE, TOP
from tests.benchmarks.finding.engines import Engine
from tests.benchmarks.finding.oracle import UTC
from tests.benchmarks.finding.questions import Question

_TABS = tuple(Clause(Key.TAB, (Pattern.literal(tab),)) for tab in ("admin", "users", "requests"))
_Asked = TypeVar("_Asked")


def seconds_each(
    runs: int, asked: Sequence[_Asked], ask: Callable[[_Asked], object], deadline: Deadline
) -> list[float]:
    """Seconds until each of these is answered, warm: the first run does not count."""
    taken: list[list[float]] = [[] for _ in asked]
    for run in range(runs + 1):
        for times, one in zip(taken, asked, strict=True):
            deadline.check()
            spent = seconds_of(partial(ask, one))
            if run:
                times.append(spent)
    return [median(times) for times in taken]


def seconds_of(ask: Callable[[], object]) -> float:
    """Seconds until it is done."""
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def ask_page(database: Database, snapshot: Snapshot, question: Question) -> object:
    """A page as a screen asks for it, in a transaction of its own: the first one with its snapshot."""
    with database.reading(UTC) as reader:
        cursor = None if question.id is None else Cursor(snapshot, question.direction, question.id)
        return reader.page(question.query, cursor, direction=question.direction, limit=PAGE)


def ask_facets(database: Database, snapshot: Snapshot, query: EventQuery) -> None:
    """All that stands around a page: tabs, the facets, and the histogram."""
    with database.reading(UTC) as reader:
        reader.facets(query, snapshot, FACETS, limit=TOP)
        for tab in _TABS:
            reader.count(query.without(Key.TAB).adding(tab), snapshot)
        reader.histogram(query, snapshot)


def cold_page_s(engine: Engine, question: Question, snapshot: Snapshot) -> float:
    """Seconds of the page with a new connection and nothing of the database in memory."""
    engine.forget()
    with engine.opened() as database:
        return seconds_of(partial(ask_page, database, snapshot, question))


def over(queries: Sequence[EventQuery], days: str) -> list[EventQuery]:
    """The queries, each once, over a stretch of time up to now in place of their own times."""
    last = parse_query(f"last:{days}").clauses
    return list(dict.fromkeys(EventQuery((*query.without(*TIME_KEYS).of(*_OTHER_KEYS), *last)) for query in queries))


_OTHER_KEYS = tuple(key for key in Key if key not in TIME_KEYS)

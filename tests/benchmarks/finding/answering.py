"""Times of answers: pages, what stands around them, narrowing, the cold start, and the plain scan."""

from collections.abc import Iterator, Sequence
from functools import partial

from data.answers import Dimension
from data.query import EventQuery, parse_query
from data.store import Database
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.finding.checking import TOP
from tests.benchmarks.finding.engines import Engine
from tests.benchmarks.finding.goals import GOALS, Line
from tests.benchmarks.finding.oracle import UTC
from tests.benchmarks.finding.questions import Question
from tests.benchmarks.finding.timing import ask_facets, ask_page, cold_page_s, over, seconds_each, seconds_of
from tests.benchmarks.report import percentile
from tests.benchmarks.workplace import EVERYTHING

NARROWED: tuple[tuple[Dimension, str], ...] = (
    (Dimension.TARGET, "dataset onyx"),
    (Dimension.TARGET, "Ledger 17"),
    (Dimension.IP, "10.12.1"),
    (Dimension.IP, "2001:db8"),
)
"""What is typed, letter by letter."""
_PLAIN = _COLD = 20
_FACETED = 40


class Answering:
    """Times one engine's answers, each question asked in so many runs."""

    def __init__(
        self,
        engine: Engine,
        database: Database,
        questions: tuple[Sequence[Question], Sequence[Question]],
        runs: int,
        deadline: Deadline,
    ) -> None:
        """`database` is the engine's, opened; the questions are random and adversarial ones."""
        random, adversarial = questions
        self._engine = engine
        self._database = database
        with database.reading(UTC) as reader:
            self._snapshot = reader.snapshot()
        self._runs = runs
        self._deadline = deadline
        self._random = random
        self._adversarial = adversarial
        self._goals = GOALS[engine.name]

    def pages(self) -> Iterator[Line]:
        """Pages of 50, warm. The first line is the p95 that grows with the log."""
        ask = partial(ask_page, self._database, self._snapshot)
        random = seconds_each(self._runs, self._random, ask, self._deadline)
        adversarial = seconds_each(self._runs, self._adversarial, ask, self._deadline)
        yield Line("page, random, p95", percentile(random, 95), "ms", self._goals.page_p95)
        yield Line("page, random, p50", percentile(random, 50), "ms")
        yield Line("page, random, slowest", max(random), "ms")
        yield Line("page, adversarial, p50", percentile(adversarial, 50), "ms")
        yield Line("page, adversarial, p95", percentile(adversarial, 95), "ms")
        yield Line("page, adversarial, slowest", max(adversarial), "ms", self._goals.page_most)

    def around(self) -> Iterator[Line]:
        """Tabs, facets and histogram together, warm, over the queries of some questions and over no filter at all."""
        queries = [parse_query(EVERYTHING), *(one.query for one in (*self._adversarial, *self._random[:_FACETED]))]
        ask = partial(ask_facets, self._database, self._snapshot)
        for days, name, goal in (
            ("all", "all time", self._goals.facets_everything),
            ("30d", "30 days", self._goals.facets_30_days),
        ):
            taken = seconds_each(self._runs, over(queries, days), ask, self._deadline)
            yield Line(f"facets and histogram, {name}, no filter", taken[0], "ms")
            yield Line(f"facets and histogram, {name}, p50", percentile(taken, 50), "ms")
            yield Line(f"facets and histogram, {name}, p95", percentile(taken, 95), "ms", goal)

    def narrowing(self) -> Iterator[Line]:
        """The slowest letter while one types, over all events and over those of a query, warm."""
        for dimension, name in ((Dimension.TARGET, "targets"), (Dimension.IP, "addresses")):
            typed = [
                (query, dimension, text[:letters])
                for query in (parse_query(EVERYTHING), parse_query("last:30d"), parse_query("outcome:denied last:all"))
                for narrowed, text in NARROWED
                if narrowed is dimension
                for letters in range(1, len(text) + 1)
            ]
            taken = seconds_each(self._runs, typed, lambda one: self._narrow(*one), self._deadline)
            yield Line(f"narrowing of {name}, p50", percentile(taken, 50), "ms")
            yield Line(f"narrowing of {name}, slowest", max(taken), "ms", self._goals.narrowing)

    def cold(self) -> Iterator[Line]:
        """First pages with a cold file cache and a new connection."""
        firsts = [question for question in (*self._adversarial, *self._random) if question.id is None]
        taken = []
        for question in firsts[: 2 * _COLD]:
            self._deadline.check()
            taken.append(cold_page_s(self._engine, question, self._snapshot))
        yield Line("first page, cold, p50", percentile(taken, 50), "ms")
        yield Line("first page, cold, p95", percentile(taken, 95), "ms", self._goals.cold_p95)

    def of_plain(self) -> Iterator[Line]:
        """All pages of some questions against the plain scan's, which is asked once."""
        every = (*self._adversarial, *self._random)
        some = every[:: max(1, len(every) // _PLAIN)][:_PLAIN]
        mine = sum(seconds_each(self._runs, some, partial(ask_page, self._database, self._snapshot), self._deadline))
        scanned = 0.0
        with self._engine.opened(plain=True) as plain:
            for question in some:
                self._deadline.check()
                scanned += seconds_of(partial(ask_page, plain, self._snapshot, question))
        yield Line(f"{len(some)} pages by the plain scan", scanned, "ms")
        yield Line(f"the same {len(some)} pages, against it", mine / scanned, "%", self._goals.of_plain)

    def _narrow(self, query: EventQuery, dimension: Dimension, text: str) -> None:
        with self._database.reading(UTC) as reader:
            reader.facets(query, self._snapshot, (dimension,), limit=TOP, matching=text)

"""Random questions about random worlds: what the dense world of `test_queries` happens not to hold."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.answers import Dimension
from data.query import EventQuery
from data.records import Draft, Log
from tests.hand_clock import HandClock
from tests.integration.checks import check_events, check_facet, check_histogram, make_world
from tests.integration.conftest import NewDatabase
from tests.integration.events import append
from tests.strategies import ZONES, queries, world_drafts


@dataclass(frozen=True, slots=True)
class Question:
    """Queries about a world: what a snapshot held, what came later, and where the reader's midnight is.

    `log` is the log that it is in; `elsewhere` is in the other one, and should make no difference.
    """

    log: Log
    elsewhere: list[Draft]
    early: list[Draft]
    late: list[Draft]
    queries: list[EventQuery]
    zone: ZoneInfo


@st.composite
def questions(draw: st.DrawFn) -> Question:
    drafts = draw(st.lists(world_drafts(), max_size=16, unique_by=lambda draft: draft.id))
    late_ones = draw(st.integers(0, 4))
    ids = [draft.id for draft in drafts if draft.id is not None]
    asked = draw(st.lists(queries(ids), min_size=1, max_size=3))
    log = draw(st.sampled_from(Log))
    elsewhere = draw(st.lists(world_drafts(), max_size=6, unique_by=lambda draft: draft.id))
    return Question(log, elsewhere, drafts[late_ones:], drafts[:late_ones], asked, draw(st.sampled_from(ZONES)))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions(), limit=st.integers(1, 5), dimension=st.sampled_from(Dimension))
def test_answers_are_those_of_python(
    new_database: NewDatabase, question: Question, limit: int, dimension: Dimension
) -> None:
    clock = HandClock()
    zone = question.zone
    with new_database(clock) as database:
        (other,) = set(Log) - {question.log}
        append(database, question.elsewhere, other)
        world = make_world(database, clock, question.early, question.late, question.log)
        with database.reading(zone, log=question.log) as reader:
            for query in question.queries:
                check_events(reader, world, query, zone, limit)
                check_histogram(reader, world, query, zone, most_buckets=limit * 12)
                check_facet(reader, world, query, zone, dimension, limit=limit * 10)

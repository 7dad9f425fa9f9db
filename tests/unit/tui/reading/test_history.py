"""Tests of tui.reading.history."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import Snapshot
from data.query import EventQuery, parse_query
from tui.reading.history import MOST_STEPS, Place, QueryHistory, Step

_FIRST = parse_query("last:7d")


def _query(number: int) -> EventQuery:
    return parse_query(f"request:r{number} last:7d")


def _place(number: int) -> Place:
    return Place(UUID(int=number), number, Snapshot(number, number))


def _steps_back(history: QueryHistory) -> list[EventQuery]:
    """All queries from the current one back to the oldest that is kept."""
    found = [history.current.query]
    while (step := history.step(-1)) is not None:
        found.append(step.query)
    return found


def test_undo_and_redo_walk_the_same_line_both_ways() -> None:
    history = QueryHistory(_FIRST)
    assert history.push(_query(1)) and history.push(_query(2))
    assert history.step(-1) == Step(_query(1))
    assert history.step(-1) == Step(_FIRST)
    assert history.step(-1) is None and history.current == Step(_FIRST)
    assert history.step(1) == Step(_query(1))
    assert history.step(1) == Step(_query(2))
    assert history.step(1) is None and history.current == Step(_query(2))


def test_a_step_remembers_where_one_stood_in_it() -> None:
    history = QueryHistory(_FIRST)
    history.leave(_place(3))
    history.push(_query(1))
    assert history.current.place is None
    history.leave(_place(5))
    assert history.step(-1) == Step(_FIRST, _place(3))
    assert history.step(1) == Step(_query(1), _place(5))


def test_a_new_step_forgets_what_lay_ahead() -> None:
    history = QueryHistory(_FIRST)
    history.push(_query(1))
    history.push(_query(2))
    history.step(-1)
    history.push(_query(3))
    assert history.step(1) is None
    assert _steps_back(history) == [_query(3), _query(1), _FIRST]


def test_asking_the_same_again_is_no_step() -> None:
    history = QueryHistory(_FIRST)
    history.push(_query(1))
    history.step(-1)
    assert not history.push(_FIRST)
    assert history.step(1) == Step(_query(1)), "what lies ahead is still there"


def test_what_is_paused_is_part_of_a_step() -> None:
    paused = parse_query("actor:m-42 last:7d").without_times()
    history = QueryHistory(_FIRST)
    assert history.push(_FIRST, paused), "the query is the same, what is paused is not"
    assert not history.push(_FIRST, paused)
    assert history.push(_query(1), paused) and history.push(_query(1))
    assert [history.current.paused, history.step(-1), history.step(-1), history.step(-1)] == [
        (),
        Step(_query(1), None, paused),
        Step(_FIRST, None, paused),
        Step(_FIRST),
    ]


def test_fifty_steps_are_kept_and_the_oldest_go_first() -> None:
    history = QueryHistory(_FIRST)
    for number in range(1, 3 * MOST_STEPS):
        history.push(_query(number))
    assert MOST_STEPS == 50
    assert _steps_back(history) == [_query(number) for number in range(3 * MOST_STEPS - 1, 2 * MOST_STEPS - 1, -1)]


@given(st.lists(st.one_of(st.integers(1, 4), st.sampled_from([-1, "redo"])), max_size=150))
@settings(deadline=None)
def test_the_line_is_that_of_two_plain_stacks(acts: list[int | str]) -> None:
    history = QueryHistory(_FIRST)
    behind, ahead = [_FIRST], list[EventQuery]()
    for act in acts:
        match act:
            case "redo":
                if ahead:
                    behind.append(ahead.pop())
                history.step(1)
            case -1:
                if len(behind) > 1:
                    ahead.append(behind.pop())
                history.step(-1)
            case int():
                if _query(act) != behind[-1]:
                    behind.append(_query(act))
                    ahead.clear()
                    del behind[:-MOST_STEPS]
                history.push(_query(act))
        assert history.current.query == behind[-1]

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from data.demo.agenda import Agenda

START = datetime(2026, 11, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_steps_are_taken_in_order_of_time_and_then_of_adding() -> None:
    agenda, taken = Agenda(START, START + 5 * HOUR), list[str]()
    for name, hours in (("late", 3), ("first", 1), ("second", 1)):
        agenda.at(START + hours * HOUR, partial(taken.append, name))
    agenda.play()
    assert taken == ["first", "second", "late"]


def test_a_step_may_put_further_steps_on_the_agenda() -> None:
    agenda, taken = Agenda(START, START + 5 * HOUR), list[datetime]()
    agenda.at(START + HOUR, lambda: agenda.after(2 * HOUR, lambda: taken.append(agenda.now)))
    agenda.play()
    assert taken == [START + 3 * HOUR]


def test_what_is_due_after_the_last_moment_does_not_happen() -> None:
    agenda, taken = Agenda(START, START + HOUR), list[str]()
    agenda.at(START + HOUR, partial(taken.append, "last"))
    agenda.at(START + 2 * HOUR, partial(taken.append, "too late"))
    agenda.play()
    assert taken == ["last"]


def test_the_past_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="has passed"):
        Agenda(START, START + HOUR).at(START - HOUR, lambda: None)

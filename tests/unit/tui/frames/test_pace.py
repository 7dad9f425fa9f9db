"""Tests of tui.frames.pace."""

import pytest

from tui.frames.pace import BURST, BYTES_A_SECOND, PATIENCE_S, Pace


def test_a_terminal_that_answers_is_sent_one_frame_at_a_time() -> None:
    pace = Pace()
    pace.answer(0.0)
    assert pace.answers and pace.wait_s(0.0) == 0.0
    pace.send(10 * BURST, 0.0)
    assert pace.wait_s(0.5) == PATIENCE_S - 0.5
    pace.answer(0.5)
    assert pace.wait_s(0.5) == 0.0


def _answered_in(seconds: float) -> Pace:
    """That of a terminal which has answered a frame in so many seconds; it is that moment now."""
    pace = Pace()
    pace.answer(0.0)
    pace.send(1, 0.0)
    pace.answer(seconds)
    return pace


def test_where_answers_come_quickly_one_more_leaves_half_way() -> None:
    pace = _answered_in(0.1)
    pace.send(1, 1.0)
    assert pace.wait_s(1.0) == pytest.approx(0.05) and pace.wait_s(1.05) == 0.0
    pace.send(1, 1.05)
    assert pace.wait_s(1.05) == pytest.approx(PATIENCE_S - 0.05), "and no third one"
    pace.answer(1.1)
    assert pace.wait_s(1.1) == 0.0, "the second has been on its way for half of the time"


def test_where_an_answer_took_longer_than_ever_one_frame_is_enough() -> None:
    pace = _answered_in(0.1)
    pace.send(1, 1.0)
    pace.answer(1.2)
    pace.send(1, 2.0)
    assert pace.wait_s(2.1) == pytest.approx(PATIENCE_S - 0.1)
    pace.answer(2.1)
    pace.send(1, 3.0)
    assert pace.wait_s(3.05) == 0.0, "it is quick again"


def test_a_line_that_has_become_longer_is_known_as_such_after_a_while() -> None:
    pace = _answered_in(0.1)
    for second in range(1, 40):
        pace.send(1, float(second))
        pace.answer(second + 0.2)
    pace.send(1, 100.0)
    assert pace.wait_s(100.1) == 0.0


def test_an_answer_that_does_not_come_is_lost() -> None:
    pace = Pace()
    pace.answer(10.0)
    pace.send(1, 10.0)
    assert pace.wait_s(10.0 + PATIENCE_S) == 0.0 == pace.wait_s(11.0 + PATIENCE_S)


def test_a_terminal_that_never_answers_is_sent_what_a_slow_line_carries() -> None:
    pace = Pace()
    assert not pace.answers
    pace.send(BURST, 0.0)
    assert pace.wait_s(0.0) == 0.0, "a whole screen is no burden"
    pace.send(BYTES_A_SECOND, 0.0)
    assert pace.wait_s(0.0) == pytest.approx(1.0)
    assert pace.wait_s(0.75) == pytest.approx(0.25)
    assert pace.wait_s(1.0) == pytest.approx(0.0)
    pace.send(BYTES_A_SECOND, 1.0)
    assert pace.wait_s(1.0) == pytest.approx(1.0), "what was on the line already counts too"
    assert pace.wait_s(100.0) == 0.0


def test_the_line_is_empty_after_a_pause_and_not_more_than_empty() -> None:
    pace = Pace()
    pace.send(BURST, 0.0)
    pace.send(BURST + BYTES_A_SECOND, 1000.0)
    assert pace.wait_s(1000.0) == pytest.approx(1.0)


@pytest.mark.parametrize("answers", [True, False])
def test_whoever_begins_anew_waits_for_nothing(answers: bool) -> None:
    pace = Pace()
    if answers:
        pace.answer(0.0)
    pace.send(10 * BURST, 0.0)
    assert pace.wait_s(0.0) > 0.0
    pace.begin()
    assert pace.wait_s(0.0) == 0.0 and pace.answers is answers


def test_the_first_answer_counts_for_what_was_sent_before_nobody_had_answered() -> None:
    pace = Pace()
    pace.send(10 * BURST, 0.0)
    pace.answer(0.0)
    assert pace.wait_s(0.0) == 0.0


def test_a_terminal_that_answers_no_more_is_sent_what_a_slow_line_carries_until_it_answers_again() -> None:
    pace = _answered_in(0.1)
    for second in (10.0, 20.0, 30.0):
        pace.send(1, second)
    assert not pace.answers and pace.wait_s(30.1) == 0.0
    pace.answer(31.0)
    assert pace.answers


def test_one_answer_that_is_lost_says_nothing() -> None:
    pace = _answered_in(0.1)
    for second in (10.0, 20.0):
        pace.send(1, second)
    assert pace.answers
    pace.answer(20.1)
    for second in (30.0, 40.0):
        pace.send(1, second)
    assert pace.answers

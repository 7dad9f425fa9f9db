import pytest
from hypothesis import given, settings

from data.query import DurationRange
from data.query.durations import MOST_MILLISECONDS, print_duration, read_duration
from data.query.unfit import Unfit
from tests.unit.query.queries import durations


@pytest.mark.parametrize(
    ("text", "least", "most", "printed"),
    [
        (">500ms", 501, None, ">500ms"),
        (">=501ms", 501, None, ">500ms"),
        (">=500", 500, None, ">=500ms"),
        (">=2s", 2000, None, ">=2s"),
        (">2s", 2001, None, ">2s"),
        (">=0", 0, None, ">=0ms"),
        (">0", 1, None, ">=1ms"),
        ("<1m", None, 59_999, "<1m"),
        ("<=1M", None, 60_000, "<=1m"),
        ("<1", None, 0, "<=0ms"),
        ("<=0", None, 0, "<=0ms"),
        ("100ms..2s", 100, 2000, "100ms..2s"),
        ("2s..2000", 2000, 2000, "2s"),
        ("250", 250, 250, "250ms"),
        ("250ms", 250, 250, "250ms"),
        ("0", 0, 0, "0ms"),
        ("1.5s", 1500, 1500, "1500ms"),
        ("0.25h", 900_000, 900_000, "15m"),
        ("1.0", 1, 1, "1ms"),
        ("0.5s..1.25m", 500, 75_000, "500ms..75s"),
        (f"<={MOST_MILLISECONDS}", None, MOST_MILLISECONDS, f"<={MOST_MILLISECONDS}ms"),
    ],
)
def test_a_duration_is_read_and_printed_in_its_roundest_form(
    text: str, least: int | None, most: int | None, printed: str
) -> None:
    duration = read_duration(text)
    assert duration == DurationRange(least, most)
    assert print_duration(duration) == printed
    assert read_duration(printed) == duration


@settings(deadline=None)
@given(durations())
def test_what_is_printed_reads_as_the_same_range(duration: DurationRange) -> None:
    assert read_duration(print_duration(duration)) == duration


def test_a_range_open_on_both_sides_prints_as_any_duration_at_all() -> None:
    assert print_duration(DurationRange()) == ">=0ms"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not a duration"),
        ("fast", "not a duration"),
        ("5d", "not a duration"),
        ("> 5", "not a duration"),
        ("-5", "not a duration"),
        (".5s", "not a duration"),
        ("1.s", "not a duration"),
        ("1s..", "not a duration"),
        ("..1s", "not a duration"),
        (">1s..2s", "not a duration"),
        ("=5", "not a duration"),
        ("٣", "not a duration"),
        ("0.5ms", "whole number of milliseconds"),
        ("1.0001s", "whole number of milliseconds"),
        ("2s..1s", "ends before it begins"),
        ("<0", "shorter than nothing"),
        (str(MOST_MILLISECONDS + 1), "that long"),
        (f">{MOST_MILLISECONDS}", "that long"),
        ("9" * 4000 + "h", "that long"),
    ],
)
def test_what_is_no_duration_is_unfit(text: str, problem: str) -> None:
    with pytest.raises(Unfit, match=problem):
        read_duration(text)


def test_an_inverted_range_is_shown_the_right_way_round() -> None:
    with pytest.raises(Unfit) as caught:
        read_duration("2s..100ms")
    assert "100ms..2s" in caught.value.hint

"""Tests of data.unusual."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import sqrt
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clock import to_microseconds
from data.query import print_query
from data.records import Reference
from data.unusual import (
    DAY_US,
    HOUR_US,
    Comparison,
    Finding,
    History,
    Hour,
    UnusualKind,
    find_unusual,
    hours_in_question,
    long_silence,
    new_addresses,
    same_hour,
    unusual_hour,
)

UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 10, 25, tzinfo=UTC)
NOW_US = to_microseconds(NOW)
START_US = to_microseconds(NOW.replace(minute=0))
PAYROLL = Reference("api_client", "c-77", "Payroll sync")
CALM = (30, 31, 33, 34, 35, 35, 36, 37, 37, 38, 38, 39, 40, 44)


def hour(calls: int, errors: int = 0, p95_ms: int | None = 50) -> Hour:
    return Hour(START_US, calls, errors, p95_ms, None if p95_ms is None else (p95_ms, p95_ms))


def over_days(hours: Sequence[Hour]) -> dict[int, Hour]:
    return dict(enumerate(hours, start=1))


def comparison(now: Hour, earlier: Mapping[int, Hour], *, is_over: bool = False) -> Comparison:
    return Comparison(PAYROLL, "orders", now, is_over, earlier)


def told(found: Sequence[Finding]) -> list[tuple[UnusualKind, str]]:
    return [(one.kind, one.sentence) for one in found]


def found_in(now: Hour, earlier: Mapping[int, Hour], *, is_over: bool = False) -> list[Finding]:
    return list(unusual_hour(comparison(now, earlier, is_over=is_over), UTC_ZONE))


CALM_DAYS = over_days([hour(calls) for calls in CALM * 2])


def test_many_calls_are_unusual_and_say_why() -> None:
    (found,) = found_in(hour(412), CALM_DAYS)
    assert told([found]) == [(UnusualKind.CALLS, "412 calls this hour; usually 31 to 40")]
    assert (found.client, found.service) == (PAYROLL, "orders")
    assert print_query(found.query) == "client:c-77 service:orders during:2026-11-20t10:00..2026-11-20t10:59"


def test_the_hour_that_is_over_is_named_by_the_clock_of_the_zone() -> None:
    (found,) = unusual_hour(comparison(hour(412), CALM_DAYS, is_over=True), BERLIN)
    assert found.sentence == "412 calls from 11:00 to 12:00; usually 31 to 40"


def test_few_calls_are_unusual_once_the_hour_is_over() -> None:
    busy = over_days([hour(400 + calls) for calls in CALM * 2])
    assert found_in(hour(50), busy) == []
    assert told(found_in(hour(50), busy, is_over=True)) == [
        (UnusualKind.CALLS, "50 calls from 10:00 to 11:00; usually 431 to 440")
    ]


@pytest.mark.parametrize("calls", [0, 1, 29])
def test_fewer_than_30_calls_say_nothing(calls: int) -> None:
    busy = over_days([hour(400 + calls) for calls in CALM * 2])
    assert found_in(hour(calls, errors=calls, p95_ms=9_000), busy, is_over=True) == []


def test_errors_are_unusual_beyond_chance_and_five_points() -> None:
    assert told(found_in(hour(36, errors=20), CALM_DAYS)) == [
        (UnusualKind.ERRORS, "56% of 36 calls failed this hour; usually 0%")
    ]
    assert found_in(hour(36, errors=4), CALM_DAYS) == []
    many = over_days([hour(10_000)] * 28)
    assert found_in(hour(10_000, errors=500), many) == []
    assert [one.kind for one in found_in(hour(10_000, errors=501), many)] == [UnusualKind.ERRORS]


def test_no_errors_are_unusual_where_half_the_calls_fail() -> None:
    failing = over_days([hour(calls, errors=calls // 2) for calls in CALM * 2])
    assert [one.kind for one in found_in(hour(36), failing)] == [UnusualKind.ERRORS]


def test_slow_calls_are_unusual() -> None:
    usual = over_days([hour(calls, p95_ms=40 + calls) for calls in CALM * 2])
    assert told(found_in(hour(36, p95_ms=2_300), usual)) == [
        (UnusualKind.DURATION, "95 of 100 calls took up to 2,300 ms this hour; usually 71 to 80 ms")
    ]
    assert found_in(replace(hour(36, p95_ms=2_300), p95_bounds_ms=(70, 2_300)), usual) == [], "one slow call of few"


@pytest.mark.parametrize("value", [37, 40])
def test_days_that_are_all_alike_leave_room_for_chance(value: int) -> None:
    """Their MAD is 0: one call more would be infinitely many deviations beyond."""
    alike = over_days([hour(value, p95_ms=100)] * 28)
    assert found_in(hour(value + 30, p95_ms=150), alike, is_over=True) == []
    assert len(found_in(hour(value + 40, p95_ms=151), alike, is_over=True)) == 2
    idle = over_days([hour(0, p95_ms=None)] * 28)
    assert [one.kind for one in found_in(hour(30), idle)] == [UnusualKind.CALLS]


def test_six_days_say_nothing_of_what_is_usual() -> None:
    assert found_in(hour(412, errors=412, p95_ms=9_000), over_days([hour(36)] * 6)) == []
    assert len(found_in(hour(412, errors=412, p95_ms=9_000), over_days([hour(36)] * 7))) == 3


def test_hours_with_few_calls_are_no_rates_to_compare_with() -> None:
    idle = over_days([hour(9, errors=0)] * 28)
    assert [one.kind for one in found_in(hour(36, errors=36, p95_ms=9_000), idle)] == [UnusualKind.CALLS]


def test_what_the_same_weekday_had_is_not_unusual() -> None:
    """A Saturday of a client that works on workdays, and the other way round."""
    weekly = {ago: hour(50 if ago % 7 == 0 else 400) for ago in range(1, 29)}
    assert found_in(hour(50), weekly, is_over=True) == []
    weekly = {ago: hour(150 if ago % 7 == 0 else 400) for ago in range(1, 29)}
    assert found_in(hour(100), weekly, is_over=True) == []
    assert len(found_in(hour(60), weekly, is_over=True)) == 1
    weekly = {ago: hour(400 if ago % 7 == 0 else 50) for ago in range(1, 29)}
    assert found_in(hour(400), weekly) == []
    assert found_in(hour(500), weekly) == []
    assert len(found_in(hour(501), weekly)) == 1


def middle_of(values: Sequence[float]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def expected_kinds(now: Hour, earlier: Mapping[int, Hour], *, is_over: bool) -> set[UnusualKind]:
    """The rule, read out: beyond five deviations, and beyond all of the weekday."""

    def beyond(value: float, samples: dict[int, float], chance_at: Callable[[float], float]) -> str:
        if len(samples) < 7:
            return ""
        middle = middle_of([*samples.values()])
        deviation = max(chance_at(middle), middle_of([abs(sample - middle) for sample in samples.values()]))
        weekday = [samples[ago] for ago in (7, 14, 21, 28) if ago in samples]
        more = 5 * chance_at(middle_of(weekday)) if weekday else 0
        if value > middle + 5 * deviation and value > max(weekday, default=-1) + more:
            return "above"
        return "below" if value < middle - 5 * deviation and value < min(weekday, default=10**9) - more else ""

    def rate_by_chance(rate: float) -> float:
        rate = max(2 / now.calls, min(1 - 2 / now.calls, rate))
        return max(0.01, sqrt(rate * (1 - rate) / now.calls))

    if now.calls < 30:
        return set()
    found = set()
    calls = {ago: float(one.calls) for ago, one in earlier.items()}
    found_calls = beyond(now.calls, calls, lambda middle: sqrt(max(1.0, middle)))
    if found_calls == "above" or (found_calls == "below" and is_over):
        found.add(UnusualKind.CALLS)
    busy = {ago: one for ago, one in earlier.items() if one.calls >= 10}
    rates = {ago: one.errors / one.calls for ago, one in busy.items()}
    if beyond(now.errors / now.calls, rates, rate_by_chance):
        found.add(UnusualKind.ERRORS)
    p95s = {ago: float(one.p95_ms) for ago, one in busy.items() if one.p95_ms is not None}
    if now.p95_ms is not None and beyond(now.p95_ms, p95s, lambda middle: max(1.0, middle / 10)):
        found.add(UnusualKind.DURATION)
    return found


@st.composite
def any_hours(draw: st.DrawFn) -> Hour:
    calls = draw(st.sampled_from((0, 9, 10, 29, 30, 36)) | st.integers(0, 500))
    errors = draw(st.sampled_from((0, calls)) | st.integers(0, calls))
    return hour(calls, errors, draw(st.none() | st.integers(1, 400)) if calls else None)


@given(now=any_hours(), earlier=st.dictionaries(st.integers(1, 28), any_hours()), is_over=st.booleans())
def test_what_is_found_is_what_the_rule_says(now: Hour, earlier: dict[int, Hour], is_over: bool) -> None:
    found = found_in(now, earlier, is_over=is_over)
    assert {one.kind for one in found} == expected_kinds(now, earlier, is_over=is_over)
    assert len(found) == len({one.kind for one in found})


@given(earlier=st.dictionaries(st.integers(1, 28), any_hours()), now=any_hours(), data=st.data())
def test_an_hour_between_those_of_its_weekday_is_never_unusual(
    earlier: dict[int, Hour], now: Hour, data: st.DataObject
) -> None:
    weekday = {ago: data.draw(any_hours()) for ago in (7, 14)}
    earlier = {**earlier, **weekday, 21: now}
    assert found_in(now, earlier, is_over=data.draw(st.booleans())) == []


@given(seed=st.integers(0, 2**32), calls=st.integers(20, 300), share=st.sampled_from((0.0, 0.02, 0.3)))
def test_a_calm_week_gives_none(seed: int, calls: int, share: float) -> None:
    """Every hour of a week, of a client that calls by chance alone, less so at weekends."""
    chance = Random(seed)

    def by_chance(days_ago: int) -> Hour:
        expected = calls // 4 if days_ago % 7 in (5, 6) else calls
        counted = sum(chance.random() < 0.5 for _ in range(2 * expected))
        errors = sum(chance.random() < share for _ in range(counted))
        return hour(counted, errors, chance.randint(90, 110) if counted else None)

    days = [by_chance(ago) for ago in range(35)]
    for today in range(7):
        earlier = {ago: days[today + ago] for ago in range(1, 29) if today + ago < 35}
        assert found_in(days[today], earlier, is_over=True) == []


def history(
    *, days: int = 28, every_hours: int = 1, until_hours_ago: float = 0, first_seen: Mapping[str, int] | None = None
) -> History:
    """A client that called every so many hours, at the full hour and ten minutes on."""
    last = NOW_US - int(until_hours_ago * HOUR_US)
    first = last - days * DAY_US
    spans = [(at, at + HOUR_US // 6) for at in range(first, last, every_hours * HOUR_US)]
    spans.append((last - HOUR_US // 6, last))
    return History(PAYROLL, spans, first_seen or {"198.51.100.7": first})


def hours_ago(hours: float) -> int:
    return NOW_US - int(hours * HOUR_US)


def test_a_new_address_is_told_of_for_a_day() -> None:
    for ago, expected in ((0.5, 1), (23.9, 1), (24.1, 0)):
        client = history(first_seen={"198.51.100.7": hours_ago(28 * 24), "203.0.113.9": hours_ago(ago)})
        assert len(list(new_addresses(client, NOW_US, UTC_ZONE))) == expected
    (found,) = new_addresses(
        history(first_seen={"198.51.100.7": hours_ago(600), "203.0.113.9": hours_ago(0.5)}), NOW_US, UTC_ZONE
    )
    assert told([found]) == [(UnusualKind.ADDRESS, "It called from 203.0.113.9, as it had not in the 28 days before")]
    assert print_query(found.query) == "client:c-77 ip:203.0.113.9 after:2026-11-20t09:55"


def test_to_a_new_client_every_address_is_new() -> None:
    for days, expected in ((7.9, 0), (8.1, 1)):
        first = hours_ago(days * 24)
        client = History(PAYROLL, [(first, first)], {"198.51.100.7": first, "203.0.113.9": hours_ago(1)})
        assert len(list(new_addresses(client, NOW_US, UTC_ZONE))) == expected
    assert list(new_addresses(History(PAYROLL, [], {}), NOW_US, UTC_ZONE)) == []


def test_who_calls_from_new_addresses_as_a_habit_is_left_alone() -> None:
    for changes, expected in ((3, 1), (4, 0)):
        seen = {f"198.51.100.{number}": hours_ago(28 * 24 - number * 48) for number in range(changes + 1)}
        client = history(first_seen={**seen, "203.0.113.9": hours_ago(1)})
        assert len(list(new_addresses(client, NOW_US, UTC_ZONE))) == expected


def test_a_long_silence_is_measured_by_the_longest_pause() -> None:
    assert list(long_silence(history(until_hours_ago=1), NOW_US)) == []
    (found,) = long_silence(history(until_hours_ago=76), NOW_US)
    assert told([found]) == [(UnusualKind.SILENCE, "No call for 3 days 4 hours; its longest pause was 1 hour")]
    assert print_query(found.query) == "client:c-77 last:28d"
    assert list(long_silence(history(every_hours=48, until_hours_ago=76), NOW_US)) == []
    assert len(list(long_silence(history(every_hours=24, until_hours_ago=76), NOW_US))) == 1


def test_nobody_waits_for_who_has_ended_or_never_called_regularly() -> None:
    silent = history(until_hours_ago=76)
    assert list(long_silence(replace(silent, has_ended=True), NOW_US)) == []
    assert list(long_silence(history(days=13, until_hours_ago=76), NOW_US)) == []
    assert list(long_silence(replace(silent, spans=[*silent.spans[:5], *silent.spans[-4:]]), NOW_US)) == []
    assert list(long_silence(History(PAYROLL, []), NOW_US)) == []


@pytest.mark.parametrize(
    ("hours", "words"),
    [(3, "2 hours 50 minutes"), (2.51, "2 hours 20 minutes"), (25 + 1 / 6, "1 day 1 hour"), (48 + 1 / 6, "2 days")],
)
def test_how_long_is_said_in_two_units(hours: float, words: str) -> None:
    spans = [(at, at) for at in range(hours_ago(400), hours_ago(hours), HOUR_US // 2)]
    spans[-1] = (hours_ago(hours), hours_ago(hours) + HOUR_US // 6)
    (found,) = long_silence(History(PAYROLL, spans), NOW_US)
    assert found.sentence.startswith(f"No call for {words};")


def test_the_running_hour_stands_for_both_and_findings_come_by_client() -> None:
    other = Reference("api_client", "c-1", "Another")
    found = find_unusual(
        [
            comparison(hour(600), CALM_DAYS, is_over=True),
            comparison(hour(412), CALM_DAYS),
            Comparison(other, None, hour(412), True, CALM_DAYS),
        ],
        [history(until_hours_ago=76)],
        NOW_US,
        UTC_ZONE,
    )
    assert [(one.client.label, one.service, one.kind) for one in found] == [
        ("Another", None, UnusualKind.CALLS),
        ("Payroll sync", None, UnusualKind.SILENCE),
        ("Payroll sync", "orders", UnusualKind.CALLS),
    ]
    assert found[2].sentence.startswith("412 calls this hour;")


def test_hours_are_those_of_the_clock_on_the_wall() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")
    running, full = hours_in_question(NOW_US, kathmandu)
    assert running == to_microseconds(NOW.replace(minute=15))
    assert running - full == HOUR_US
    # Summer time ended in Berlin on 2026-10-25: the same hour on the wall began an hour earlier before that.
    assert same_hour(START_US, 1, BERLIN) == START_US - DAY_US
    assert same_hour(START_US, 28, BERLIN) == START_US - 28 * DAY_US - HOUR_US
    # And began on 2026-03-29, when the clock showed no time from two to three.
    after = to_microseconds(datetime(2026, 3, 30, 2, tzinfo=BERLIN).astimezone(UTC))
    assert same_hour(after, 1, BERLIN) is None
    assert same_hour(after, 2, BERLIN) == after - 2 * DAY_US + HOUR_US


def test_the_hour_that_comes_twice_has_one_hour_before_it_each_time() -> None:
    second = to_microseconds(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    running, full = hours_in_question(second, BERLIN)
    assert running - full == HOUR_US
    assert same_hour(running, 1, BERLIN) == same_hour(full, 1, BERLIN)

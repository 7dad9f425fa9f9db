"""What the benchmark takes for shown, and when, while a key is held down."""

import pytest

from tests.benchmarks.held_key import Held, Sighting, cursor_on, latencies

PLACES = ["23:00:00", "22:00:00", "21:00:00"]
PRESSED = [0.0, 1.0, 2.0]


def test_a_press_is_shown_when_the_cursor_stands_where_it_leads() -> None:
    shown = [Sighting(0.25, "23:00:00"), Sighting(1.5, "22:00:00"), Sighting(3.0, "21:00:00")]
    assert latencies(PRESSED, shown, PLACES) == [0.25, 0.5, 1.0]


def test_presses_that_are_shown_together_are_shown_at_that_moment() -> None:
    assert latencies(PRESSED, [Sighting(2.5, "21:00:00")], PLACES) == [2.5, 1.5, 0.5]


def test_a_place_is_shown_once_and_no_other_place_counts() -> None:
    shown = [
        Sighting(0.5, "23:00:00"),
        Sighting(0.75, "23:00:00"),
        Sighting(0.8, "19:00:00"),
        Sighting(2.0, "22:00:00"),
    ]
    assert latencies(PRESSED, shown, PLACES) == [0.5, 1.0]


def test_a_place_that_was_shown_before_the_press_is_no_time_in_the_past() -> None:
    assert latencies([1.0], [Sighting(0.5, "23:00:00")], PLACES) == [0.0]


def test_presses_that_were_never_shown_are_in_no_percentile_that_holds_them() -> None:
    held = Held(latencies_s=(0.1, 0.2), presses=4, after_s=0.0, sent=0)
    assert held.latency_s(50) == pytest.approx(0.2)
    assert held.latency_s(95) == float("inf")


def test_the_cursor_is_on_the_card_whose_time_it_marks() -> None:
    text = " Filters    23:07:22   User signed in\n           ▌22:14:44   Role granted\n           ▌           expires"
    assert cursor_on(text) == "22:14:44"
    assert cursor_on("▌ no card") is None

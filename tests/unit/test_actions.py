"""Tests of data.actions."""

import time

import pytest

from data.actions import MOST_CHARACTERS, action_of


@pytest.mark.parametrize(
    ("method", "target", "action"),
    [
        ("GET", "/v1/orders", "GET /v1/orders"),
        ("get", "/v1/orders/4711/lines/12", "GET /v1/orders/{id}/lines/{id}"),
        ("GET", "/v1/orders?api_key=secret", "GET /v1/orders"),
        ("GET", "/v1/orders#4711", "GET /v1/orders"),
        ("GET", "https://api.example.org/v1/orders?x=1", "GET /v1/orders"),
        ("GET", "https://api.example.org", "GET /"),
        ("DELETE", "/users/0190f3c2-7e1b-7c55-8000-2f6a3d1e9b77", "DELETE /users/{id}"),
        ("GET", "/blobs/9e107d9d372bb6826bd81d3542a419d6", "GET /blobs/{id}"),
        ("GET", "/shares/Zx81kQpLm03TTyUvB77oRsEa", "GET /shares/{id}"),
        ("GET", "/tokens/adk_Ab3dE5gH_" + "x" * 49, "GET /tokens/adk_Ab3dE5gH"),
        ("GET", "/v2/feedbacks/decade/facade", "GET /v2/feedbacks/decade/facade"),
        ("GET", "/organisation-wide-announcements", "GET /organisation-wide-announcements"),
        ("", "", "? /"),
        ("G\x1bT", "/", "? /"),
    ],
)
def test_what_differs_each_time_is_left_out(method: str, target: str, action: str) -> None:
    assert action_of(method, target) == action


def test_an_action_is_never_longer_than_can_be_shown() -> None:
    assert len(action_of("GET", "/x" * 1_000_000)) == MOST_CHARACTERS


def test_a_long_target_takes_no_long_time() -> None:
    began = time.process_time()
    action_of("GET", "a" * 250_000)
    assert time.process_time() - began < 1  # in proportion to the square of its length it would be half a minute

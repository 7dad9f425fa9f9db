"""Tests of data.gateway.proxied: what is kept of a request's headers."""

from data.gateway.proxied import MOST_HEADER_CHARACTERS, asked_about


def test_a_token_is_kept_by_its_public_id_wherever_a_client_sends_it() -> None:
    token = b"adk_Ab3dE5gH_" + b"x" * 49
    described = asked_about([(b"x-request-id", token), (b"user-agent", b"shop " + token)], "GET", "/orders")
    assert (described.request_id, described.user_agent) == ("adk_Ab3dE5gH", "shop adk_Ab3dE5gH")


def test_a_megabyte_is_cut() -> None:
    described = asked_about([(b"x-request-id", b"a" * 1_000_000)], "GET", "/orders")
    assert described.request_id == "a" * MOST_HEADER_CHARACTERS

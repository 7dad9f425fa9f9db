"""Tests of data.exchange.access_log: what a proxy's log says of a request."""

import json
from datetime import UTC, datetime

import pytest

from data.exchange.access_log import LONGEST_LINE, AccessLine, access_lines
from data.exchange.rejects import Reject
from data.records import Reference
from data.requests import Request
from data.tokens import new_token

# As nginx writes it: every number as text.
LINE: dict[str, object] = {
    "time": "1795255200.250",
    "host": "web-1",
    "request_id": "9f2c" * 8,
    "service": "orders",
    "method": "GET",
    "uri": "/v1/orders/4711",
    "status": "200",
    "request_time": "0.125",
    "ip": "198.51.100.7",
    "remote_addr": "10.0.0.2",
    "user_agent": "curl/8",
    "client_id": "c-77",
    "client_name": "Zo%C3%AB%27s%20sync",
    "token": "adk_Ab3dE5gH",
    "refusal": "",
}


def read(*lines: bytes) -> list[AccessLine | Reject]:
    return list(access_lines(iter([b"\n".join(lines) + b"\n"])))


def written(**changes: object) -> bytes:
    values = {key: value for key, value in {**LINE, **changes}.items() if value is not ...}
    return json.dumps(values).encode()


def request_of(**changes: object) -> Request:
    (line,) = read(written(**changes))
    assert isinstance(line, AccessLine) and line.request is not None
    return line.request


def test_a_line_is_a_request() -> None:
    request = request_of()
    assert request.action == "GET /v1/orders/{id}"
    assert request.executed_at == datetime(2026, 11, 21, 10, 0, 0, 125_000, UTC)  # its end is what is logged
    assert (request.status, request.duration_ms, request.service) == (200, 125, "orders")
    assert request.client == Reference("api_client", "c-77", "Zoë's sync")
    assert (request.token, request.ip, request.user_agent) == ("adk_Ab3dE5gH", "198.51.100.7", "curl/8")
    assert request.source is not None
    assert (request.source.name, request.source.identity) == ("access log web-1", "9f2c" * 8)


def test_numbers_may_be_numbers_and_much_may_be_missing() -> None:
    little = {key: ... for key in LINE if key not in ("client_id", "method", "uri")}
    request = request_of(**{**little, "time": 1795255200.25, "status": 404})
    assert (request.status, request.duration_ms, request.ip, request.service) == (404, 0, None, None)
    assert request.source is not None and len(request.source.identity) == 64
    assert request_of(ip="", remote_addr="203.0.113.9").ip == "203.0.113.9"
    assert request_of(action="orders.list", method=..., uri=...).action == "orders.list"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "", "status": "401"},
        {"client_id": "", "status": "403"},
        {"client_id": "", "status": "400", "refusal": "conflicting_tokens"},
        {"client_id": ""},
        {"client_id": ...},
    ],
)
def test_what_is_of_no_client_is_passed_over(changes: dict[str, object]) -> None:
    (line,) = read(written(**changes))
    assert isinstance(line, AccessLine) and line.request is None


def test_no_secret_is_kept() -> None:
    whole = new_token().reveal()
    assert whole[13:] not in repr(request_of(request_id=whole, user_agent=f"curl {whole}", service=whole))
    request = request_of(uri="/v1/orders?key=secret", token="adk_Ab3dE5gH_" + "x" * 49)
    assert "secret" not in repr(request) and request.token is None and "xxx" not in repr(request)


@pytest.mark.parametrize("key", ["client_name", "service", "ip", "request_id", "user_agent", "host", "action"])
def test_a_token_is_kept_by_its_public_id_wherever_a_client_sends_it(key: str) -> None:
    request = request_of(**{key: "adk_Ab3dE5gH_" + "x" * 49})
    assert "adk_Ab3dE5gH" in repr(request) and "xxx" not in repr(request)


@pytest.mark.parametrize("key", ["client_name", "service", "ip", "request_id", "user_agent", "host", "action", "uri"])
def test_a_megabyte_is_cut(key: str) -> None:
    assert len(repr(request_of(**{key: "a" * 1_000_000}))) < 3_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"GET / HTTP/1.1", "JSON"),
        (b"[]", "a record should be an object"),
        (written(time=...), "time is missing"),
        (written(time="yesterday"), "time should be a number"),
        (written(time="NaN"), "time should be a number"),
        (written(time="-5"), "time lies before 1970"),
        (written(time="9" * 14), "time is no time that exists"),
        (written(time="1e999999999"), "time should be a number"),
        (written(request_time="1e999999999"), "request_time should be a number"),
        (written(client_id="c" * 1_000), "client_id is no id of a client"),
        (written(client_id="adk_Ab3dE5gH_" + "x" * 49), "client_id is no id of a client"),
        (written(status=...), "status is missing"),
        (written(status="000"), "status is no HTTP status"),
        (written(status=True), "status should be a number"),
        (written(request_time="-1"), "request_time is no duration"),
        (written(uri=...), "uri is missing"),
        (written(user_agent={"a": 1}), "user_agent should be text"),
        (b'{"user_agent":"' + b"x" * LONGEST_LINE + b'"}', "the most that a line may have"),
    ],
)
def test_what_cannot_be_taken_is_a_reject_and_the_next_line_is_read(line: bytes, reason: str) -> None:
    reject, after = read(line, written())
    assert isinstance(reject, Reject) and reason in reject.reason
    assert isinstance(after, AccessLine) and after.number == 2


def test_a_user_agent_that_is_no_utf_8_keeps_no_request_out_of_the_log() -> None:
    (line,) = read(written(user_agent="odd-agent").replace(b"odd-agent", b"\xff\xfe"))
    assert isinstance(line, AccessLine) and line.request is not None
    assert line.request.user_agent == "\ufffd\ufffd"

"""Tests of data.gateway.problems."""

import json

import pytest

from data.gateway.authentication import Refusal
from data.gateway.problems import problem_of
from data.records import Reference
from data.refusals import RefusalCode

_CLIENT = Reference("api_client", "c-77", "Payroll sync")
_STATUS = {
    RefusalCode.CONFLICTING_TOKENS: 400,
    RefusalCode.WRONG_NETWORK: 403,
    RefusalCode.MISSING_SCOPE: 403,
}


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_is_a_problem_that_names_nobody(code: RefusalCode) -> None:
    problem = problem_of(Refusal(code, "because of Alice", _CLIENT, "adk_Ab3dE5gH"), "orders:read")
    body = json.loads(problem.body)
    headers = dict(problem.headers)
    assert problem.status == body["status"] == _STATUS.get(code, 401)
    assert headers[b"content-type"] == b"application/problem+json"
    assert int(headers[b"content-length"]) == len(problem.body)
    assert problem.body.isascii() and b"\n" not in problem.body
    assert {"type", "title", "detail"} <= set(body)
    assert (problem.status == 401) <= headers.get(b"www-authenticate", b"").startswith(b"Bearer")
    for private in (b"Payroll", b"c-77", b"Alice", b"adk_"):
        assert private not in problem.body


def test_a_wrong_secret_is_an_unknown_token_to_a_stranger() -> None:
    unknown = problem_of(Refusal.plain(RefusalCode.UNKNOWN_TOKEN))
    wrong = problem_of(Refusal(RefusalCode.WRONG_SECRET, "", _CLIENT, "adk_Ab3dE5gH", named_not_proven=True))
    assert wrong == unknown


def test_what_is_missing_is_said_in_the_challenge() -> None:
    problem = problem_of(Refusal.plain(RefusalCode.MISSING_SCOPE), "orders:write")
    assert (b"www-authenticate", b'Bearer error="insufficient_scope", scope="orders:write"') in problem.headers
    forged = problem_of(Refusal.plain(RefusalCode.MISSING_SCOPE), 'orders:write"\r\nSet-Cookie: a=b')
    assert (b"www-authenticate", b'Bearer error="insufficient_scope"') in forged.headers

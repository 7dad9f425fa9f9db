"""Tests of data.requests."""

from dataclasses import replace

import pytest

from data.catalogue import CATALOGUE, Tab
from data.records import ANONYMOUS, Draft, Outcome, Reference, Source
from data.refusals import RefusalCode
from data.requests import GatheredRefusals, Request, gathered_draft, request_draft
from data.tokens import new_token
from tests.hand_clock import NOW

REQUEST = Request(
    client=Reference("api_client", "c-77", "Payroll sync"),
    token="Ab3dE5gH",
    service="orders",
    action="GET /v1/orders",
    status=200,
    duration_ms=42,
    ip="198.51.100.7",
    executed_at=NOW,
    request_id="req-9f2c",
    user_agent="payroll/1.4",
)


def test_a_request_is_an_event_of_its_client_whose_target_is_the_action() -> None:
    assert request_draft(REQUEST) == Draft(
        type="request.served",
        occurred_at=NOW,
        outcome=Outcome.SUCCESS,
        actor=Reference("api_client", "c-77", "Payroll sync"),
        client=Reference("api_client", "c-77", "Payroll sync"),
        target=Reference("action", name="GET /v1/orders"),
        service="orders",
        duration_ms=42,
        ip="198.51.100.7",
        user_agent="payroll/1.4",
        request_id="req-9f2c",
        token="Ab3dE5gH",
        data={"status": 200},
    )


def test_a_client_is_an_api_client_however_it_was_referred_to() -> None:
    draft = request_draft(replace(REQUEST, client=Reference("client", "c-77")))
    assert draft.client == draft.actor == Reference("api_client", "c-77")


def test_no_secret_of_a_token_gets_into_the_log_with_a_request() -> None:
    token = new_token()
    whole = token.reveal()
    told = request_draft(
        replace(
            REQUEST,
            action=f"GET /v1/{whole}",
            service=f"orders {whole}",
            request_id=f"{whole}.1",
            user_agent=f"curl -H {whole}",
            refusal=RefusalCode.TOKEN_ENDED,
            reason=f"It was ended: {whole} was found in a repository.",
        )
    )
    assert whole[13:] not in str(told)
    assert told.user_agent == f"curl -H {token}" and told.request_id == f"{token}.1"


def test_a_refused_request_says_why() -> None:
    draft = request_draft(replace(REQUEST, status=401, refusal=RefusalCode.REVOKED))
    assert draft.type == "request.refused"
    assert draft.outcome is Outcome.DENIED
    assert draft.reason == "The token's client was revoked."
    assert draft.data == {"status": 401, "refusal": "revoked"}


def test_a_refused_request_names_the_scope_that_it_needed() -> None:
    request = replace(REQUEST, status=403, refusal=RefusalCode.MISSING_SCOPE, scope="orders:read")
    assert request_draft(request).data == {"status": 403, "refusal": "missing_scope", "scope": "orders:read"}


def test_with_a_wrong_secret_a_client_is_named_and_not_the_one_who_asked() -> None:
    draft = request_draft(replace(REQUEST, status=401, refusal=RefusalCode.WRONG_SECRET))
    assert draft.actor == ANONYMOUS
    assert draft.client == Reference("api_client", "c-77", "Payroll sync")


def test_a_reason_of_its_own_stands_before_that_of_the_refusal() -> None:
    draft = request_draft(
        replace(REQUEST, status=403, refusal=RefusalCode.WRONG_NETWORK, reason="198.51.100.7 is not in 10.0.0.0/8.")
    )
    assert draft.reason == "198.51.100.7 is not in 10.0.0.0/8."


def test_a_request_of_nobody_is_anonymous() -> None:
    draft = request_draft(replace(REQUEST, client=None, status=401, refusal=RefusalCode.NO_TOKEN))
    assert draft.actor == ANONYMOUS
    assert draft.client is None


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (100, Outcome.SUCCESS),
        (204, Outcome.SUCCESS),
        (304, Outcome.SUCCESS),
        (399, Outcome.SUCCESS),
        (400, Outcome.FAILURE),
        (401, Outcome.DENIED),
        (402, Outcome.FAILURE),
        (403, Outcome.DENIED),
        (404, Outcome.FAILURE),
        (499, Outcome.FAILURE),
        (500, Outcome.FAILURE),
        (599, Outcome.FAILURE),
    ],
)
def test_a_status_is_an_outcome(status: int, outcome: Outcome) -> None:
    """What the service itself denies it has answered all the same."""
    draft = request_draft(replace(REQUEST, status=status))
    assert (draft.type, draft.outcome) == ("request.served", outcome)


def test_what_authentication_refused_is_denied_whatever_its_status() -> None:
    draft = request_draft(replace(REQUEST, status=400, refusal=RefusalCode.CONFLICTING_TOKENS))
    assert (draft.type, draft.outcome) == ("request.refused", Outcome.DENIED)


def test_a_request_from_a_file_keeps_its_source() -> None:
    source = Source("nginx", "9f2c")
    assert request_draft(replace(REQUEST, source=source)).source == source


def test_refusals_of_strangers_are_one_event_with_a_count() -> None:
    gathered = GatheredRefusals(
        count=1_204, first_at=NOW, refusal=RefusalCode.UNKNOWN_TOKEN, ip="203.0.113.9", service="orders"
    )
    assert gathered_draft(gathered) == Draft(
        type="request.refused_strangers",
        occurred_at=NOW,
        outcome=Outcome.DENIED,
        service="orders",
        ip="203.0.113.9",
        reason="No token has this public id.",
        data={"refusal": "unknown_token", "count": 1_204},
    )


@pytest.mark.parametrize(
    "draft",
    [
        request_draft(REQUEST),
        request_draft(replace(REQUEST, status=401, refusal=RefusalCode.EXPIRED)),
        request_draft(replace(REQUEST, status=403, refusal=RefusalCode.MISSING_SCOPE, scope="orders:read")),
        gathered_draft(GatheredRefusals(count=2, first_at=NOW, refusal=RefusalCode.NO_TOKEN)),
    ],
    ids=lambda draft: draft.type,
)
def test_all_that_is_in_its_data_is_a_fact_of_its_type(draft: Draft) -> None:
    kind = CATALOGUE.describe(draft.type)
    assert draft.type in CATALOGUE
    assert kind.tab is Tab.REQUESTS
    assert set(draft.data) <= set(kind.facts)

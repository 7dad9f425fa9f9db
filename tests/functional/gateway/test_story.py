"""A client is made, calls a service, is revoked, and is refused: with real servers, from the token to both logs."""

import json
import time

from data.query import parse_query
from data.records import Outcome
from tests.functional.gateway.story import Story
from tests.integration.client_worlds import ALICE
from tests.integration.lasting_clients import lasting_details


def test_a_client_is_served_until_it_is_revoked_and_both_logs_say_so(story: Story) -> None:
    issued = story.log.clients.create(ALICE, lasting_details(scopes=("orders:read",)))
    token = issued.token.reveal()
    answer = story.call(token)
    assert (answer.status_code, answer.json()["x-auditdeck-client-id"]) == (200, issued.client.id)
    (served,) = story.requests(1)
    assert served.client is not None and (served.client.id, served.client.name) == (issued.client.id, "Payroll sync")
    assert served.target is not None and served.target.name in (
        "GET /v1/orders/{id}",  # as the proxy has it
        "GET /v1/orders/{order}",  # as the service's routes have it
    )
    assert (served.type, served.outcome, served.service) == ("request.served", Outcome.SUCCESS, "orders")
    assert (served.data["status"], served.ip, served.token) == (200, "127.0.0.1", issued.token.public_id)
    assert served.duration_ms is not None

    story.log.clients.revoke(ALICE, issued.client.id, "leaked")
    revoked_at = time.monotonic()
    answer = story.call(token)
    assert time.monotonic() - revoked_at < 1
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (answer.json()["status"], answer.json()["refusal"]) == (401, "revoked")

    refused, served_before = story.requests(2)
    assert served_before == served
    assert (refused.type, refused.outcome, refused.data["refusal"]) == ("request.refused", Outcome.DENIED, "revoked")
    assert refused.client is not None and refused.client.id == issued.client.id
    (revocation,) = story.log.page(parse_query("type:api_client.revoked last:all")).items
    assert served.occurred_at < revocation.occurred_at < refused.occurred_at
    (used,) = story.log.clients.find(issued.client.id).tokens
    assert used.last_used_at is not None and used.last_used_ip == "127.0.0.1"


def test_nginx_as_documented_keeps_its_word(nginx_story: Story) -> None:
    story = nginx_story
    issued = story.log.clients.create(ALICE, lasting_details(scopes=("orders:read",)))
    token = issued.token.reveal()
    told = story.call(token, X_Auditdeck_Client_Id="c-forged", X_Forwarded_For="203.0.113.9").json()
    # The service learns from nginx who calls, and never sees the token.
    assert told["x-auditdeck-client-id"] == issued.client.id
    assert told["authorization"] in (None, "") and told["x-api-key"] in (None, "")

    missing = story.call(token, "POST")
    assert (missing.status_code, missing.json()["refusal"]) == (403, "missing_scope")
    assert 'scope="orders:write"' in missing.headers.get("WWW-Authenticate", 'scope="orders:write"')
    both = story.call(token, X_API_Key="another")
    assert (both.status_code, both.json()["refusal"]) == (400, "conflicting_tokens")
    nobody = story.call()
    assert (nobody.status_code, nobody.json()["refusal"]) == (401, "no_token")
    assert story.call(token, X_API_Key="x" * 100_000).status_code == 400

    # One served and one refused by the gateway; strangers are told once their minute is over.
    refused, served = story.requests(2)
    assert (served.data["status"], served.ip) == (200, "203.0.113.9")  # nginx itself is called from a trusted network
    assert refused.data["refusal"] == "missing_scope"
    assert refused.target is not None and refused.target.name == "POST /v1/orders/{id}"
    assert "expand" not in json.dumps([str(event) for event in (refused, served)])

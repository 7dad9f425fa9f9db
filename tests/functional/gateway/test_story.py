"""A client is made by keys, calls a service, is seen doing it, is revoked, refused, and it is told why: all of it real.

The console is driven by keys, the service stands behind its door on a real socket, and both share one database.
"""

import asyncio
import json
import re
import time

import httpx
import pytest

from data.clock import system_clock
from data.query import parse_query
from data.records import Outcome
from data.services.audit_log import AuditLog
from tests.functional.console.being_told import tell_at_once
from tests.functional.console.driving import Driver, running
from tests.functional.gateway.story import Story
from tests.integration.client_worlds import ALICE
from tests.integration.events import UTC_ZONE
from tests.integration.lasting_clients import lasting_details
from tui.screens.clients.token_shown import TokenScreen
from tui.screens.why.screen import WhyScreen

NAME, REASON = "Payroll sync", "leaked on a wiki"


@pytest.fixture(autouse=True)
def patient_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that has a clipboard, and a console that asks often what is new."""
    for variable in ("NO_COLOR", "TMUX", "STY", "TERM_PROGRAM", "COLUMNS", "LINES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    tell_at_once(monkeypatch)


async def call(story: Story, token: str) -> httpx.Response:
    """Call the service, while the console goes on."""
    return await asyncio.to_thread(story.call, token)


async def make_client(driver: Driver) -> str:
    """Make a client by keys, and take its token to the clipboard; what a person would have there."""
    await driver.press("2", "a")
    await driver.type(NAME)
    await driver.press("enter", "enter", "enter")  # description, owner, scopes
    await driver.type("orders:read")
    await driver.press("ctrl+s")
    assert isinstance(driver.app.screen, TokenScreen), driver.text
    await driver.press("y")
    token = driver.app.clipboard
    assert driver.shows("Sent to the terminal", token)
    await driver.press("c")
    await driver.type(token[-4:])
    await driver.press("enter")
    assert driver.shows(NAME, "is handed over") and token not in driver.text
    return token


async def revoke_client(driver: Driver) -> None:
    """From one of its requests to the client, and revoke it."""
    await driver.press("o", "x")
    await driver.type(REASON)
    await driver.press("enter")
    assert driver.shows(f"{NAME} was revoked."), driver.text


def assert_refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (answer.json()["status"], answer.json()["refusal"]) == (401, "revoked")


async def test_from_the_form_to_the_cause_of_the_refusal(story: Story) -> None:
    def open_log() -> AuditLog:
        return AuditLog(story.address, UTC_ZONE)

    async with running(open_log, clock=system_clock) as driver:
        token = await make_client(driver)
        await driver.press("4")
        assert not driver.shows("request.served", NAME)

        answer = await call(story, token)
        assert answer.status_code == 200, answer.text
        await driver.until(lambda: driver.shows(" 1 new  n "))
        await driver.press("n")
        served = driver.current
        assert (served.type, served.outcome, served.data["status"]) == ("request.served", Outcome.SUCCESS, 200)
        assert driver.shows(NAME, "GET /v1/orders/{", "127.0.0.1")
        assert served.client is not None and answer.json()["x-auditdeck-client-id"] == served.client.id
        assert served.target is not None and served.target.name in (
            "GET /v1/orders/{id}",  # as the proxy has it
            "GET /v1/orders/{order}",  # as the service's routes have it
        )
        assert (served.service, served.ip, served.token) == ("orders", "127.0.0.1", token[:12])
        assert served.duration_ms is not None

        await driver.press("F")  # from here on what is new flows in
        await revoke_client(driver)
        revoked_at = time.monotonic()
        answer = await call(story, token)
        assert time.monotonic() - revoked_at < 1
        assert_refused(answer)
        await driver.press("4")
        await driver.until(lambda: driver.shows("2 requests"))
        await driver.press("g")
        refused = driver.current
        assert (refused.type, refused.outcome, refused.data["refusal"]) == (
            "request.refused",
            Outcome.DENIED,
            "revoked",
        )
        assert refused.client == served.client

        await driver.press("w")
        assert isinstance(driver.app.screen, WhyScreen), driver.text
        said = " ".join(driver.text.split())
        assert re.search(rf"It stopped working at [\d:]+: .+ revoked this client at [\d:]+: {REASON}\.", said), (
            driver.text
        )
        assert driver.shows("STOPPED", "REFUSED")
        lines = driver.lines
        (marked,) = (number for number, line in enumerate(lines) if " CAUSE " in line)
        assert "» API client revoked" in lines[marked - 1] and REASON in lines[marked]
        await driver.press("j", "enter")
        revocation = driver.current
        assert (revocation.type, revocation.reason) == ("api_client.revoked", REASON)
        assert served.occurred_at < revocation.occurred_at < refused.occurred_at
    told = story.log.page(parse_query("type:api_client.*,token.* last:all")).items
    assert {event.type for event in told} == {
        "api_client.created",
        "token.issued",
        "token.copied",
        "api_client.revoked",
    }
    assert token[13:] not in repr(told)
    (used,) = story.log.clients.find(NAME).tokens
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

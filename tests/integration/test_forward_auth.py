"""The door for reverse proxies: what each proxy asks, and what it is answered. In one process, without a network."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from data.clients.model import IssuedToken
from data.gateway.forward_auth import forward_auth_app
from data.gateway.gateway import Gateway
from data.query import parse_query
from data.records import Event
from data.services.audit_log import AuditLog
from data.tokens import new_token
from tests.integration.client_worlds import ALICE
from tests.integration.events import UTC_ZONE
from tests.integration.lasting_clients import lasting_details
from tests.integration.test_authentication import with_other_secret
from tests.members import enrol

CHECK = "/authenticate?scope=users:read&service=orders"
PROXY = ("127.0.0.1", 50_000)
STRANGER = ("203.0.113.9", 50_000)


@dataclass
class Door:
    """The service over one database, and what stands in the request log since."""

    log: AuditLog
    gateway: Gateway
    issued: IssuedToken

    def ask(self, url: str = CHECK, **headers: str) -> httpx.Response:
        """A proxy's question; `X_API_Key` is the header X-API-Key."""
        return self.send(url, headers)

    def send(
        self, url: str, headers: dict[str, str], *, method: str = "GET", peer: tuple[str, int] = PROXY
    ) -> httpx.Response:
        """A question by any method, from any address."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(forward_auth_app(self.gateway), client=peer)
            async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
                named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
                return await client.request(method, url, headers=named)

        return asyncio.run(send())

    @property
    def bearer(self) -> str:
        return f"Bearer {self.issued.token.reveal()}"

    def recorded(self) -> list[Event]:
        self.gateway.stop()
        return list(self.log.requests.page(parse_query("last:all")).items)


@pytest.fixture
def door(address: str) -> Iterator[Door]:
    with closing(AuditLog(address, UTC_ZONE)) as log:
        issued = log.clients.create(ALICE, lasting_details("Zoë's sync"))
        opened = Door(log, Gateway(address), issued)
        yield opened
        opened.gateway.stop()


def test_a_token_passes_and_the_proxy_learns_whose_it_is(door: Door) -> None:
    answers = [door.ask(Authorization=door.bearer), door.ask(X_API_Key=door.issued.token.reveal())]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["X-Auditdeck-Client-Id"] == door.issued.client.id
        assert answer.headers["X-Auditdeck-Client-Name"] == "Zo%C3%AB%27s%20sync"
        assert answer.headers["X-Auditdeck-Token"] == door.issued.token.public_id
    assert door.recorded() == []  # how it was served only the proxy knows


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("GET", CHECK, {"X_Original_Method": "POST", "X_Original_URI": "/v1/orders/42?key=secret"}),
        ("GET", CHECK, {"X_Forwarded_Method": "POST", "X_Forwarded_Uri": "/v1/orders/42?key=secret"}),
        ("POST", "/envoy/scope=users:read&service=orders/v1/orders/42?key=secret", {}),
    ],
    ids=["nginx", "caddy-and-traefik", "envoy"],
)
def test_each_proxy_says_in_its_own_words_what_was_asked_for(
    sqlite_address: str, method: str, url: str, headers: dict[str, str]
) -> None:
    with closing(AuditLog(sqlite_address, UTC_ZONE)) as log:
        door = Door(log, Gateway(sqlite_address), log.clients.create(ALICE, lasting_details()))
        headers = {**headers, "Authorization": door.bearer}
        assert door.send(url, headers, method=method).status_code == 200
        log.clients.revoke(ALICE, door.issued.client.id, "leaked")
        more = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7", "X-Request-ID": "r-1", "User-Agent": "curl/8"}
        refused = door.send(url, {**headers, **more}, method=method)
        assert refused.status_code == 401
        (event,) = door.recorded()
    assert event.target is not None and event.target.name == "POST /v1/orders/{id}"
    assert (event.service, event.ip, event.request_id, event.user_agent) == ("orders", "198.51.100.7", "r-1", "curl/8")


def test_refusals_say_why_and_are_recorded(door: Door) -> None:
    token = door.issued.token
    refusals = [
        door.ask(),
        door.ask(Authorization="Bearer adk_nonsense"),
        door.ask(Authorization=f"Bearer {new_token().reveal()}"),
        door.ask(Authorization=f"Bearer {with_other_secret(token)}"),
        door.ask("/authenticate?scope=users:write", Authorization=door.bearer),
        door.ask(Authorization=door.bearer, X_API_Key="another"),
    ]
    door.log.clients.revoke(ALICE, door.issued.client.id, "leaked to the press")
    refusals.append(door.ask(Authorization=door.bearer))
    told = [(answer.status_code, answer.headers["X-Auditdeck-Refusal"]) for answer in refusals]
    assert told == [
        (401, "no_token"),
        (401, "mistyped_token"),
        (401, "unknown_token"),
        (401, "unknown_token"),  # whose public id it bears is not for a stranger to know
        (403, "missing_scope"),
        (400, "conflicting_tokens"),
        (401, "revoked"),
    ]
    for answer in refusals:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["X-Auditdeck-Problem"] == answer.text
        assert answer.json()["status"] == answer.status_code
        assert (answer.status_code == 401) <= answer.headers.get("WWW-Authenticate", "").startswith("Bearer")
        assert "press" not in answer.text
    events = {str(event.data["refusal"]): event for event in door.recorded()}
    assert set(events) == {
        "no_token",
        "mistyped_token",
        "unknown_token",
        "wrong_secret",
        "missing_scope",
        "conflicting_tokens",
        "revoked",
    }
    assert {name for name, event in events.items() if event.client is not None} == {
        "wrong_secret",
        "missing_scope",
        "revoked",
    }
    assert events["wrong_secret"].data["count"] == 1
    assert events["missing_scope"].data["scope"] == "users:write"
    assert events["revoked"].token == token.public_id


def test_a_forged_address_from_outside_changes_nothing(door: Door) -> None:
    bound = door.log.clients.create(ALICE, lasting_details("Bound", networks=("198.51.100.0/24",)))
    bearer = f"Bearer {bound.token.reveal()}"
    inside = {"Authorization": bearer, "X_Forwarded_For": "198.51.100.7"}
    assert door.ask(**inside).status_code == 200
    forged = door.send(CHECK, inside, peer=STRANGER)
    assert (forged.status_code, forged.headers["X-Auditdeck-Refusal"]) == (403, "wrong_network")
    assert [event.ip for event in door.recorded()] == ["203.0.113.9"]


@pytest.mark.parametrize(
    "name", ["Authorization", "X_API_Key", "X_Forwarded_For", "X_Original_URI", "X_Request_ID", "User_Agent"]
)
def test_headers_of_100_kilobytes(sqlite_address: str, name: str) -> None:
    with closing(AuditLog(sqlite_address, UTC_ZONE)) as log:
        door = Door(log, Gateway(sqlite_address), log.clients.create(ALICE, lasting_details()))
        log.clients.revoke(ALICE, door.issued.client.id, "leaked")
        long = {"Authorization": door.bearer, name: "Bearer " + "\xff/" * 50_000}
        assert door.ask(**long).status_code == (400 if name == "X_API_Key" else 401)
        (event,) = door.recorded()
        assert len(repr(event)) < 5_000


def test_a_database_that_is_away_lets_nobody_in(tmp_path: Path) -> None:
    gateway = Gateway(str(tmp_path / "nowhere.db"))
    with closing(AuditLog(str(tmp_path / "other.db"), UTC_ZONE)) as log:
        log.open()
        enrol(log._database)
        door = Door(log, gateway, log.clients.create(ALICE, lasting_details()))
        answer = door.ask(Authorization=door.bearer)
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
        gateway.stop()


@pytest.mark.parametrize(
    "url",
    ["/authenticate?scopes=users:write", "/authenticate?scope=users:read&Scope=users:write", "/envoy/v1/orders"],
    ids=["another word", "in capitals", "a prefix that lacks what is needed"],
)
def test_what_is_needed_is_not_guessed_from_words_that_nobody_knows(
    sqlite_address: str, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(AuditLog(sqlite_address, UTC_ZONE)) as log:
        door = Door(log, Gateway(sqlite_address), log.clients.create(ALICE, lasting_details()))
        answer = door.ask(url, Authorization=door.bearer)
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
        assert "none of scope and service" in caplog.text
        door.gateway.stop()


def test_it_says_that_it_is_well(door: Door) -> None:
    assert door.ask("/healthz").text == "ok\n"
    assert door.ask("/other").status_code == 404

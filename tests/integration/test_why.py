"""Why an integration stopped working, asked of a real database: the life of a client and its requests, told together."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.caller import Caller
from data.clients.model import ApiClient, ClientDetails, IssuedToken
from data.query.model import EVERYTHING
from data.records import Reference
from data.refusals import RefusalCode
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.services.why import Why
from data.why.model import ChangeLine, RunLine, State, Story
from tests.hand_clock import HandClock
from tests.integration.events import UTC_ZONE

ALICE = Caller(Reference("member", "m-1", "Alice Moss"))
DETAILS = ClientDetails("Payroll sync", date(2027, 1, 31), scopes=("users:read",))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def log(address: str, clock: HandClock) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        yield opened


class Caught:
    """The requests of a client, as a service records them, a second apart."""

    def __init__(self, log: AuditLog, clock: HandClock, issued: IssuedToken) -> None:
        self._log = log
        self._clock = clock
        self._issued = issued

    def call(self, times: int, refusal: RefusalCode | None = None, ip: str = "198.51.100.7") -> None:
        drafts = []
        for _ in range(times):
            self._clock.move(seconds=1)
            drafts.append(
                request_draft(
                    Request(
                        action="GET /v1/users",
                        status=200 if refusal is None else 401,
                        executed_at=self._clock(),
                        client=self._issued.client.reference,
                        token=self._issued.token.public_id,
                        service="users",
                        ip=ip,
                        refusal=refusal,
                    )
                )
            )
        self._log.requests.append(drafts)


@pytest.fixture
def issued(log: AuditLog, clock: HandClock) -> IssuedToken:
    made = log.clients.create(ALICE, DETAILS)
    clock.move(minutes=1)
    return made


@pytest.fixture
def client(issued: IssuedToken) -> ApiClient:
    return issued.client


@pytest.fixture
def caught(log: AuditLog, clock: HandClock, issued: IssuedToken) -> Caught:
    return Caught(log, clock, issued)


def blamed(story: Story) -> list[str]:
    return [line.event.type for line in story.lines if isinstance(line, ChangeLine) and line.blamed]


def counts(story: Story) -> list[int]:
    return [line.run.count for line in story.lines if isinstance(line, RunLine)]


def test_a_revocation_is_the_cause_of_what_is_refused_after_it(
    log: AuditLog, clock: HandClock, client: ApiClient, caught: Caught
) -> None:
    caught.call(700)
    clock.move(minutes=5)
    log.clients.revoke(ALICE, client.id, "leaked")
    clock.move(minutes=1)
    caught.call(3, RefusalCode.REVOKED)
    story = log.why.story(client.reference)
    assert story.answer.state is State.STOPPED
    assert story.answer.sentences[0].endswith(": Alice Moss revoked this client at 10:17: leaked.")
    assert (blamed(story), counts(story), story.requests) == (["api_client.revoked"], [3, 700], 703)
    assert story.client == log.clients.find(client.id)


def test_what_others_do_is_not_on_the_line(log: AuditLog, clock: HandClock, client: ApiClient, caught: Caught) -> None:
    caught.call(2)
    named_so = log.clients.create(ALICE, replace(DETAILS, name=client.id))
    Caught(log, clock, named_so).call(5, RefusalCode.EXPIRED)
    story = log.why.story(client.reference)
    assert (counts(story), story.answer.state) == ([2], State.WELL)
    changes = [line for line in story.lines if isinstance(line, ChangeLine)]
    assert {line.event.client for line in changes} == {client.reference}


def test_the_dates_leave_out_what_is_older_but_for_the_cause(
    log: AuditLog, clock: HandClock, client: ApiClient, caught: Caught
) -> None:
    caught.call(4)
    log.clients.revoke(ALICE, client.id, "leaked")
    clock.move(days=45)
    caught.call(2, RefusalCode.REVOKED)
    story = log.why.story(client.reference)
    assert [type(line) for line in story.lines] == [RunLine, ChangeLine]
    assert blamed(story) == ["api_client.revoked"]
    assert counts(log.why.story(client.reference, (EVERYTHING,))) == [2, 4]


def test_of_too_many_requests_it_is_still_known_since_when(
    address: str, log: AuditLog, clock: HandClock, client: ApiClient, caught: Caught
) -> None:
    caught.call(40)
    last_served = clock()
    log.clients.revoke(ALICE, client.id, "leaked")
    caught.call(5, RefusalCode.WRONG_SECRET, ip="203.0.113.9")
    caught.call(60, RefusalCode.REVOKED)
    few = Why(log.gate, UTC_ZONE, most_requests=20)
    story = few.story(client.reference)
    assert story.answer.since == last_served + timedelta(seconds=6)
    assert story.answer.sentences[1].startswith("more than 21 calls were refused")
    assert blamed(story) == ["api_client.revoked"]
    assert (story.requests, story.earlier) == (105, 83)
    whole = log.why.story(client.reference)
    assert (whole.answer.since, whole.earlier, sum(counts(whole))) == (story.answer.since, 0, 105)


def test_a_client_that_was_deleted_and_one_that_only_events_name_have_stories(
    log: AuditLog, clock: HandClock, client: ApiClient, caught: Caught
) -> None:
    caught.call(1)
    log.clients.delete(ALICE, client.id, "gone")
    caught.call(2, RefusalCode.DELETED)
    assert blamed(log.why.story(client.reference)) == ["api_client.deleted"]
    stranger = log.why.story(Reference("api_client", "c-unknown"))
    assert (stranger.client, stranger.lines, stranger.answer.state) == (None, (), State.QUIET)


def test_an_expiry_that_the_log_does_not_know_yet_is_told(
    log: AuditLog, clock: HandClock, client: ApiClient, caught: Caught
) -> None:
    caught.call(1)
    clock.move(days=100)
    caught.call(1, RefusalCode.EXPIRED)
    story = log.why.story(client.reference)
    assert "The client's last day was 31 Jan, and nobody has given it another one." in story.answer.sentences[0]
    log.clients.note_expired()
    assert blamed(log.why.story(client.reference)) == ["api_client.expired"]


def test_a_cause_in_the_archive_is_told(log: AuditLog, clock: HandClock, issued: IssuedToken) -> None:
    """The client was changed, and called for the last time, long before the live edge."""
    Caught(log, clock, issued).call(3)
    clock.move(days=500)
    story = log.why.story(issued.client.reference, (EVERYTHING,))
    assert story.requests == 3 and any(isinstance(line, ChangeLine) for line in story.lines)

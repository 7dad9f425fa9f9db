"""Bad input to the services of API clients: each refused with a plain sentence, and nothing half done."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.clients.errors import ClientEnded, ClientError, ClientNotFound, DetailsWrong, TokenError
from data.clients.model import IssuedToken
from data.errors import AuditdeckError
from data.policy import PolicyError
from data.records import Change
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.integration.client_worlds import ALICE, BO, DETAILS, client_events, named, rows
from tests.integration.events import UTC_ZONE

MEGABYTE = "x" * 1_000_000
NOWHERE = ["", " ", "c-none", "No such client", "a\0b", "a\ud800b", "\u202e", "adk_00000000", MEGABYTE]


@pytest.fixture
def log(address: str, clock: HandClock) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as opened:
        yield opened


@pytest.fixture
def issued(log: AuditLog) -> IssuedToken:
    return log.clients.create(ALICE, DETAILS)


def refused(log: AuditLog, address: str, ask: Callable[[], object], kind: type[AuditdeckError]) -> str:
    """What is said to a request that must be refused, in few words, and that must have changed and logged nothing."""
    before, told = rows(address), client_events(log)
    with pytest.raises(kind) as raised:
        ask()
    assert (rows(address), client_events(log)) == (before, told)
    assert 0 < len(str(raised.value)) < 300
    return str(raised.value)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("name", "", "A client needs a name."),
        ("name", " \t\n", "A client needs a name."),
        ("name", "a\0b", "This holds an invisible or control character."),
        ("name", "a\ud800b", "This holds an invisible or control character."),
        ("name", MEGABYTE, "At most 100 characters, this has 1,000,000."),
        ("description", MEGABYTE, "At most 1,000 characters, this has 1,000,000."),
        ("owner", "\x1b]0;owned\a", "This holds an invisible or control character."),
        ("scopes", ("users:read", "Users"), "'Users' is not a scope such as orders:read."),
        ("scopes", ("users:read orders:read",), "'users:read orders:read' is not a scope such as orders:read."),
        (
            "networks",
            ("10.0.0.1/8",),
            "10.0.0.1/8 names one address in a network: write 10.0.0.0/8, or 10.0.0.1 alone.",
        ),
        ("expires", date(2026, 11, 19), "2026-11-19 is past; write a date such as 2027-05-31, or 90 days, 6 months."),
        ("expires", date(2027, 11, 21), "At most 12 months from now, that is 2027-11-20."),
        ("expires", date.max, "At most 12 months from now, that is 2027-11-20."),
    ],
    ids=lambda value: "megabyte" if value is MEGABYTE else None,
)
def test_wrong_details_neither_make_nor_change_a_client(
    log: AuditLog, address: str, issued: IssuedToken, field: str, value: object, problem: str
) -> None:
    wrong = replace(named("Orders"), **{field: value})  # type: ignore[arg-type]
    assert refused(log, address, lambda: log.clients.create(BO, wrong), DetailsWrong) == problem
    assert refused(log, address, lambda: log.clients.edit(BO, issued.client, wrong), DetailsWrong) == problem


def test_a_name_that_is_taken_or_looks_so_is_refused_and_told_with_all_that_is_wrong(
    log: AuditLog, address: str, issued: IssuedToken
) -> None:
    other = log.clients.create(ALICE, named("Orders")).client
    for name, problem in (
        ("payroll  SYNC", "There is a client named Payroll sync already."),
        ("Раyrоll sync", "This looks like Payroll sync, which is another client."),
    ):
        assert refused(log, address, lambda name=name: log.clients.create(BO, named(name)), DetailsWrong) == problem  # type: ignore[misc]
        edit = lambda name=name: log.clients.edit(BO, other, named(name))
        assert refused(log, address, edit, DetailsWrong) == problem
    with pytest.raises(DetailsWrong) as raised:
        log.clients.create(BO, replace(DETAILS, networks=("x",)))
    assert list(raised.value.problems) == ["name", "networks"]
    assert log.clients.edit(BO, issued.client, named("PAYROLL sync")).name == "PAYROLL sync"


def test_a_secret_in_a_field_or_a_reason_is_refused_and_not_repeated(
    log: AuditLog, address: str, issued: IssuedToken
) -> None:
    whole = issued.token.reveal()
    client_id, public_id = issued.client.id, issued.token.public_id
    for change in (
        lambda: log.clients.edit(BO, issued.client, replace(DETAILS, name=f"Sync {whole}")),
        lambda: log.clients.edit(BO, issued.client, replace(DETAILS, description=f"has {whole}")),
        lambda: log.clients.edit(BO, issued.client, replace(DETAILS, owner=whole)),
        lambda: log.clients.end_token(BO, client_id, public_id, f"{whole} was found"),
        lambda: log.clients.revoke(BO, client_id, f"{whole} was found"),
        lambda: log.clients.delete(BO, client_id, f"{whole} was found"),
    ):
        problem = refused(log, address, change, DetailsWrong)
        assert problem == "This holds the secret of a token; name it by its public id."


def test_details_are_kept_and_told_in_one_form(log: AuditLog, issued: IssuedToken) -> None:
    wanted = replace(
        DETAILS,
        name=" Payroll  sync",
        scopes=("b", "a", "b"),
        networks=("2001:DB8::/32", "10.0.0.0/8"),
        owner="e\u0301",
    )
    edited = log.clients.edit(ALICE, issued.client, wanted)
    assert edited == log.clients.find(issued.client.id)
    assert client_events(log)[-1].changes == (
        Change("owner", None, "é"),
        Change("scopes", ["users:read"], ["a", "b"]),
        Change("networks", None, ["10.0.0.0/8", "2001:db8::/32"]),
    )
    assert log.clients.edit(ALICE, edited, wanted) == edited


@pytest.mark.parametrize("wanted", NOWHERE, ids=range(len(NOWHERE)))
def test_a_client_that_is_not_there_is_not_found(log: AuditLog, address: str, issued: IssuedToken, wanted: str) -> None:
    clients, token = log.clients, issued.token.public_id
    for ask in (
        lambda: clients.find(wanted),
        lambda: clients.edit(BO, replace(issued.client, id=wanted), DETAILS),
        lambda: clients.issue(BO, wanted),
        lambda: clients.rotate(BO, wanted),
        lambda: clients.prolong(BO, wanted, token, date(2026, 12, 1)),
        lambda: clients.end_token(BO, wanted, token, "leaked"),
        lambda: clients.revoke(BO, wanted, "leaked"),
        lambda: clients.delete(BO, wanted, "leaked"),
        lambda: clients.note_handed_over(BO, wanted, token, "copied"),
    ):
        assert refused(log, address, ask, ClientNotFound).startswith("There is no ")
    for ask in (
        lambda: clients.prolong(BO, issued.client.id, wanted, date(2026, 12, 1)),
        lambda: clients.end_token(BO, issued.client.id, wanted, "leaked"),
        lambda: clients.note_handed_over(BO, issued.client.id, wanted, "saved"),
    ):
        assert "no token" in refused(log, address, ask, ClientError)


def test_a_whole_token_finds_its_client_and_is_said_by_its_public_id(log: AuditLog, issued: IssuedToken) -> None:
    assert log.clients.find(issued.token.reveal()) == issued.client
    unknown = "adk_00000000_" + issued.token.reveal()[13:]
    with pytest.raises(ClientNotFound, match=r"There is no client adk_00000000;"):
        log.clients.find(unknown)


@pytest.mark.parametrize("reason", ["", " \n", "a\0b", MEGABYTE], ids=range(4))
def test_what_cannot_be_undone_needs_a_reason(log: AuditLog, address: str, issued: IssuedToken, reason: str) -> None:
    client = issued.client.id
    for ask in (
        lambda: log.clients.end_token(BO, client, issued.token.public_id, reason),
        lambda: log.clients.revoke(BO, client, reason),
        lambda: log.clients.delete(BO, client, reason),
    ):
        refused(log, address, ask, DetailsWrong)


@pytest.mark.parametrize("end", ["revoked", "deleted"])
def test_what_has_ended_is_not_ended_again_nor_changed(
    log: AuditLog, address: str, issued: IssuedToken, end: str
) -> None:
    clients, client, token = log.clients, issued.client.id, issued.token.public_id
    ended = clients.revoke(ALICE, client, "leaked") if end == "revoked" else clients.delete(ALICE, client, "gone")
    asked: list[Callable[[], object]] = [
        lambda: clients.revoke(BO, client, "leaked"),
        lambda: clients.edit(BO, ended, named("Orders")),
        lambda: clients.edit(BO, issued.client, named("Orders")),
        lambda: clients.issue(BO, client),
        lambda: clients.rotate(BO, client),
        lambda: clients.prolong(BO, client, token, date(2026, 12, 1)),
        lambda: clients.end_token(BO, client, token, "leaked"),
    ]
    if end == "deleted":
        asked.append(lambda: clients.delete(BO, client, "gone"))
    for ask in asked:
        assert refused(log, address, ask, ClientEnded) == f"Payroll sync was {end} already."


def test_a_token_ends_once_and_there_are_two_at_most(log: AuditLog, address: str, issued: IssuedToken) -> None:
    clients, client, token = log.clients, issued.client.id, issued.token.public_id
    clients.issue(ALICE, client)
    assert "two tokens already" in refused(log, address, lambda: clients.issue(BO, client), TokenError)
    clients.end_token(ALICE, client, token, "leaked")
    ended = refused(log, address, lambda: clients.end_token(BO, client, token, "leaked"), TokenError)
    assert ended == f"{token} has ended already."
    (left,) = clients.find(client).live_tokens(log.clients.all().now, UTC_ZONE)
    clients.end_token(ALICE, client, left.public_id, "leaked")
    assert "no token to replace" in refused(log, address, lambda: clients.rotate(BO, client), TokenError)


@pytest.mark.parametrize("days", [-1, 367, 10**9])
def test_an_overlap_has_its_limits(log: AuditLog, address: str, issued: IssuedToken, days: int) -> None:
    said = refused(log, address, lambda: log.clients.rotate(BO, issued.client.id, days), TokenError)
    assert said == "An overlap is of 0 to 366 days."


def test_no_token_outlives_the_last_day_of_its_client(log: AuditLog, address: str, issued: IssuedToken) -> None:
    client, token = issued.client.id, issued.token.public_id
    not_replaced = lambda: log.clients.prolong(BO, client, token, date(2026, 12, 1))
    assert refused(log, address, not_replaced, TokenError) == f"{token} was not replaced: it ends with the client."
    rotated = log.clients.rotate(ALICE, client, 300).client
    assert rotated.tokens[0].overlap_ends == rotated.details.expires
    for until, said in (
        (date(2026, 11, 19), "2026-11-19 is past."),
        (DETAILS.expires + timedelta(days=1), "Payroll sync itself ends on 2027-01-31; no token of it lives longer."),
        (date.max, "Payroll sync itself ends on 2027-01-31; no token of it lives longer."),
    ):
        ask = lambda until=until: log.clients.prolong(BO, client, token, until)
        assert refused(log, address, ask, TokenError) == said
    today = log.clients.prolong(ALICE, client, token, date(2026, 11, 20))
    assert log.clients.prolong(ALICE, client, token, date(2026, 11, 20)) == today == log.clients.find(client)


@pytest.mark.parametrize(("key", "text"), [("zone", "Nowhere"), ("overlap_days", "x"), ("colour", "1"), ("zone", "\0")])
def test_a_rule_that_cannot_be_is_refused(log: AuditLog, address: str, key: str, text: str) -> None:
    refused(log, address, lambda: log.policy.change(ALICE, key, text), PolicyError)


def test_of_two_who_take_a_name_at_once_one_is_told_that_it_is_taken(address: str, clock: HandClock) -> None:
    said: list[object] = []
    together = threading.Barrier(2)

    def create(name: str) -> None:
        with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
            log.open()
            together.wait(10)
            try:
                said.append(log.clients.create(ALICE, named(name)).client.name)
            except DetailsWrong as wrong:
                said.append(list(wrong.problems))

    threads = [threading.Thread(target=create, args=(name,)) for name in ("Orders", "0rders")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert ["name"] in said and len(said) == 2
    assert len(rows(address)["api_client"]) == len(rows(address)["token"]) == 1

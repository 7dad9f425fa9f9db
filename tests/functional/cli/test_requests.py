"""`auditdeck requests`: what it shares with `auditdeck events`, and what is its own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.records import Reference
from data.refusals import RefusalCode
from data.requests import GatheredRefusals, Request, gathered_draft, request_draft
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_clients import opened
from tests.functional.cli.made_up_log import PAYROLL, START, fill, some_drafts

REPORTS = Reference("api_client", "c-78", "Reports")
COUNT = 9


@pytest.fixture(autouse=True)
def filled(database: Path) -> None:
    """Requests of two clients, every third refused; and a change log, which is another one."""
    fill(database, some_drafts(4))
    requests = [
        Request(
            action=f"GET /v1/orders/{number}",
            status=401 if number % 3 == 2 else 200,
            executed_at=START + timedelta(minutes=number),
            client=REPORTS if number % 2 else PAYROLL,
            token="adk_Ab3dE5gH",
            service="orders",
            duration_ms=number * 500,
            ip="198.51.100.7",
            refusal=RefusalCode.REVOKED if number % 3 == 2 else None,
        )
        for number in range(COUNT)
    ]
    strangers = GatheredRefusals(
        count=1_204, first_at=START - timedelta(hours=1), refusal=RefusalCode.UNKNOWN_TOKEN, ip="203.0.113.9"
    )
    with opened(database) as log:
        log.requests.append([*map(request_draft, requests), gathered_draft(strangers)])


def test_a_line_holds_outcome_status_client_service_action_duration_address_and_refusal(run: Runner) -> None:
    ran = run("requests", "last:all", "--limit", "2")
    (refused, served) = (" ".join(line.split()) for line in ran.out.splitlines())
    ids = [item["id"] for item in run("requests", "last:all", "--limit", "2", "--json").json["items"]]
    assert refused == (
        "2026-03-02T09:08:00+00:00 ! DENIED 401 Payroll sync orders GET /v1/orders/8 4000 198.51.100.7 revoked "
        f"{ids[0]}"
    )
    assert served == (
        f"2026-03-02T09:07:00+00:00 success 200 Reports orders GET /v1/orders/7 3500 198.51.100.7 {ids[1]}"
    )


def test_strangers_are_one_line_with_their_number(run: Runner) -> None:
    (line,) = run("requests", "last:all", "-service:orders").out.splitlines()
    assert "Make requests as a stranger: 1,204" in line and "unknown_token" in line


def test_the_query_is_that_of_events_over_the_other_log(run: Runner) -> None:
    assert run("requests", "last:all", "--count").out == f"{COUNT + 1}\n"
    assert run("events", "last:all", "--count").out == "4\n"
    for query, count in (
        ("client:payroll*", 5),
        ("token:adk_Ab3dE5gH outcome:denied", 3),
        ('action:"GET /v1/orders/3"', 1),
        ("duration:>3s", 2),
        ("service:orders -client:reports", 5),
    ):
        assert run("requests", f"{query} last:all", "--count").out == f"{count}\n", query


def test_json_is_as_that_of_events(run: Runner) -> None:
    found = run("requests", "last:all", "outcome:denied", "service:orders", "--json", "--limit", "2", "--total").json
    assert list(found) == ["items", "next_cursor", "limit", "total"] and found["total"] == 3
    first = found["items"][0]
    assert (first["type"], first["data"]) == ("request.refused", {"status": 401, "refusal": "revoked"})
    assert (first["client"]["name"], first["duration_ms"], first["token"]) == ("Payroll sync", 4_000, "adk_Ab3dE5gH")


@pytest.mark.parametrize("sort", ["desc", "asc"])
def test_pages_read_to_the_end_are_the_whole(run: Runner, sort: str) -> None:
    whole = run("requests", "last:all", "--json", "--sort", sort).json["items"]
    page = run("requests", "last:all", "--json", "--sort", sort, "--limit", "4").json
    read = page["items"]
    while page["next_cursor"] is not None:
        page = run("requests", "last:all", "--json", "--limit", "4", "--cursor", page["next_cursor"]).json
        read += page["items"]
    assert read == whole and len(whole) == COUNT + 1


def test_a_cursor_of_one_log_is_refused_by_the_other(run: Runner) -> None:
    for one, other in (("events", "requests"), ("requests", "events")):
        cursor = run(one, "last:all", "--json", "--limit", "2").json["next_cursor"]
        ran = run(other, "last:all", "--cursor", cursor)
        assert (ran.status, ran.out) == (1, "") and "another query, time zone or log" in ran.err


def test_what_is_wrong_or_finds_nothing_is_told(run: Runner) -> None:
    ran = run("requests", "colour:red")
    assert (ran.status, ran.out) == (1, "") and "colour:red" in ran.err
    ran = run("requests", "client:payroll*", "during:2020")
    assert (ran.status, ran.out) == (0, "") and "No request matches" in ran.err
    assert "There are 5 over all time: last:all." in ran.err
    assert run("requests", "--limit", "0").status == 2


def test_one_request_is_shown_by_its_id(run: Runner) -> None:
    (item,) = run("requests", "last:all", "--limit", "1", "--json").json["items"]
    shown = run("event", item["id"]).out
    assert "GET /v1/orders/8" in shown and "The token's client was revoked." in shown
    assert run("event", item["id"], "--json").json["id"] == item["id"]


def test_calls_are_summed_up_by_client_service_or_action(run: Runner) -> None:
    ran = run("requests", "last:all", "service:orders", "--by", "client")
    assert (ran.status, ran.err) == (0, "")
    assert [" ".join(line.split()) for line in ran.out.splitlines()] == [
        "Payroll sync 5 2 2,000 4,000 2026-03-02T09:08:00+00:00",
        "Reports 4 1 1,500 3,500 2026-03-02T09:07:00+00:00",
    ]
    found = run("requests", "last:all", "service:orders", "--by", "client", "--json").json
    assert (found["by"], found["distinct"]) == ("client", 2)
    assert found["groups"][0] == {
        "label": "Payroll sync",
        "query": found["groups"][0]["query"],
        "calls": 5,
        "errors": 2,
        "p50_ms": 2_000,
        "p95_ms": 4_000,
        "newest": "2026-03-02T09:08:00.000000Z",
    }
    for group in found["groups"]:
        assert run("requests", "last:all", group["query"], "--count").out == f"{group['calls']}\n", "it finds its calls"
    services = run("requests", "last:all", "--by", "service", "--json").json["groups"]
    assert {one["label"]: one["calls"] for one in services if one["label"] == "orders"} == {"orders": COUNT}
    actions = run("requests", "last:all", "--by", "action", "--limit", "2")
    assert len(actions.out.splitlines()) == 2 and f"the first 2 of {COUNT}" in actions.err


def test_what_is_unusual_says_why_and_the_query_that_shows_it(run: Runner, database: Path) -> None:
    ran = run("requests", "--unusual")
    assert (ran.status, ran.out, ran.err) == (0, "", "Nothing is unusual.\n")
    assert run("requests", "--unusual", "--json").json == {"findings": []}
    now = datetime.now(UTC)
    calls = [
        Request(action="GET /v1/orders", status=200, executed_at=at, client=PAYROLL, service="orders", ip=ip)
        for at, ip in (
            *((now - timedelta(days=day), "198.51.100.7") for day in range(1, 25)),
            (now - timedelta(minutes=3), "203.0.113.9"),
        )
    ]
    with opened(database) as log:
        log.requests.append([*map(request_draft, calls)])
    sentence, query = run("requests", "--unusual").out.splitlines()
    assert sentence.startswith("Payroll sync") and "203.0.113.9" in sentence
    (finding,) = run("requests", "--unusual", "--json").json["findings"]
    assert (finding["kind"], finding["client"]) == ("address", {"id": "c-77", "name": "Payroll sync"})
    assert finding["query"] == query.strip()
    assert run("requests", finding["query"], "--count").out == "1\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--by", "client", "--count"),
        ("--by", "client", "--cursor", "x"),
        ("--unusual", "--total"),
        ("--unusual", "client:payroll"),
        ("--by", "client", "--unusual"),
        ("--by", "colour"),
    ],
    ids=" ".join,
)
def test_what_does_not_go_together_is_told(run: Runner, words: tuple[str, ...]) -> None:
    ran = run("requests", *words)
    assert (ran.status, ran.out) == (2, "") and ran.err

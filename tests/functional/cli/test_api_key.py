"""The command line in the name of an API client, whose token AUDITDECK_API_KEY holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.clients.model import IssuedToken
from data.query import parse_query
from data.records import Event, Outcome
from data.tokens import new_token
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_clients import BO, events_of, let_expire, make_client, opened
from tests.functional.cli.made_up_log import fill, some_drafts

READING = ("audit:read", "requests:read", "clients:read")


@pytest.fixture
def key(database: Path, monkeypatch: pytest.MonkeyPatch) -> IssuedToken:
    """A client with every scope that there is to read by, whose token is in the environment."""
    issued = make_client(database)
    give(database, issued, *READING)
    fill(database, some_drafts(2))
    monkeypatch.setenv("AUDITDECK_API_KEY", issued.token.reveal())
    return issued


def give(database: Path, issued: IssuedToken, *scopes: str) -> None:
    with opened(database) as log:
        now = log.clients.find(issued.client.id)
        log.clients.edit(BO, now, replace(now.details, scopes=scopes))


def requests_of(database: Path) -> list[Event]:
    with opened(database) as log:
        return list(log.requests.page(parse_query("last:all"), limit=100).items[::-1])


def test_each_call_is_one_request_with_its_duration(run: Runner, database: Path, key: IssuedToken) -> None:
    assert run("events", "last:all", "--count").status == 0
    assert run("event", str(events_of(database, "type:*")[0].id)).status == 0
    assert run("clients").status == 0
    assert run("client", "show", key.client.id).status == 0
    assert run("requests", "last:all").status == 0
    assert run("event", "018c2f3e-5a70-7d3a-9c1b-0242ac120002").status == 1
    assert run("filters").status == run("settings").status == 0, "they ask for nothing in the log"
    served = requests_of(database)
    actions = ["events", "event", "clients", "client show", "requests", "event"]
    assert sorted(event.target.name or "" for event in served if event.target) == sorted(actions)
    for event in served:
        assert event.client is not None and event.client.id == key.client.id
        assert (event.service, event.token) == ("command-line", key.token.public_id)
        assert event.duration_ms is not None and event.duration_ms >= 0
    assert sorted(str(event.data["status"]) for event in served) == ["200"] * 5 + ["404"]
    with opened(database) as log:
        (token,) = log.clients.find(key.client.id).tokens
    assert token.last_used_at is not None


def test_its_scopes_say_what_it_may_read(run: Runner, database: Path, key: IssuedToken) -> None:
    give(database, key, "clients:read", "orders:read")
    assert run("clients").status == 0
    ran = run("events", "last:all")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == ("auditdeck: This needs audit:read, to view audit logs; Payroll sync holds clients:read.\n")
    _, refused = sorted(requests_of(database), key=lambda event: event.outcome is Outcome.DENIED)
    assert refused.outcome is Outcome.DENIED
    assert refused.data == {"status": 403, "refusal": "missing_scope", "scope": "audit:read"}


def test_a_key_that_does_not_work_is_refused_with_the_reason(
    run: Runner, database: Path, key: IssuedToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = key.token.reveal()
    let_expire(database, "Payroll sync")
    assert (
        run("clients").err == f"auditdeck: {key.token.public_id} does not work here. The token's client has expired.\n"
    )
    for other, sentence in (
        (new_token().reveal(), "No token has this public id."),
        (whole[:-1] + ("a" if whole[-1] != "a" else "b"), "its form or its checksum is wrong."),
        ("not a token", "The API key does not work here."),
    ):
        monkeypatch.setenv("AUDITDECK_API_KEY", other)
        ran = run("clients")
        assert (ran.status, ran.out) == (1, "") and sentence in ran.err and len(ran.err.splitlines()) == 1
    refused = requests_of(database)
    assert sorted(str(event.data["refusal"]) for event in refused) == [
        "expired",
        "mistyped_token",
        "mistyped_token",
        "unknown_token",
    ]
    assert {event.outcome for event in refused} == {Outcome.DENIED}


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("client", "create", "X"),
        ("import", "file"),
        ("policy",),
        ("views",),
        ("db", "upgrade"),
        ("keeper", "--once"),
    ],
    ids=" ".join,
)
def test_what_is_for_people_is_not_done(run: Runner, database: Path, key: IssuedToken, words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert "AUDITDECK_API_KEY is set" in ran.err and "Unset it" in ran.err
    assert not requests_of(database)


def test_the_token_is_shown_and_logged_nowhere(
    run: Runner, database: Path, key: IssuedToken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = key.token.reveal()[13:]
    monkeypatch.setenv("AUDITDECK_LOG_LEVEL", "debug")
    for words in (("settings",), ("settings", "--json"), ("events", "last:all"), ("--help",), ("client", "create")):
        ran = run(*words)
        assert secret not in ran.out + ran.err
    log_file = tmp_path / "operational.log"
    assert not log_file.exists() or secret not in log_file.read_text()


def test_every_other_setting_still_takes_no_token(
    run: Runner, key: IssuedToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITDECK_STATE_FILE", key.token.reveal())
    assert "A setting holds a whole token" in run("settings").err


@pytest.mark.usefixtures("reading_is_recorded")
def test_what_it_reads_and_exports_is_recorded_in_its_name(run: Runner, database: Path, key: IssuedToken) -> None:
    assert run("events", "type:*", "--count").status == 0
    assert run("requests", "last:all").status == 0
    assert run("export", "last:all").status == 0
    told = events_of(database, "type:log.read,requests.read,log.exported")
    assert sorted(event.type for event in told) == ["log.exported", "log.read", "requests.read"]
    for event in told:
        assert (event.actor, event.outcome) == (key.client.reference, Outcome.SUCCESS)
        assert event.service == "command-line"
    assert len(requests_of(database)) == 3

"""`auditdeck clients`, and `auditdeck client show`."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.functional.cli.command_line import Ran, Runner
from tests.functional.cli.made_up_clients import BO, change, let_expire, make_client, opened, today


@pytest.fixture(autouse=True)
def filled(database: Path) -> None:
    """Five clients: of every status one."""
    for name, days in (("Payroll sync", 90), ("Reports", 12), ("Badges", 30), ("Mailer", 90), ("Archive", 90)):
        make_client(database, name, days)
    let_expire(database, "Badges")
    with opened(database) as log:
        log.clients.revoke(BO, log.clients.find("Mailer").id, "contract ended")
        log.clients.delete(BO, log.clients.find("Archive").id, "made by mistake")


def names_in(ran: Ran) -> list[str]:
    assert ran.status == 0, ran.err
    return [json.loads(line)["name"] for line in ran.out.splitlines()]


def test_a_line_has_name_id_owner_status_end_scopes_and_last_use(run: Runner, database: Path) -> None:
    ran = run("clients")
    assert (ran.status, ran.err) == (0, "")
    badges, mailer, payroll, reports = ran.out.splitlines()
    with opened(database) as log:
        client = log.clients.find("Reports")
    day = (today() + timedelta(days=12)).isoformat()
    assert " ".join(reports.split()) == f"Reports {client.id} Alice Moss expiring {day} in 12 days orders:read never"
    assert "expired   2020-01-01 " in badges and "days ago" in badges
    assert "revoked" in mailer and " in " not in mailer
    assert "active" in payroll and "in 90 days" in payroll
    assert "Archive" not in ran.out and "deleted" in run("clients", "--all").out


def test_those_that_end_soon_come_in_the_order_of_their_end(run: Runner, database: Path) -> None:
    make_client(database, "Sooner", 3)
    assert names_in(run("clients", "--expiring", "30d", "--json")) == ["Sooner", "Reports"]
    assert names_in(run("clients", "--expiring", "1w", "--json")) == ["Sooner"]
    day = (today() + timedelta(days=12)).isoformat()
    assert names_in(run("clients", "--expiring", day, "--json")) == ["Sooner", "Reports"]
    assert names_in(run("clients", "--expiring", "11d", "--json")) == ["Sooner"]


def test_clients_are_narrowed_by_status(run: Runner) -> None:
    assert names_in(run("clients", "--status", "expired,revoked", "--json")) == ["Badges", "Mailer"]
    assert names_in(run("clients", "--status", "Active", "--json")) == ["Payroll sync"]
    assert names_in(run("clients", "--status", "deleted", "--json")) == ["Archive"], "without --all, too"
    ran = run("clients", "--status", "active", "--expiring", "30d")
    assert (ran.status, ran.out) == (0, "") and "None of the 4 clients" in ran.err


def test_an_empty_database_says_how_a_client_is_made(run: Runner, database: Path) -> None:
    change(database, "DELETE FROM token")
    change(database, "DELETE FROM api_client")
    ran = run("clients")
    assert (ran.status, ran.out) == (0, "") and "auditdeck client create" in ran.err
    assert run("clients", "--json") == (0, "", "")


def test_json_has_every_key_and_no_secret(run: Runner, database: Path) -> None:
    lines = [json.loads(line) for line in run("clients", "--all", "--json").out.splitlines()]
    keys = set(lines[0])
    assert all(set(line) == keys for line in lines) and len(lines) == 5
    (reports,) = (line for line in lines if line["name"] == "Reports")
    assert (reports["status"], reports["days_left"], reports["scopes"]) == ("expiring", 12, ["orders:read"])
    assert reports["ends_at"] == f"{today() + timedelta(days=13)}T00:00:00.000000Z"
    (token,) = reports["tokens"]
    assert token["works"] is True and len(token["public_id"]) == 12
    (mailer,) = (line for line in lines if line["name"] == "Mailer")
    assert (mailer["revoked_by"], mailer["revoke_reason"]) == ("Bo Lind", "contract ended")
    assert not mailer["tokens"][0]["works"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--expiring", "soon"), "'soon': This is not a day; write a date such as"),
        (("--expiring", "2026-02-30"), "There is no 2026-02-30 in the calendar"),
        (("--expiring", "99999y"), "beyond the calendar"),
        (("--status", "tired"), "'tired' is not one or several of active, expiring"),
    ],
)
def test_what_is_not_understood_is_told(run: Runner, words: tuple[str, ...], sentence: str) -> None:
    ran = run("clients", *words)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert sentence in ran.err


def test_all_of_a_client_is_shown_by_its_name_id_or_token(run: Runner, database: Path) -> None:
    with opened(database) as log:
        client = log.clients.find("Mailer")
    shown = [run("client", "show", wanted).out for wanted in ("mailer", client.id, client.tokens[0].public_id)]
    assert shown[0] == shown[1] == shown[2]
    for words in (
        "status          revoked",
        " by Bo Lind",
        "reason          contract ended",
        "owner           Alice Moss",
        "description     nightly",
        "networks        from anywhere",
        f"{client.tokens[0].public_id}    does not work: the client is revoked; issued ",
        "Recent changes",
        "API client revoked  Mailer  Bo Lind",
    ):
        assert words in shown[0]


def test_json_of_one_client_has_its_recent_changes_newest_first(run: Runner) -> None:
    found = run("client", "show", "Mailer", "--json").json
    assert found["name"] == "Mailer"
    types = [event["type"] for event in found["recent_changes"]]
    assert types[0] == "api_client.revoked" and set(types[1:]) == {"token.issued", "api_client.created"}


def test_a_client_that_is_not_there_is_told(run: Runner) -> None:
    for wanted in ("Nobody", "c-00000000", "adk_00000000", "\udcff", ""):
        ran = run("client", "show", wanted)
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
        assert "There is no client" in ran.err

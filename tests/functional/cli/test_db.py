"""`auditdeck db`."""

import os
from pathlib import Path

import pytest

from data.store.database_roles import role_script
from data.store.grants import DatabaseRole
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import fill, some_drafts
from tests.integration.database_roles import database_with_roles
from tests.integration.postgres_server import PostgresServer

NOWHERE = "postgresql+psycopg://somebody@localhost:9/audit"


def test_the_status_of_what_is_not_there_makes_nothing(run: Runner, database: Path) -> None:
    ran = run("db", "status", "--json")
    assert ran.status == 0
    assert ran.json["events"] == 0
    assert ran.json["schema"].startswith("none")
    assert not database.exists()


def test_the_status_names_address_engine_schema_and_events(run: Runner, database: Path) -> None:
    fill(database, some_drafts(1_003))
    status = {"address": str(database), "engine": "SQLite", "schema": "up to date", "events": 1_003}
    assert run("db", "status", "--json").json == status
    lines = [line.split(maxsplit=1) for line in run("db", "status").out.splitlines()]
    assert lines == [["address", str(database)], ["engine", "SQLite"], ["schema", "up to date"], ["events", "1,003"]]


def test_an_upgrade_says_whether_there_was_anything_to_do(run: Runner, database: Path) -> None:
    assert run("db", "upgrade") == (0, f"{database} has been brought to this program's schema.\n", "")
    assert run("db", "upgrade") == (0, f"{database} has this program's schema already.\n", "")


def test_a_file_has_no_roles_to_grant_to(run: Runner, database: Path) -> None:
    ran = run("db", "upgrade", "--grant", "auditor")
    assert (ran.status, ran.out) == (1, "")
    assert "has no roles" in ran.err
    assert not database.exists()


@pytest.mark.postgres
def test_a_shared_database_is_upgraded_granted_and_described(run: Runner, postgres_address: str) -> None:
    ran = run("db", "upgrade", "--database", postgres_address, "--grant", "pg_monitor")
    assert ran.status == 0, ran.err
    assert "the role pg_monitor may use it" in ran.out and len(ran.out.splitlines()) == 1
    assert run("events", "last:all", "--count", "--database", postgres_address).out == "0\n"
    status = run("db", "status", "--database", postgres_address, "--json").json
    assert (status["engine"], status["schema"], status["events"]) == ("PostgreSQL", "up to date", 0)
    refused = run("db", "upgrade", "--database", postgres_address, "--grant", "nobody at all")
    assert (refused.status, refused.out, len(refused.err.splitlines())) == (1, "", 1)


# Roles.


@pytest.mark.parametrize("words", [(), ("--apply",), ("--prefix", "no such")])
def test_a_file_has_no_roles(run: Runner, database: Path, words: tuple[str, ...]) -> None:
    ran = run("db", "roles", *words)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "has no roles" in ran.err and not database.exists()


def test_the_script_is_printed_without_asking_the_server(run: Runner) -> None:
    assert run("db", "roles", "--database", NOWHERE) == (0, f"{role_script()}\n", "")
    assert run("db", "roles", "--database", NOWHERE, "--prefix", "pay_").out == f"{role_script('pay_')}\n"


def test_a_prefix_that_cannot_be_is_told_in_a_line(run: Runner) -> None:
    for words in ((), ("--apply",)):
        ran = run("db", "roles", "--database", NOWHERE, "--prefix", "Pay-", *words)
        assert (ran.status, ran.out) == (1, "")
        assert ran.err.startswith("auditdeck: A prefix of roles is ") and len(ran.err.splitlines()) == 1


@pytest.mark.postgres
def test_roles_are_made_and_whoever_is_bound_by_none_is_not_let_in(
    run: Runner, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUDITDECK_AS_OWNER")
    with database_with_roles(server, f"adcc{os.getpid()}_", made=False) as roles:
        monkeypatch.setenv("AUDITDECK_DATABASE", roles.address)
        ran = run("db", "roles", "--apply", "--prefix", roles.prefix)
        assert (ran.status, ran.err, len(ran.out.splitlines())) == (0, "", 1)
        assert all(name in ran.out for name in roles.names.values())
        roles.make_logins()
        count = ("events", "type:session.refused", "--count")
        for words in (
            count,
            ("keeper", "--once"),
            ("gateway", "--listen", "nowhere"),
            ("import", "-"),
            ("invite", "bo@example.org"),
        ):
            refused = run(*words)
            assert (refused.status, refused.out, len(refused.err.splitlines())) == (1, "", 1)
            assert "is a superuser" in refused.err and "`auditdeck db roles`" in refused.err
        assert run(*count, "--as-owner").out == "0\n"
        assert run("db", "status", "--json").json["schema"] == "up to date"
        assert run("db", "upgrade").status == 0
        monkeypatch.setenv("AUDITDECK_DATABASE", roles.address_of(DatabaseRole.CONSOLE))
        assert run(*count).out == "0\n"
        refused = run("db", "roles", "--apply", "--prefix", roles.prefix)
        assert (refused.status, refused.out) == (1, "") and "permission denied" in refused.err
        monkeypatch.setenv("AUDITDECK_DATABASE", roles.address_of(DatabaseRole.KEEPER))
        assert run("keeper", "--once").status == 0

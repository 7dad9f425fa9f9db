"""`auditdeck db`."""

from pathlib import Path

import pytest

from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import fill, some_drafts


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

"""`auditdeck views`, and `auditdeck events --view`."""

import os
import pwd
import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.query import parse_query
from data.services.audit_log import AuditLog
from data.views import SHIPPED
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import fill, some_drafts

EVENTS = 21
PERSON = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture(autouse=True)
def filled(database: Path) -> None:
    fill(database, some_drafts(EVENTS))


def save(database: Path, name: str, query: str, *, shared: bool = False) -> None:
    with closing(AuditLog(str(database), ZoneInfo("UTC"))) as log:
        log.views.save(name, parse_query(query), shared=shared)


def change(database: Path, statement: str) -> None:
    """What another program, or another person, did to the views."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)


def test_a_line_has_name_whose_it_is_and_query(run: Runner, database: Path) -> None:
    save(database, "Refused ones", "outcome:denied last:all")
    save(database, "All", "last:all", shared=True)
    ran = run("views")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[:3] == [
        "All                 yours, shared  last:all",
        "Refused ones        yours          outcome:denied last:all",
        "Failed or denied    built in       outcome:failure,denied last:30d",
    ]
    change(database, "UPDATE saved_view SET owner = 'ann'")
    assert run("views").out.splitlines()[0] == "All                 by ann    last:all", "and ann's own is not seen"
    assert len(run("views").out.splitlines()) == 1 + len(SHIPPED)


def test_json_has_all_of_it(run: Runner, database: Path) -> None:
    save(database, "All", "last:all")
    found = run("views", "--json").json
    assert found["person"] == PERSON
    assert found["views"][0] == {
        "name": "All",
        "query": "last:all",
        "owner": PERSON,
        "own": True,
        "shared": False,
        "problem": None,
        "read_to": None,
    }
    assert [view["name"] for view in found["views"][1:]] == [view.name for view in SHIPPED]


def test_events_of_a_view_are_those_of_its_query_and_of_what_is_asked_besides(run: Runner, database: Path) -> None:
    save(database, "Refused ones", "outcome:denied last:all")
    for words in (["outcome:denied", "last:all"], ["outcome:denied", "last:all", '"number 5"']):
        ran = run("events", "--view", "refused ONES", *words[2:], "--json")
        assert ran.json["items"] == run("events", *words, "--json").json["items"] != []
    assert run("events", "--view", "Refused ones", "--count").out == f"{EVENTS // 3}\n"
    assert run("events", "--view", "Failed or denied", "--count").out == "0\n", "in the last 30 days"


def test_a_view_that_is_not_there_is_told(run: Runner) -> None:
    ran = run("events", "--view", "Nothing")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "auditdeck: There is no view named Nothing; `auditdeck views` lists those there are.\n"


def test_a_query_of_another_version_is_listed_with_its_problem_and_not_asked(run: Runner, database: Path) -> None:
    save(database, "Red", "last:all")
    change(database, "UPDATE saved_view SET query = 'colour:red'")
    line, problem, *rest = run("views").out.splitlines()
    assert line.endswith("  colour:red") and len(rest) == len(SHIPPED)
    assert problem.startswith("  This program cannot read its query: ")
    assert problem.strip() == run("views", "--json").json["views"][0]["problem"]
    ran = run("events", "--view", "Red")
    assert (ran.status, ran.out) == (1, "") and "Red: This program cannot read its query" in ran.err


def test_hostile_names_drive_no_terminal(run: Runner, database: Path) -> None:
    save(database, "All", "last:all", shared=True)
    change(database, "UPDATE saved_view SET name = 'a' || char(27) || '[2J' || char(8238), owner = 'b' || char(7)")
    for words in (("views",), ("views", "--json"), ("events", "--view", "a\x1b")):
        ran = run(*words)
        assert not {"\x1b", "\u202e", "\x07"} & set(ran.out + ran.err)
    assert "a␛[2J⟨U+202E⟩" in run("views").out

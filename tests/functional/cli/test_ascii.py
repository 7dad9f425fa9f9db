"""Plain output where there is ASCII alone: because one asked for it, or because nothing else can be written or drawn."""

import json
import subprocess
from pathlib import Path

import pytest

from data.records import Change, Draft, Outcome, Reference
from tests.functional.cli.command_line import PROGRAM, Runner, process_environment
from tests.functional.cli.made_up_log import START, fill
from tests.functional.console.demo_log import events_of

NAME = "Zoë 漢字 → ×"
SHOWN = "Zo<U+00EB> <U+6F22><U+5B57> <U+2192> <U+00D7>"


@pytest.fixture
def event_id(database: Path) -> str:
    """The id of the one event of the log: a failure whose names and changes go beyond ASCII."""
    draft = Draft(
        type="api_client.updated",
        occurred_at=START,
        outcome=Outcome.FAILURE,
        actor=Reference("member", "m-1", NAME),
        changes=(Change("name", "Zoe", NAME), Change("scopes", ["é"], [])),
    )
    fill(database, [draft])
    (event,) = events_of(database)
    return str(event.id)


def test_a_list_is_ascii_and_names_every_other_character(run: Runner, event_id: str) -> None:
    assert NAME in run("events", "last:all").out
    ran = run("events", "last:all", "--no-unicode")
    assert (ran.status, ran.out.isascii(), ran.err) == (0, True, "")
    assert SHOWN in ran.out and "x FAILURE" in ran.out


def test_an_event_is_ascii_and_reads_the_same(run: Runner, event_id: str) -> None:
    ran = run("event", event_id, "--no-unicode")
    assert (ran.status, ran.out.isascii(), ran.err) == (0, True, "")
    assert f"Zoe -> {SHOWN}" in ran.out and "- <U+00E9>" in ran.out


def test_json_is_ascii_and_means_the_same(run: Runner, event_id: str) -> None:
    whole = run("events", "last:all", "--json").out
    ran = run("events", "last:all", "--json", "--no-unicode")
    assert ran.out.isascii() and NAME in whole
    assert json.loads(ran.out) == json.loads(whole)


def test_what_is_said_about_a_query_is_ascii(run: Runner, event_id: str) -> None:
    ran = run("events", "actor:Zoë", "aktör:x", "--no-unicode")
    assert ran.status == 1 and ran.err.isascii() and "akt<U+00F6>r" in ran.err
    mark = ran.err.splitlines()[2]
    assert mark.index("^") == ran.err.splitlines()[1].index("akt")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
@pytest.mark.parametrize("words", [["events", "last:all"], ["events", "last:all", "--json"]], ids=["text", "json"])
def test_an_encoding_that_lacks_characters_gets_ascii(encoding: str, words: list[str], event_id: str) -> None:
    ended = subprocess.run(
        [*PROGRAM, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=process_environment(PYTHONIOENCODING=encoding),
        timeout=30,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    shown = ended.stdout.decode("ascii")
    if "--json" in words:
        assert json.loads(shown)["items"][0]["actor"]["name"] == NAME
    else:
        assert SHOWN in shown

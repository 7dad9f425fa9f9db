"""A new token goes to standard output once, only when it is asked for, and is never lost without a word."""

import os
import subprocess
from pathlib import Path

import pytest

from data.records import Outcome
from data.services.api_clients import ApiClients
from data.tokens import read_token
from tests.functional.cli.command_line import PROGRAM, Runner, process_environment, run_process
from tests.functional.cli.made_up_clients import events_of, everything_in, make_client

MAKING = (("client", "create", "Mailer"), ("client", "rotate", "Payroll sync"), ("client", "issue", "Payroll sync"))


@pytest.fixture(autouse=True)
def filled(database: Path) -> None:
    make_client(database)


@pytest.mark.parametrize("words", MAKING, ids=" ".join)
def test_standard_output_is_the_token_and_a_newline(database: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = run_process([*words, "--token"])
    token = read_token(ran.out.removesuffix("\n"))
    assert ran.status == 0 and ran.out == f"{token.reveal()}\n"
    assert token.public_id in ran.err
    secret = token.reveal()[13:]
    assert secret not in ran.err and secret not in everything_in(database)
    assert secret not in (tmp_path / "operational.log").read_text()
    printed = events_of(database)[-1]
    assert (printed.type, printed.token, printed.outcome) == ("token.printed", token.public_id, Outcome.SUCCESS)
    assert printed.service == "command-line"


@pytest.mark.parametrize("words", MAKING, ids=" ".join)
def test_with_json_it_is_one_member_of_an_object(run: Runner, words: tuple[str, ...]) -> None:
    found = run(*words, "--token", "--json").json
    assert list(found) == ["client", "public_id", "token"]
    assert read_token(found["token"]).public_id == found["public_id"] == found["client"]["tokens"][-1]["public_id"]


@pytest.mark.parametrize("words", MAKING, ids=" ".join)
def test_no_token_is_made_that_nobody_asked_for(run: Runner, database: Path, words: tuple[str, ...]) -> None:
    for flags in ((), ("--json",)):
        ran = run(*words, *flags)
        assert (ran.status, ran.out) == (2, "")
        assert "shown once and never again" in ran.err and "--token" in ran.err
    assert len(events_of(database)) == 2


def test_a_client_can_be_made_whose_token_nobody_has(run: Runner, database: Path) -> None:
    ran = run("client", "create", "Mailer", "--no-token")
    assert (ran.status, ran.out) == (0, "")
    assert "--at-once --token` gives one" in ran.err
    assert [event.type for event in events_of(database)[2:]] == ["api_client.created", "token.issued"]
    found = run("client", "create", "Badges", "--no-token", "--json").json
    assert found["token"] is None and found["client"]["name"] == "Badges"
    assert read_token(run("client", "rotate", "Badges", "--at-once", "--token").out.strip())
    ran = run("client", "create", "Archive", "--no-token", "--token")
    assert (ran.status, ran.out) == (2, "") and "exclude each other" in ran.err


@pytest.mark.parametrize("words", MAKING, ids=" ".join)
def test_a_reader_that_left_loses_the_token_with_a_word_and_an_event(database: Path, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as broken:
        status, told = _run_into(broken.fileno(), [*words, "--token"])
    _assert_lost(database, status, told, "its reader had left")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_loses_it_with_a_word_and_an_event(database: Path) -> None:
    with open("/dev/full", "wb") as full:
        status, told = _run_into(full.fileno(), ["client", "create", "Mailer", "--token"])
    _assert_lost(database, status, told, "No space left on device")


def test_a_closed_standard_output_is_seen_before_anything_is_made(database: Path) -> None:
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, "client", "create", "Mailer", "--token"],
        stderr=subprocess.PIPE,
        env=process_environment(),
        timeout=20,
        check=False,
    )
    assert ended.returncode == 2 and b"standard output, which is closed" in ended.stderr
    assert len(events_of(database)) == 2


def test_a_log_that_cannot_be_told_is_a_failure_with_the_token_written(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data.errors import DatabaseUnavailable

    def fail(*_args: object, **_kwargs: object) -> None:
        raise DatabaseUnavailable("No answer from the database.")

    monkeypatch.setattr(ApiClients, "note_handed_over", fail)
    ran = run("client", "create", "Mailer", "--token")
    public_id = read_token(ran.out.strip()).public_id
    assert ran.status == 1
    assert f"The token {public_id} was written and works, but the log could not be told so: No answer" in ran.err


def _run_into(output: int, words: list[str]) -> tuple[int, str]:
    ended = subprocess.run(
        [*PROGRAM, *words], stdout=output, stderr=subprocess.PIPE, env=process_environment(), timeout=20, check=False
    )
    return ended.returncode, ended.stderr.decode()


def _assert_lost(database: Path, status: int, told: str, why: str) -> None:
    assert status == 1
    assert "standard output did not take it" in told and "--at-once --token` replaces it" in told
    printed = events_of(database)[-1]
    assert (printed.type, printed.outcome) == ("token.printed", Outcome.FAILURE)
    assert printed.reason is not None and why in printed.reason

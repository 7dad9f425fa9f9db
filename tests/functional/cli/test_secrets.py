"""A whole token that stands where none may stand is neither told, nor logged, nor kept."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.services.audit_log import AuditLog
from data.tokens import new_token
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import fill, rich_draft, some_drafts

# The same in every process that collects these tests.
TOKEN = new_token(lambda count: bytes(range(1, count + 1))).reveal()
PUBLIC_ID, SECRET = TOKEN[:12], TOKEN[13:]


@pytest.mark.parametrize(
    "words",
    [
        ("events", f"token:{TOKEN}", "last:all"),
        ("events", f"colour:{TOKEN}"),
        ("events", "--view", TOKEN),
        ("event", TOKEN),
        ("import", f"{TOKEN}.jsonl"),
        ("db", "upgrade", "--grant", TOKEN),
        ("views", "--zone", TOKEN),
        ("--query", f"token:{TOKEN}"),
        (f"--{TOKEN}",),
        (TOKEN,),
        ("events", "last:all", TOKEN[:-5]),
        ("events", "last:all", TOKEN.upper()),
    ],
    ids=lambda words: " ".join(words).replace(TOKEN, "TOKEN"),
)
def test_an_argument_that_holds_one_is_refused_without_a_trace(
    run: Runner, database: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    fill(database, some_drafts(1))
    ran = run(*words)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "An argument holds a whole token" in ran.err and "standard input" in ran.err
    _assert_nowhere(ran.err, tmp_path)


def test_its_public_id_is_a_word_as_any_other(run: Runner, database: Path) -> None:
    fill(database, [replace(rich_draft(), token=PUBLIC_ID)])
    assert run("events", f"token:{PUBLIC_ID}", "last:all", "--count").out == "1\n"


@pytest.mark.parametrize("variable", ["DATABASE", "ZONE", "LOG_FILE", "STATE_FILE", "THEME", "KEYS"])
def test_a_setting_that_holds_one_is_refused_without_a_trace(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(f"AUDITDECK_{variable}", f'{{"{TOKEN}": "x"}}' if variable == "KEYS" else TOKEN)
    for words in (("settings",), ("events", "--count")):
        ran = run(*words)
        assert (ran.status, ran.out) == (1, "") and ran.err
        _assert_nowhere(ran.err, tmp_path)


def test_an_error_that_holds_one_is_told_and_logged_without_it(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> int:
        raise RuntimeError(f"{TOKEN} was not expected")

    monkeypatch.setattr(AuditLog, "count", fail)
    ran = run("events", "--count")
    assert ran.status == 70 and PUBLIC_ID in ran.err
    _assert_nowhere(ran.err, tmp_path)
    assert PUBLIC_ID in (tmp_path / "operational.log").read_text()


def test_plain_text_shows_none_that_somebody_wrote_into_an_event(run: Runner, database: Path) -> None:
    fill(database, [replace(rich_draft(), reason=f"she sent me {TOKEN} by mail")])
    (item,) = run("events", "last:all", "--json").json["items"]
    shown = run("event", str(item["id"])).out
    assert f"she sent me {PUBLIC_ID} by mail" in shown and SECRET not in shown
    assert item["reason"] == f"she sent me {TOKEN} by mail", "what can be imported again is as it was"


def _assert_nowhere(told: str, folder: Path) -> None:
    """Not in what was told, and in no file and no file's name."""
    assert SECRET.casefold() not in told.casefold()
    for path in folder.rglob("*"):
        assert SECRET.casefold() not in str(path).casefold()
        if path.is_file():
            assert SECRET.casefold().encode() not in path.read_bytes().lower(), path
    for path in folder.rglob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            assert SECRET not in "\n".join(connection.iterdump())

"""Every failure is a plain sentence and an exit status."""

import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import PROGRAM, Runner, process_environment
from tests.functional.cli.made_up_log import event_lines, fill, some_drafts

_OF_CLIENTS = (
    ("clients",),
    ("client", "create", "Mailer", "--token"),
    ("client", "rotate", "Mailer", "--token"),
    ("client", "delete", "Mailer", "--reason", "leaked", "--yes"),
    ("token", "inspect", "adk_Ab3dE5gH"),
    ("requests", "--by", "client"),
)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A loopback port that is taken and never listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize(
    ("words", "place", "hint"),
    [
        (("outcome:denied", "colour:red"), "               ^^^^^^", "Keys are type, tab"),
        (("outcome:denied,lost",), "               ^^^^", "success, failure, denied"),
        (("last:soon",), "     ^^^^", "7d"),
    ],
)
def test_a_wrong_query_is_shown_with_its_place_and_a_hint(
    run: Runner, words: tuple[str, ...], place: str, hint: str
) -> None:
    ran = run("events", *words)
    assert (ran.status, ran.out) == (1, "")
    problem, query, mark, *rest = ran.err.splitlines()
    assert problem.startswith("auditdeck: ")
    assert query == f"  {' '.join(words)}"
    assert mark == f"  {place}"
    assert hint in " ".join(rest)


def test_the_mark_stands_under_its_place_behind_wide_and_unsafe_characters(run: Runner) -> None:
    _, query, mark, *_ = run("events", "漢字\x1b colour:red").err.splitlines()
    assert query == "  漢字␛ colour:red"
    assert mark == "        ^^^^^^"


def test_a_long_query_is_cut_around_its_place(run: Runner) -> None:
    words = " ".join(f"word{number}" for number in range(200))
    _, query, mark, *_ = run("events", f"{words} colour:red {words}").err.splitlines()
    assert len(query) < 120
    assert query[mark.index("^") :].startswith("colour:red")


def test_a_database_that_cannot_be_written_is_told(run: Runner, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    for address in (in_the_way / "audit.db", tmp_path):
        ran = run("events", "--database", str(address))
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
        assert str(address) in ran.err


def test_a_file_that_is_no_database_is_told(run: Runner, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" * 1_000)
    ran = run("events", "--database", str(picture))
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "picture.png" in ran.err


@pytest.mark.parametrize("address", ["mysql://host/log", "postgresql+psycopg//host", "://", "sqlite://"])
def test_a_wrong_address_is_told(run: Runner, address: str) -> None:
    ran = run("events", "--database", address if "://" in address else f"{address}://")
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)


def test_a_server_that_does_not_answer_is_told_without_the_password(run: Runner, closed_port: int) -> None:
    pytest.importorskip("psycopg")
    address = f"postgresql+psycopg://auditor:hunter2@127.0.0.1:{closed_port}/log"
    for words in (("events",), ("db", "status"), ("db", "upgrade"), ("import", "/dev/null"), *_OF_CLIENTS):
        ran = run(*words, "--database", address)
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
        assert "No answer" in ran.err
        assert "hunter2" not in ran.err


@pytest.mark.parametrize("words", [("events",), ("db", "upgrade"), ("import", "/dev/null")], ids=" ".join)
def test_a_schema_from_the_future_is_told(run: Runner, database: Path, words: tuple[str, ...]) -> None:
    fill(database, some_drafts(1))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ran = run(*words)
    assert (ran.status, ran.out) == (1, "")
    assert "newer auditdeck (schema 9999" in ran.err


def test_a_wrong_setting_is_told(run: Runner, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("zone = ")
    for words, sentence in (
        (("--zone", "Mars/Olympus"), "Mars/Olympus"),
        (("--settings", str(broken)), "cannot be read"),
        (("--settings", str(tmp_path / "missing.toml")), "which is no file"),
    ):
        ran = run("events", *words)
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
        assert sentence in ran.err


def test_an_operational_log_that_cannot_be_written_stops_nothing(
    run: Runner, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, some_drafts(2))
    monkeypatch.setenv("AUDITDECK_LOG_FILE", str(database / "operational.log"))
    ran = run("events", "last:all", "--count")
    assert (ran.status, ran.out) == (0, "2\n")
    assert "operational log" in ran.err


def test_what_nobody_expected_goes_to_the_operational_log(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> int:
        raise RuntimeError("two lines\nof words")

    monkeypatch.setattr(AuditLog, "count", fail)
    ran = run("events", "--count")
    log = tmp_path / "operational.log"
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (70, "", 1)
    assert str(log) in ran.err and "RuntimeError: two lines." in ran.err
    assert "Traceback" in log.read_text() and "of words" in log.read_text()


def test_ctrl_c_ends_silently(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_args: object, **_kwargs: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(AuditLog, "count", interrupt)
    assert run("events", "--count") == (130, "", "")


def test_an_import_stopped_by_ctrl_c_leaves_without_a_word() -> None:
    with subprocess.Popen(
        [*PROGRAM, "import", "-", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=process_environment(),
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        # More than the pipe holds: written to the end, it is being read, and the interrupt finds the import at work.
        process.stdin.write(event_lines(500, padding=1_000))
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert (process.stdout.read(), process.stderr.read()) == (b"", b"")


def test_a_reader_that_leaves_is_nothing_to_talk_about(database: Path) -> None:
    fill(database, some_drafts(500))
    with subprocess.Popen(
        [*PROGRAM, "events", "last:all", "--limit", "250", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=process_environment(),
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=20) in (0, 141)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_behind_standard_output_is_told() -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [*PROGRAM, "filters"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=process_environment(),
            timeout=20,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.decode().splitlines() == [
        "auditdeck: Standard output cannot be written: No space left on device."
    ]


@pytest.mark.parametrize(
    "words", [("events",), ("event", "018c2f3e-5a70-7d3a-9c1b-0242ac120002"), *_OF_CLIENTS], ids=" ".join
)
def test_a_question_makes_no_database_where_one_was_named(run: Runner, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "mistyped" / "audit.db"
    ran = run(*words, "--database", str(path))
    assert (ran.status, ran.out) == (1, "")
    assert (
        f"There is no database at {path}; `auditdeck import` makes one, `auditdeck db upgrade` an empty one" in ran.err
    )
    assert not path.parent.exists()


def test_a_question_makes_the_database_of_nobodys_choice(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUDITDECK_DATABASE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert run("events", "--count") == (0, "0\n", "")
    assert (tmp_path / "data" / "auditdeck" / "auditdeck.db").exists()

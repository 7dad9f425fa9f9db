"""What commands write when a person looks on: a real pseudo-terminal of a known width."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from contextlib import closing
from pathlib import Path
from select import select

import pytest

from data.services.administration import Administration
from data.tokens import read_token
from tests.functional.cli.command_line import PROGRAM, process_environment, run_process
from tests.functional.cli.made_up_clients import make_client
from tests.functional.cli.made_up_log import event_lines, fill, some_drafts
from tests.integration.invitation_worlds import without_members
from tui.terminal import cells_of

_PATIENCE = 20
"""Seconds without a word, after which a process is waiting for something that nobody types."""

_ON_ITS_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes standard input the terminal of the process, which is where a password is read from."""


def run_typing(words: list[str], typed: str, after: str) -> tuple[int, str]:
    """The exit status, and what a terminal shows on which `typed` is typed once it shows `after`, a line each time."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _ON_ITS_TERMINAL, *PROGRAM, *words],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        env=process_environment(TERM="xterm-256color"),
    )
    os.close(follower)
    shown = b""
    waiting = typed.split("\n")
    typed_lines = 0
    while True:
        if not select([leader], [], [], _PATIENCE)[0]:
            process.kill()
        try:
            piece = os.read(leader, 65_536)
        except OSError:  # EIO: the process has left the terminal
            break
        shown += piece
        if waiting and shown.decode(errors="replace").count(after) > typed_lines:
            os.write(leader, waiting.pop(0).encode() + b"\n")
            typed_lines += 1
    os.close(leader)
    return process.wait(timeout=20), shown.decode()


def run_on_terminal(words: list[str], width: int, *, errors_too: bool) -> tuple[str, str]:
    """What the terminal shows and what went past it; standard output is a terminal, or with `errors_too` standard error."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    shown = b""
    with subprocess.Popen(
        [*PROGRAM, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if errors_too else follower,
        stderr=follower if errors_too else subprocess.PIPE,
        env=process_environment(TERM="xterm-256color"),
    ) as process:
        os.close(follower)
        while True:
            try:
                piece = os.read(leader, 65_536)
            except OSError:  # EIO: the process has left the terminal
                break
            if not piece:
                break
            shown += piece
        past_it = process.stdout or process.stderr
        assert past_it is not None
        past = past_it.read()
        assert process.wait(timeout=20) == 0
    os.close(leader)
    return shown.decode(), past.decode()


def test_a_heading_names_the_zone_and_lines_keep_to_the_width(database: Path) -> None:
    fill(database, some_drafts(5))
    for width, has_id in ((160, True), (80, False)):
        shown, told = run_on_terminal(
            ["events", "last:all", "-type:log.read", "--zone", "Asia/Tokyo"], width, errors_too=False
        )
        heading, *lines = shown.splitlines()
        assert heading.startswith("time (Asia/Tokyo)")
        assert len(lines) == 5
        assert all(cells_of(line) <= width for line in lines)
        assert all("2026-03-02 18:0" in line and "Alice" in line for line in lines)
        assert heading.endswith("  id") is has_id
        assert ("Left out" in told) is not has_id


def test_clients_keep_to_the_width_and_lose_what_is_least_needed(database: Path) -> None:
    for name in ("Payroll sync", "A name that is as long as it may be, " + "x" * 60):
        make_client(database, name, 12)
    for width, left_out in ((160, ""), (80, "id, scopes"), (44, "id, owner, expires, scopes, last used")):
        shown, told = run_on_terminal(["clients"], width, errors_too=False)
        heading, *lines = shown.splitlines()
        assert heading.startswith("name ") and len(lines) == 2
        assert all(cells_of(line) <= width for line in (heading, *lines))
        assert all("expiring" in line and "in 12 days" in line for line in lines)
        assert (f"narrow: {left_out}." in told) if left_out else not told


def test_an_event_is_erased_once_what_is_lost_was_seen(database: Path) -> None:
    fill(database, some_drafts(1))
    event_id = json.loads(run_process(["events", "last:all", "--json"]).out)["items"][0]["id"]
    words = ["event", "erase", event_id, "--reason", "asked for"]
    status, shown = run_typing(words, "no", "to erase it:")
    assert status == 1 and "Nothing was erased" in shown
    assert "erased for good" in shown and "actor: Alice Moss" in shown and "address: 198.51.100.7" in shown
    status, shown = run_typing(words, "erase", "to erase it:")
    assert status == 0 and f"The personal part of event {event_id} was erased" in shown


def test_a_client_is_deleted_by_typing_its_name(database: Path) -> None:
    client = make_client(database).client
    words = ["client", "delete", "payroll SYNC", "--reason", "tidying up"]
    status, shown = run_typing(words, "payroll SYNC", "to delete it:")
    assert status == 1 and "nothing was deleted" in shown
    assert f"Payroll sync ({client.id}) has 1 token that works, never used." in shown
    status, shown = run_typing(words, "Payroll sync", "to delete it:")
    assert status == 0 and f"Payroll sync ({client.id}) was deleted" in shown
    status, shown = run_typing(words, "", "never asked")
    assert status == 1 and "was deleted already" in shown and "Type" not in shown


def test_a_token_that_is_typed_is_not_shown(database: Path) -> None:
    whole = make_client(database).token.reveal()
    status, shown = run_typing(["token", "inspect", "-"], whole, "it is not shown")
    assert status == 0 and f"{whole[:12]} works." in shown
    assert whole[13:] not in shown


@pytest.mark.postgres
def test_a_code_that_is_typed_is_not_shown_and_a_mistyped_one_asked_for_again(postgres_address: str) -> None:
    with closing(Administration(without_members(postgres_address))) as administration:
        code = administration.first_administrator("alice@example.org").code
    assert code is not None
    typed = code.reveal()
    mistyped = typed[:-1] + ("0" if typed[-1] != "0" else "1")
    words = ["join", "--name", "Alice Moss", "--database", postgres_address]
    status, shown = run_typing(words, f"{mistyped}\n{typed}", "The invitation's code:")
    assert status == 0 and "Alice Moss is a member now." in shown
    assert "Type it once more." in shown and shown.count("The invitation's code:") == 2
    assert typed[4:9] not in shown


def test_a_new_token_on_a_terminal_is_a_line_of_its_own(database: Path) -> None:
    make_client(database)
    status, shown = run_typing(["client", "issue", "Payroll sync", "--token"], "", "never asked")
    (line,) = (line for line in shown.splitlines() if line.startswith("adk_"))
    assert status == 0 and read_token(line)


def test_an_import_shows_its_progress_on_standard_error_alone(database: Path, tmp_path: Path) -> None:
    source = tmp_path / "ev[bold]\x1b]0;title\x07ents.jsonl"
    source.write_bytes(event_lines(1_500))
    shown, past = run_on_terminal(["import", str(source)], 160, errors_too=True)
    assert "1,500 read, 1,500 added" in shown
    assert "ev[bold]␛]0;title" in shown and "\x1b]0;" not in shown
    assert past == "1,500 read: 1,500 added, 0 duplicates, 0 rejected.\n"

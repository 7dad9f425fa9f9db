"""What commands write when a person looks on: a real pseudo-terminal of a known width."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path

from tests.functional.cli.command_line import PROGRAM, process_environment
from tests.functional.cli.made_up_log import event_lines, fill, some_drafts
from tui.terminal import cells_of


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
        shown, told = run_on_terminal(["events", "last:all", "--zone", "Asia/Tokyo"], width, errors_too=False)
        heading, *lines = shown.splitlines()
        assert heading.startswith("time (Asia/Tokyo)")
        assert len(lines) == 5
        assert all(cells_of(line) <= width for line in lines)
        assert all("2026-03-02 18:0" in line and "Alice" in line for line in lines)
        assert heading.endswith("  id") is has_id
        assert ("Left out" in told) is not has_id


def test_an_import_shows_its_progress_on_standard_error_alone(database: Path, tmp_path: Path) -> None:
    source = tmp_path / "ev[bold]\x1b]0;title\x07ents.jsonl"
    source.write_bytes(event_lines(1_500))
    shown, past = run_on_terminal(["import", str(source)], 160, errors_too=True)
    assert "1,500 read, 1,500 added" in shown
    assert "ev[bold]␛]0;title" in shown and "\x1b]0;" not in shown
    assert past == "1,500 read: 1,500 added, 0 duplicates, 0 rejected.\n"

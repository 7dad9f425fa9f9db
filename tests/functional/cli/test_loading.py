"""Nothing is loaded before it is needed: Textual for the console, SQLAlchemy for a question."""

import subprocess
import sys
from pathlib import Path

from tests.functional.cli.command_line import process_environment
from tests.functional.cli.made_up_log import event_lines, fill, some_drafts

_SCRIPT = """
import sys
from tui.cli import main
from tui.commands.command import Command
from tui.subcommands import COMMANDS

lines = {line.split()[0]: line.split() for line in sys.argv[1:]}
assert set(lines) == {command.name for command in COMMANDS}, "a command is missing in this test"
assert main([]) == 2  # refused, for want of a terminal
for line in sys.argv[1:]:
    main(line.split())
    loaded = {"textual", "rich.console"} & set(sys.modules)
    assert not loaded, (line, loaded)
"""


def test_help_and_the_start_of_the_console_wait_for_no_sqlalchemy() -> None:
    script = "import sys, tui.cli; tui.cli.main(['--help']); sys.exit('sqlalchemy' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.DEVNULL, env=process_environment(), timeout=30, check=False
    )
    assert ended.returncode == 0


def test_no_subcommand_imports_textual(database: Path, tmp_path: Path) -> None:
    fill(database, some_drafts(3))
    source = tmp_path / "events.jsonl"
    source.write_bytes(event_lines(3))
    lines = [
        "events last:all --total",
        "events last:all --json",
        "event 018c2f3e-5a70-7d3a-9c1b-0242ac120002",
        "export last:all",
        "requests last:all",
        "clients --all",
        "client show Nobody",
        "token inspect adk_Ab3dE5gH",
        "filters",
        f"import {source}",
        "gateway --listen nowhere",
        "demo",
        "db upgrade",
        "db roles",
        "db status",
        "views",
        "policy",
        "invite nobody",
        "invitations",
        "join",
        "ssh-keys auditdeck ssh-ed25519 AAAA",
        "keeper --once",
        "hold list",
        "verify",
        "settings",
    ]
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *lines],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=process_environment(),
        timeout=30,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    assert b"3 added" in ended.stdout and b"3 in all" in ended.stderr

"""The console as a process of its own, from its start on."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import Size, on_terminal
from tests.functional.cli.command_line import process_environment

_CONSOLE = ("-c", "import sys; from tui.start import main; sys.exit(main())")


def _ended(database: Path, tmp_path: Path, **settings: str) -> tuple[int, str]:
    """The exit status of a console that ends by itself, and what it wrote."""
    environment = process_environment(
        TERM="xterm-256color",
        AUDITDECK_DATABASE=str(database),
        AUDITDECK_LOG_FILE=str(tmp_path / "operational.log"),
        **settings,
    )
    deadline = Deadline(60)
    with on_terminal((sys.executable, *_CONSOLE), environment, Size(120, 40), deadline) as terminal:
        written = b""
        try:
            while (piece := terminal.read(30)) is not None:
                written += piece.data
        except EOFError:
            pass
        return terminal.wait(10), written.decode()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"AUDITDECK_SMTP_PORT": "70000"}, "The setting 'smtp_port' is wrong"),  # of no use to the first paint
        ({"AUDITDECK_THEME": "purple"}, "The setting 'theme' is wrong"),
    ],
    ids=["later", "at once"],
)
def test_a_wrong_setting_ends_the_console_with_a_sentence(
    own_demo: Path, tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    status, written = _ended(own_demo, tmp_path, **settings)
    assert status == 1
    last = written.rpartition("\x1b[?1049l")[2]
    assert f"auditdeck: {sentence}" in last, "on the terminal as it was before"

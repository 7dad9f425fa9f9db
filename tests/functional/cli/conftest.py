"""Fixtures of the command line's tests: a place of its own for each test, and running a line in this process."""

from pathlib import Path

import pytest

from tests.functional.cli.command_line import Ran, Runner
from tui.cli import main


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The embedded database that commands use unless told otherwise; not there yet. No setting comes from outside.

    A shared one is opened as the tests' servers have it: as a superuser.
    """
    for variable in ("AUDITDECK_SETTINGS", "AUDITDECK_ZONE", "AUDITDECK_THEME", "AUDITDECK_LOG_LEVEL", "COLUMNS"):
        # Set first, so that what a command sets for its process is undone as well.
        monkeypatch.setenv(variable, "")
        monkeypatch.delenv(variable)
    path = tmp_path / "audit.db"
    monkeypatch.setenv("AUDITDECK_DATABASE", str(path))
    monkeypatch.setenv("AUDITDECK_AS_OWNER", "true")
    monkeypatch.setenv("AUDITDECK_LOG_FILE", str(tmp_path / "operational.log"))
    monkeypatch.setenv("AUDITDECK_STATE_FILE", str(tmp_path / "console.json"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return path


@pytest.fixture
def reading_is_recorded() -> None:
    """For a test that asks for it, as it is everywhere else."""


@pytest.fixture(autouse=True)
def reading_is_not_recorded(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each question would change the answer to the next one."""
    if "reading_is_recorded" not in request.fixturenames:
        monkeypatch.setattr("data.services.readings.Readings.note", lambda *_arguments, **_words: None)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Runner:
    """Runs one command line in this process."""

    def run(*words: str) -> Ran:
        capsys.readouterr()
        status = main(words)
        return Ran(status, *capsys.readouterr())

    return run

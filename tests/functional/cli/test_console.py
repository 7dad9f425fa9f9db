"""`auditdeck` without a subcommand, as far as the console itself."""

import sys
from types import ModuleType

import pytest

from data.settings import Settings
from tests.functional.cli.command_line import Runner, run_process
from tui.commands import console


class FakeConsole(ModuleType):
    """In the place of `tui.console`: notes how it was opened."""

    def __init__(self) -> None:
        super().__init__("tui.console")
        self.opened: list[tuple[Settings, str | None]] = []

    def run_console(self, settings: Settings, *, query: str | None = None) -> int:
        self.opened.append((settings, query))
        return 0


@pytest.fixture
def fake_console(monkeypatch: pytest.MonkeyPatch) -> FakeConsole:
    fake = FakeConsole()
    monkeypatch.setitem(sys.modules, "tui.console", fake)
    monkeypatch.setattr(console, "refusal_here", lambda: None)
    return fake


def test_the_console_opens_with_the_settings_in_force(run: Runner, fake_console: FakeConsole) -> None:
    assert run("--zone", "Asia/Tokyo", "--theme", "light") == (0, "", "")
    ((settings, query),) = fake_console.opened
    assert (settings.zone.key, settings.theme, query) == ("Asia/Tokyo", "light", None)


@pytest.mark.parametrize("words", [("--query", "-outcome:success last:7d"), ("--query=-outcome:success last:7d",)])
def test_the_console_opens_on_a_query(run: Runner, fake_console: FakeConsole, words: tuple[str, ...]) -> None:
    assert run(*words).status == 0
    assert [query for _, query in fake_console.opened] == ["-outcome:success last:7d"]


def test_a_wrong_query_is_told_before_the_console_opens(run: Runner, fake_console: FakeConsole) -> None:
    ran = run("--query", "outcome:lost")
    assert ran.status == 1
    assert "^^^^" in ran.err
    assert fake_console.opened == []


def test_a_query_flag_is_refused_beside_a_subcommand(run: Runner) -> None:
    ran = run("--query", "outcome:denied", "events")
    assert (ran.status, ran.out) == (2, "")


@pytest.mark.parametrize("words", [[], ["demo"]], ids=["console", "demo"])
def test_without_a_terminal_the_console_is_refused_in_a_sentence(words: list[str]) -> None:
    ran = run_process(words)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "needs a terminal" in ran.err

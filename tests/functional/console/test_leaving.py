"""Leaving: one level at a time, and out of the program only on purpose."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import Key

from tests.functional.cli.command_line import process_environment
from tests.functional.console.driving import running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]


async def test_q_twice_quits(demo_log: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.twice_to_quit._WITHIN_S", 60.0)
    async with running(demo_log) as driver:
        await driver.press_now("q")
        assert driver.shows("q again quits.") and driver.app.is_running
        driver.app.post_message(Key("q", "q"))
        await driver.until(lambda: not driver.app.is_running)
        assert driver.app.return_code == 0


async def test_another_key_in_between_stays(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        await driver.press("q", "j")
        assert not driver.shows("q again quits.") and driver.shows("j k move")
        await driver.press("q")
        assert driver.shows("q again quits.") and driver.app.is_running


async def test_waiting_stays(demo_log: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.twice_to_quit._WITHIN_S", 0.05)
    async with running(demo_log) as driver:
        await driver.press("q")
        await driver.until(lambda: not driver.shows("q again quits."))
        await driver.press_now("q")
        assert driver.app.is_running


async def test_a_wait_before_does_not_end_another(demo_log: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.twice_to_quit._WITHIN_S", 0.5)
    async with running(demo_log) as driver:
        await driver.press("q", "j")
        monkeypatch.setattr("tui.twice_to_quit._WITHIN_S", 60.0)
        await driver.press("q")
        await driver.after(0.5)
        assert driver.shows("q again quits.")


@pytest.mark.parametrize("way_in", [("f",), ("enter",), ("question_mark",), ("enter", "f"), ("plus",)])
async def test_q_and_escape_go_back_one_level_and_never_out(demo_log: Opener, way_in: tuple[str, ...]) -> None:
    async with running(demo_log) as driver:
        for back in ("escape", "backspace", "q"):
            if back == "q" and way_in == ("plus",):
                continue
            await driver.press(*way_in)
            for _ in way_in:
                await driver.press(back)
            assert driver.focused == "deck" and driver.app.is_running and driver.app.screen is driver.screen
            assert not driver.shows("q again quits.")
        for _ in range(3):
            await driver.press("escape", "backspace")
        assert driver.app.is_running, "at the top they do nothing"


async def test_help_shows_every_key_and_goes_away(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        for key in ("question_mark", "f1"):
            await driver.press("j", key)
            assert driver.shows("Deck  here", "Everywhere")
            await driver.press("G")
            assert driver.shows("Prompts") and not driver.shows("Everywhere")
            await driver.press("g")
            assert driver.shows("Everywhere")
            await driver.press(key)
            assert driver.focused == "deck"


def test_a_console_ends_soon_after_its_terminal_went_away_without_a_word(own_demo: Path, tmp_path: Path) -> None:
    """No signal tells of it: the terminal is not the one that controls the process, as under some supervisors."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    environment = process_environment(
        TERM="xterm-256color", AUDITDECK_DATABASE=str(own_demo), AUDITDECK_LOG_FILE=str(tmp_path / "operational.log")
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli"],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment,
        start_new_session=True,
    ) as process:
        os.close(follower)
        seen = b""
        while b"utcome" not in seen:
            seen += os.read(leader, 65_536)
        os.close(leader)
        try:
            process.wait(timeout=20)
        finally:
            process.kill()

"""Tests of tui.screens.event_log.copying: what is printed on the normal screen."""

import os
import sys
from collections.abc import Iterator

import pytest

from tui.screens.event_log import copying


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where one types."""
    reading, writing = os.pipe()
    monkeypatch.setattr(copying, "BEAT_S", 0.01)
    with os.fdopen(reading) as given:
        monkeypatch.setattr(sys, "stdin", given)
        yield writing
    os.close(writing)


def test_what_is_printed_stands_until_enter(keyboard: int, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[bool] = []

    def is_turned_away() -> bool:
        asked.append(True)
        if len(asked) == 2:
            os.write(keyboard, b"\n")
        return False

    copying.print_until_enter("c-1", is_turned_away)
    assert len(asked) == 2 and capsys.readouterr().out == "\nc-1\n\nenter goes back to auditdeck "


def test_it_is_taken_away_from_one_who_may_no_longer_be_here(keyboard: int, capsys: pytest.CaptureFixture[str]) -> None:
    copying.print_until_enter("c-1", lambda: True)
    assert capsys.readouterr().out.endswith("\x1b[H\x1b[2J\x1b[3J")

"""Tests of data.oplog."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.hostile import holds_hostile
from data.oplog import LOGGER_NAME, start_logging
from data.tokens import new_token
from tests.unit.tui.made_up_events import HOSTILE


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "operational.log"
    assert start_logging(path, "info") is None
    yield path
    start_logging(tmp_path / "afterwards.log", "info")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")[:-1]


def test_a_record_is_one_line_that_drives_no_terminal(log: Path) -> None:
    logging.getLogger(LOGGER_NAME).warning("no connection: %s", f"{HOSTILE}\n2026-11-20T10:00:00.000Z INFO all is well")
    (line,) = _lines(log)
    assert not holds_hostile(line)
    assert "WARNING no connection: ␛[31mred" in line and "INFO all is well" in line


def test_a_traceback_drives_none_either_and_cannot_pass_for_a_record(log: Path) -> None:
    try:
        raise ValueError(f"{HOSTILE}\n2026-11-20T10:00:00.000Z INFO all is well")
    except ValueError:
        logging.getLogger(LOGGER_NAME).exception("failed", stack_info=True)
    first, *rest = _lines(log)
    assert first.endswith(" ERROR failed")
    assert not any(map(holds_hostile, rest))
    assert "  Traceback (most recent call last):" in rest and "  Stack (most recent call last):" in rest
    assert any("INFO all is well" in line for line in rest)
    assert all(line.startswith("  ") for line in rest)


def test_no_secret_of_a_token_is_kept(log: Path) -> None:
    whole = new_token().reveal()
    try:
        raise ValueError(f"nothing is known of {whole}")
    except ValueError:
        logging.getLogger(LOGGER_NAME).exception("failed on %s", whole)
    kept = "\n".join(_lines(log))
    assert kept.count(whole[:12]) == 2 and whole[13:] not in kept

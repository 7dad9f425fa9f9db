"""Other programs beside the console in the benchmark: the same events for each, and one that does not work is left out."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks import peers
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.made_up_events import drafts
from tests.benchmarks.peer_programs import CONSOLE, Peer, events_table, installed, missing, requests_folder
from tests.benchmarks.workplace import Workplace

_ANSWERS = """
import sys, termios, tty
tty.setraw(0)
print("painted", flush=True)
print("events" if sys.stdin.read(2) == "go" else "none", flush=True)
while key := sys.stdin.read(1):
    print(key * (100 if key == "p" else 10), end="", flush=True)
"""


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(300, 1, Deadline(60), tmp_path)


def test_all_events_are_in_the_table_once(place: Workplace) -> None:
    with closing(sqlite3.connect(events_table(place))) as database:
        found = database.execute("SELECT at, type FROM event ORDER BY at").fetchall()
    assert found == [(draft.occurred_at.isoformat(), draft.type) for draft in drafts(300)]


def test_each_request_has_a_name_of_its_own(place: Workplace) -> None:
    written = sorted(requests_folder(place).glob("*.posting.yaml"))
    assert len({path.read_text().splitlines()[0] for path in written}) == len(written) == 200


def test_the_console_is_always_here_and_others_where_they_are_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "tl").write_text("#!/bin/sh\n")
    (tmp_path / "tl").chmod(0o755)
    assert [peer.name for peer in installed()] == [CONSOLE, "toolong"]
    assert missing() == ["harlequin", "posting", "lnav", "htop"]


def test_a_program_that_does_not_work_is_left_out_and_told_of(
    monkeypatch: pytest.MonkeyPatch, place: Workplace
) -> None:
    for name, seconds in (("_CALM_S", 0.05), ("_CALM_PATIENCE_S", 0.2), ("_QUIET_S", 0.1)):
        monkeypatch.setattr(peers, name, seconds)
    monkeypatch.setattr(peers, "_TIMES", 3)

    def run(source: str) -> tuple[str, ...]:
        return (sys.executable, "-I", "-c", source)

    answering = Peer(CONSOLE, lambda _: run(_ANSWERS), "painted", "events", (("painted", b"go"),), down=b"d", page=b"p")
    ending = Peer("ending", lambda _: run("print('painted')"), "painted", "events")
    monkeypatch.setattr(peers, "installed", lambda: iter((answering, ending)))
    starts, keys = peers.measure(place)
    assert [row[0] for row in starts.rows] == [CONSOLE]
    assert "ending does not work here: the program ended" in starts.notes
    assert [(row[0], row[5], row[6]) for row in keys.rows] == [
        (f"{CONSOLE}: down", "10", "1.00"),
        (f"{CONSOLE}: page", "100", "1.00"),
    ]

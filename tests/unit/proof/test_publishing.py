"""Checkpoints outside the database: a file that is whole or the one before, and a program that is started once a minute."""

import sys
from pathlib import Path
from time import monotonic

import pytest

from data.proof import publishing
from data.proof.errors import SealingRefused
from data.proof.places import SealingPlaces
from data.proof.publishing import COMMAND_EVERY_S, Publisher


class Seconds:
    """A clock that goes on as it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def writing_to(path: Path) -> tuple[str, ...]:
    """A command that appends what it is handed to a file."""
    return (sys.executable, "-c", f"import sys; open({str(path)!r}, 'a').write(sys.stdin.read())")


def test_the_file_has_the_latest_and_anybody_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    publisher = Publisher(SealingPlaces(checkpoint_file=path))
    for note in ("one\n", "two\n"):
        publisher.publish(note)
        publisher.publish(None)
        assert path.read_text() == note
    assert path.stat().st_mode & 0o777 == 0o644
    assert [one.name for one in tmp_path.iterdir()] == ["checkpoint"]


def test_a_file_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "away"
    publisher = Publisher(SealingPlaces(checkpoint_file=folder / "checkpoint"))
    for note in ("one\n", None):
        with pytest.raises(SealingRefused, match="cannot be written"):
            publisher.publish(note)
    folder.mkdir()
    publisher.publish(None)
    assert (folder / "checkpoint").read_text() == "one\n"


def test_the_command_has_the_latest_once_a_minute(tmp_path: Path) -> None:
    seconds, path = Seconds(), tmp_path / "told"
    publisher = Publisher(SealingPlaces(checkpoint_command=writing_to(path)), seconds)
    publisher.publish("one\n")
    publisher.finish()
    publisher.publish("two\n")
    publisher.publish("three\n")
    publisher.finish()
    assert path.read_text() == "one\n"
    seconds.now += COMMAND_EVERY_S
    publisher.publish(None)
    publisher.finish()
    publisher.publish(None)
    publisher.finish()
    assert path.read_text() == "one\nthree\n"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("/nowhere/at/all",), "cannot run"),
        ((sys.executable, "-c", "import sys; sys.exit('no room')"), "status 1, and said 'no room'"),
        ((sys.executable, "-c", "raise SystemExit(3)"), "status 3"),
    ],
    ids=["missing", "refusing", "failing"],
)
def test_a_command_that_fails_is_told_of_and_tried_again(command: tuple[str, ...], says: str) -> None:
    seconds = Seconds()
    publisher = Publisher(SealingPlaces(checkpoint_command=command), seconds)
    for note in ("one\n", None):
        with pytest.raises(SealingRefused, match=says):
            publisher.publish(note)
            publisher.finish()
        publisher.publish(None)  # not again within the minute
        publisher.finish()
        seconds.now += COMMAND_EVERY_S


def test_nobody_waits_for_a_command_that_takes_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PATIENCE_S", 0.5)
    seconds, slow = Seconds(), (sys.executable, "-c", "import time; time.sleep(60)")
    publisher = Publisher(SealingPlaces(checkpoint_command=slow, checkpoint_file=tmp_path / "checkpoint"), seconds)
    assert publisher.lacks_the_last
    began = monotonic()
    publisher.publish("one\n")
    publisher.publish("two\n")
    assert monotonic() - began < 0.4 and (tmp_path / "checkpoint").read_text() == "two\n"
    assert not publisher.lacks_the_last
    with pytest.raises(SealingRefused, match="within 0.5 seconds"):
        publisher.finish()
    seconds.now += COMMAND_EVERY_S
    publisher.publish(None)  # and it is tried again, with what came last
    with pytest.raises(SealingRefused, match="within 0.5 seconds"):
        publisher.finish()


def test_without_a_place_nothing_goes_out(tmp_path: Path) -> None:
    Publisher(SealingPlaces()).publish("one\n")
    assert not [*tmp_path.iterdir()]

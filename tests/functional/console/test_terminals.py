"""What the console writes to terminals of several kinds, and for people of several wishes: looked at byte by byte."""

import re
import sys
from pathlib import Path

import pytest

from data.records import Change, Draft, Outcome, Reference
from tests.functional.console.demo_log import END, fill
from tests.functional.console.recorded_terminal import Recording, record

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a pseudo-terminal as Linux has them")

_MOUSE = re.compile(rb"\x1b\[\?(?:9|100[0-36]|101[56])h")
_FOREIGN = "Zoë 漢字"


@pytest.fixture
def log(own_demo: Path) -> Path:
    """The demo, and on top of it an event whose texts go beyond ASCII."""
    fill(
        own_demo,
        [
            Draft(
                type="api_client.updated",
                occurred_at=END,
                outcome=Outcome.FAILURE,
                actor=Reference("member", "m-1", _FOREIGN),
                reason="naïve – ∅",
                changes=(Change("name", "Zoe", _FOREIGN),),
            )
        ],
    )
    return own_demo


def _text(recording: Recording) -> str:
    return "\n".join(recording.screens)


def test_no_color_lets_no_colour_leave_and_says_all_by_other_means(log: Path) -> None:
    recording = record(log, "--theme", "light", environment={"TERM": "xterm-256color", "NO_COLOR": "1"})
    assert recording.colors == set()
    assert {"1", "4", "7"} <= recording.looks, "bold, underline and reverse tell apart what colours did"
    assert "▌" in recording.screens[0] and " FAILURE " in recording.screens[0]


def test_an_empty_no_color_is_none(log: Path) -> None:
    recording = record(log, environment={"TERM": "xterm-256color", "NO_COLOR": ""}, steps=())
    assert {"38;5", "48;5"} <= recording.colors


@pytest.mark.parametrize(
    ("term", "colorterm", "expected"),
    [
        ("xterm-256color", "truecolor", {"38;2", "48;2"}),
        ("xterm-256color", "", {"38;5", "48;5"}),
        ("tmux-256color", "", {"38;5", "48;5"}),
    ],
)
def test_colours_are_as_many_as_the_terminal_has(log: Path, term: str, colorterm: str, expected: set[str]) -> None:
    recording = record(log, environment={"TERM": term, "COLORTERM": colorterm}, steps=())
    assert expected <= recording.colors and {look for look in recording.colors if ";" in look} == expected


@pytest.mark.parametrize(("term", "is_ascii_alone"), [("screen", False), ("linux", True)])
def test_with_16_colours_they_are_the_terminals_own_and_linux_has_ascii_alone(
    log: Path, term: str, is_ascii_alone: bool
) -> None:
    recording = record(log, environment={"TERM": term})
    assert recording.colors <= {"39", "49", "31", "35"}, "default, red and magenta"
    assert {"31", "35", "7"} <= recording.looks
    assert recording.written.isascii() is is_ascii_alone


def test_without_unicode_only_ascii_leaves_and_every_character_is_named(log: Path) -> None:
    recording = record(log, "--no-unicode", environment={"TERM": "xterm-256color"})
    assert recording.written.isascii()
    shown = _text(recording)
    assert "Zo<U+00EB> <U+6F22><U+5B57>" in shown and "na<U+00EF>ve <U+2013> <U+2205>" in shown
    assert "x Update API client" in shown and "Zoe -> Zo<U+00EB>" in shown
    assert re.search(r"^.{29}>14:09:00", recording.screens[0], re.MULTILINE)


@pytest.mark.parametrize(
    "environment",
    [
        {"TERM": "xterm-256color", "LC_ALL": "C"},
        {"TERM": "xterm-256color", "PYTHONIOENCODING": "latin-1"},
    ],
    ids=["locale", "encoding"],
)
def test_where_there_is_ascii_alone_nothing_else_leaves(log: Path, environment: dict[str, str]) -> None:
    assert record(log, environment=environment).written.isascii()


def test_where_it_was_asked_for_there_is_more_than_ascii(log: Path) -> None:
    assert not record(log, "--unicode", environment={"TERM": "linux"}, steps=()).written.isascii()


def test_the_mouse_is_the_consoles_or_the_terminals(log: Path) -> None:
    environment = {"TERM": "xterm-256color"}
    assert _MOUSE.search(record(log, environment=environment, steps=()).written)
    assert not _MOUSE.search(record(log, "--no-mouse", environment=environment, steps=()).written)

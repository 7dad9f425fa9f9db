"""Copying by keys: what is sent to the terminal's clipboard, what is said of it, and that it is of use elsewhere."""

import json
import re
import shlex
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import Key

from data.exchange.event_json import event_to_json
from data.query import parse_query
from data.records import Draft, Event
from tests.functional.cli.command_line import run_process
from tests.functional.console.demo_log import END, ZONE, fill, open_log, selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.unit.tui.made_up_events import HOSTILE, hostile_event
from tui.presenters.event_table import event_table
from tui.presenters.event_text import event_lines

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
Opener = Callable[[], "AuditLog"]
_SENT = re.compile(r"\x1b]52;c;([A-Za-z0-9+/=]*)\x07")


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with a clipboard, and nothing in between."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for variable in ("TMUX", "STY", "TERM_PROGRAM"):
        monkeypatch.delenv(variable, raising=False)


@contextmanager
def written(driver: Driver) -> Iterator[list[str]]:
    """What the console writes to its terminal past what it draws, piece by piece."""
    found: list[str] = []
    below = driver.app._driver
    assert below is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(below, "write", found.append)
        yield found


async def copied(driver: Driver, *keys: str) -> str:
    """The text that these keys send to the clipboard."""
    with written(driver) as found:
        await driver.press(*keys)
    (sent,) = _SENT.findall("".join(found))
    return b64decode(sent).decode()


async def test_an_id_is_copied_with_two_keys(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log) as driver:
        assert await copied(driver, "y", "i") == str(selected("last:30d", events)[0].id)
        assert driver.shows(f"Sent to the terminal: id {driver.current.id}") and driver.focused == "deck"


@SIZES
@pytest.mark.parametrize("opened", [False, True], ids=["deck", "open card"])
async def test_each_letter_copies_its_form(
    demo_log: Opener, events: list[Event], size: tuple[int, int], opened: bool
) -> None:
    event = selected("last:30d", events)[2]
    async with running(demo_log, size=size) as driver:
        await driver.press("j", "j", *(["enter"] if opened else []))
        assert await copied(driver, "y", "l") == event_table([event], ZONE).lines[0]
        assert await copied(driver, "y", "t") == "\n".join(event_lines(event, ZONE))
        assert json.loads(await copied(driver, "y", "j")) == event_to_json(event)
        assert await copied(driver, "Y") == await copied(driver, "y", "j")
        assert driver.shows(f"Sent to the terminal: JSON of {event.id}"[: size[0] - 2])
        assert await copied(driver, "y", "q") == "last:30d"
        assert await copied(driver, "y", "c") == "auditdeck events last:30d --zone UTC"
        assert driver.focused == ("detail" if opened else "deck")


async def test_the_value_of_a_row_is_copied_from_the_open_card(demo_log: Opener, events: list[Event]) -> None:
    event = selected("last:30d", events)[0]
    async with running(demo_log) as driver:
        await driver.press("y")
        assert not driver.shows("v value")
        await driver.press("escape", "enter", "j", "j", "j")
        assert await copied(driver, "y", "v") == event.actor.id
        assert await copied(driver, "y", "n") == event.actor.name
        await driver.press("g")
        assert await copied(driver, "y", "v") == f"{event.occurred_at:%Y-%m-%dT%H:%M:%S.%f}Z"


async def test_the_prompt_shows_what_would_be_copied(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        with written(driver) as found:
            await driver.press("y")
            assert driver.shows(" Copy ", "i id", f" {driver.current.id} ")
            await driver.press("left")
            assert driver.shows("Print on the normal screen", "all of the card as text")
            await driver.press("escape")
        assert not found and driver.shows("j k move")


async def test_a_copied_query_typed_into_the_command_line_has_the_same_answer(demo: Path, events: list[Event]) -> None:
    query = 'actor:b*,"it\'s" -outcome:success last:all'
    answer = [str(event.id) for event in selected(query, events)]
    assert 3 < len(answer) < 250
    async with running(lambda: open_log(demo), query) as driver:
        typed = await copied(driver, "y", "q")
        command = await copied(driver, "y", "c")
    assert parse_query(typed) == parse_query(query)
    program, *words = shlex.split(command)
    assert program == "auditdeck"
    for asked in (["events", typed], words):
        ran = run_process([*asked, "--database", str(demo), "--json", "--limit", "250"])
        assert [item["id"] for item in ran.json["items"]] == answer


async def test_a_copied_query_can_be_pasted_into_the_search_box(demo_log: Opener) -> None:
    async with running(demo_log, "outcome:denied last:7d") as driver:
        await copied(driver, "y", "q")
        await driver.press("0", "slash", "ctrl+u", "ctrl+v", "enter")
        assert driver.query == "outcome:denied last:7d"


async def test_nothing_that_drives_a_terminal_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    event = hostile_event()
    fields = {name: getattr(event, name) for name in Draft.__dataclass_fields__}
    fill(path, [Draft(**{**fields, "id": None, "occurred_at": END})])
    async with running(lambda: open_log(path), "last:all") as driver:
        await driver.press("enter", "j", "j", "j")
        for letter in "vniltjqc":
            text = await copied(driver, "y", letter)
            assert not any(sign in text for sign in "\x1b\x07\x9b\x00\r\u202e\u2066\u2028")
        assert json.loads(await copied(driver, "Y"))["reason"] == HOSTILE
        await copied(driver, "y", "v")
        assert driver.shows("Sent to the terminal, not all characters as they are: value ␛[31mred")


@pytest.mark.parametrize(
    ("variables", "begin", "said"),
    [
        ({"TMUX": "x", "TERM": "screen-256color"}, "\x1b]52;c;", "Sent to the terminal through tmux: id "),
        ({"STY": "x", "TERM": "screen"}, "\x1bP\x1b]52;c;", "Sent to the terminal through GNU Screen: id "),
    ],
)
async def test_what_lies_between_is_passed(
    demo_log: Opener, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], begin: str, said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    async with running(demo_log) as driver:
        with written(driver) as found:
            await driver.press("y", "i")
        assert "".join(found).startswith(begin) and driver.shows(said)


async def test_a_terminal_without_a_clipboard_is_sent_nothing_and_printing_is_named(
    demo_log: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo_log) as driver:
        monkeypatch.setenv("TERM", "linux")
        with written(driver) as found:
            await driver.press("y", "i")
        assert not found and driver.shows("This terminal (linux) has no clipboard; y p prints it.")
        await driver.press("y", "left")
        assert driver.shows(f"for the terminal's own selection: id {driver.current.id}")


async def test_what_is_too_long_is_not_cut_but_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    fill(path, [Draft(type="project.created", occurred_at=END, reason="x" * 80_000)])
    async with running(lambda: open_log(path), "last:all") as driver:
        with written(driver) as found:
            await driver.press("Y")
        assert not found and driver.shows("Too long for a terminal's clipboard, 80,", "at most 74,994; y p prints it.")


async def test_where_there_are_no_cards_the_query_can_be_copied(demo_log: Opener) -> None:
    async with running(demo_log, "actor:nobody last:7d") as driver:
        assert await copied(driver, "y", "q") == "actor:nobody last:7d"
        with written(driver) as found:
            await driver.press("Y", "l")
        assert not found and driver.query == "actor:nobody last:7d"


@pytest.mark.parametrize(("prompt", "letter"), [("y", "i"), ("plus", "o")])
async def test_a_letter_that_comes_together_with_the_key_of_a_prompt_is_for_the_prompt(
    demo_log: Opener, prompt: str, letter: str
) -> None:
    async with running(demo_log) as driver:
        for key in (prompt, letter):  # as over a slow line, in one piece
            driver.app.post_message(Key(key, {"plus": "+"}.get(key, key)))
        await driver.settle()
        assert driver.focused == "deck"
        assert driver.shows("Sent to the terminal: id") or "outcome:" in driver.query


async def test_text_that_comes_together_with_the_key_of_a_box_is_text(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        for key, character in (("slash", "/"), ("f", "f"), ("0", "0"), ("u", "u"), ("r", "r")):
            driver.app.post_message(Key(key, character))
        await driver.settle()
        assert driver.focused == "SafeInput" and driver.shows("/ last:30d f0ur")

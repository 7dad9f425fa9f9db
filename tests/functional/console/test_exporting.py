"""Taking the audit log away from the console, by keys: the form, the file, and over ssh the line to type at home."""

import json
import shlex
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event as Signal
from typing import TYPE_CHECKING

import pytest

from data.errors import DatabaseUnavailable
from data.exchange.bundle_check import check_bundle
from data.query import parse_query
from data.records import Event, Outcome
from data.stop import Stop
from data.store import Database
from tests.functional.cli.command_line import run_process
from tests.functional.console.demo_log import END, open_log, selected
from tests.functional.console.driving import NARROW, Driver, running
from tests.functional.console.test_copying import copied
from tui import export_file
from tui.ssh.original_command import command_in
from tui.visitor import Visitor, serve
from tui.widgets.export_form import PlaceNote
from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]
NAME = f"auditdeck-{END:%Y-%m-%d-%H%M}.jsonl"
QUERY = "outcome:denied last:all"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, and a terminal with a clipboard."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("TERM", "xterm-256color")
    for variable in ("TMUX", "STY", "TERM_PROGRAM"):
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture
def own_log(own_demo: Path) -> Opener:
    """The demo's log, in which it is recorded what is taken away."""
    with closing(Database(str(own_demo))) as database, database.writing() as work:
        work.policy.change("record_reading", replace(work.policy.read(), record_reading=True))
        work.commit()
    return lambda: open_log(own_demo)


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    came = Visitor("SHA256:of-bo", "m-bo", "198.51.100.7", ("ssh", "console@audit.example.org"))
    serve(came)
    yield came
    serve(None)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Signal]:
    """Nothing is written to a file until this is set, or it is called off."""
    let_go, take = Signal(), export_file._File.take
    stops: list[Stop] = []

    class KnownStop(Stop):
        def __init__(self) -> None:
            super().__init__()
            stops.append(self)

    def wait(file: export_file._File, line: bytes) -> None:
        while not let_go.wait(0.01) and not any(stop.requested for stop in stops):
            pass
        take(file, line)

    monkeypatch.setattr("tui.screens.export.screen.Stop", KnownStop)
    monkeypatch.setattr(export_file._File, "take", wait)
    yield let_go
    let_go.set()


def place_in(driver: Driver) -> str:
    """What stands in the box for the file."""
    return driver.app.screen.query_one(SafeInput).value


def note(driver: Driver) -> str:
    """What is said below it."""
    return driver.app.screen.query_one(PlaceNote).text


def files_in(folder: Path) -> list[Path]:
    """Without what a process keeps at home."""
    return [path for path in folder.iterdir() if path.is_file()]


def told(path: Path) -> list[Event]:
    """The events that tell of exports."""
    with closing(open_log(path)) as log:
        return [
            event for event in log.page(parse_query("type:log.exported last:all")).items if event.recorded_at >= END
        ]


async def until_left(driver: Driver) -> None:
    await driver.until(lambda: driver.focused == "deck")
    await driver.settle()


@pytest.mark.parametrize("key", ["E", "ctrl+s"])
async def test_it_is_written_with_two_keys(
    own_demo: Path, own_log: Opener, events: list[Event], home: Path, key: str
) -> None:
    expected = selected(QUERY, events)
    async with running(own_log, QUERY, size=NARROW) as driver:
        await driver.press(key)
        assert driver.shows(QUERY, "all time", f"{len(expected):,}, from", "(x) JSON lines")
        assert place_in(driver) == str(home / NAME)
        assert note(driver) == f"A new file in {home}, for you alone to read."
        await driver.press("enter")
        await until_left(driver)
        assert driver.shows(f"{len(expected)} events exported to")
    place = home / NAME
    lines = place.read_bytes().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [str(event.id) for event in expected[::-1]]
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    (event,) = told(own_demo)
    assert (event.outcome, event.service) == (Outcome.SUCCESS, "console")
    assert event.data == {
        "format": "jsonl",
        "count": len(expected),
        "size": place.stat().st_size,
        "query": QUERY,
    }


async def test_another_format_is_chosen_with_its_name_and_its_size(
    own_log: Opener, events: list[Event], home: Path
) -> None:
    async with running(own_log, "type:role.* last:all", size=NARROW) as driver:
        await driver.press("E")
        jsonl = driver.text
        await driver.press("j")
        assert driver.shows("(x) CSV", "( ) JSON lines")
        assert place_in(driver) == str(home / NAME.replace(".jsonl", ".csv"))
        await driver.press("j")
        assert driver.shows("(x) OCSF", "OCSF 1.8.0")
        assert place_in(driver) == str(home / NAME.replace(".jsonl", ".ocsf.jsonl"))
        await driver.press("k", "k")
        assert driver.text == jsonl
        await driver.press("j", "enter")
        await until_left(driver)
    (place,) = home.iterdir()
    assert place.suffix == ".csv"
    assert len(place.read_bytes().splitlines()) == 1 + len(selected("type:role.* last:all", events))


async def test_a_bundle_is_written_that_proves_itself(own_demo: Path, own_log: Opener, home: Path) -> None:
    with closing(open_log(own_demo)) as log:
        log.keeper.seal()
        later = selected("outcome:denied last:all", log.page(parse_query("last:all"), limit=100_000).items)
        assert later
    async with running(own_log, "outcome:denied last:all", size=NARROW) as driver:
        await driver.press("E", "j", "j", "j")
        assert driver.shows("(x) Bundle") and place_in(driver).endswith(".bundle.jsonl")
        await driver.press("enter")
        await until_left(driver)
    (place,) = home.iterdir()
    found = check_bundle([place.read_bytes()])
    assert found.holds and found.count == len(later)


async def test_where_it_lies_is_typed_and_nothing_is_written_over(own_demo: Path, own_log: Opener, home: Path) -> None:
    (home / NAME).write_text("mine")
    async with running(own_log, QUERY, size=NARROW) as driver:
        await driver.press("E")
        assert note(driver).endswith("is there already, and stays as it is.")
        await driver.press("enter")  # it is refused, and the box has the focus
        assert driver.focused == "PlaceBox" and (home / NAME).read_text() == "mine"
        await driver.press(*["backspace"] * len(".jsonl"))
        await driver.type("2.csv")
        assert note(driver).startswith("A new file in ")
        await driver.press("tab", "tab", "enter")
        await until_left(driver)
    assert sorted(path.name for path in home.iterdir()) == [NAME, f"{NAME.removesuffix('.jsonl')}2.csv"]
    assert len(told(own_demo)) == 1


async def test_the_database_itself_is_no_place(own_demo: Path, own_log: Opener) -> None:
    async with running(own_log, QUERY, size=NARROW) as driver:
        await driver.press("E", "tab", "ctrl+u")
        assert note(driver) == "Write where to save it."
        await driver.type(f"{own_demo}-shm2")  # beside it there is room
        assert note(driver).startswith("A new file in ")
        await driver.press(*["backspace"] * len("-shm2"), "enter")
        assert note(driver).endswith("is there already, and stays as it is.")
        await driver.press("escape")
        assert driver.focused == "deck"


async def test_it_is_called_off_and_leaves_nothing(own_demo: Path, own_log: Opener, home: Path, held: Signal) -> None:
    async with running(own_log, QUERY, size=NARROW) as driver:
        await driver.press("E")
        await driver.press_now("enter")
        assert note(driver) == f"{NAME} is being written; esc calls it off."
        await driver.until(lambda: len([*home.iterdir()]) == 1)
        await driver.press_now("enter", "escape")
        held.set()
        await driver.until(lambda: note(driver) == "Called off; nothing is left of it.")
        await driver.settle()
        assert [*home.iterdir()] == []
        await driver.press("enter")  # and again
        await until_left(driver)
        assert len([*home.iterdir()]) == 1
    assert {(event.outcome, event.reason) for event in told(own_demo)} == {
        (Outcome.SUCCESS, None),
        (Outcome.FAILURE, "Called off."),
    }


@pytest.mark.usefixtures("held")
async def test_whoever_quits_meanwhile_leaves_nothing_behind(own_demo: Path, own_log: Opener, home: Path) -> None:
    async with running(own_log, QUERY, size=NARROW) as driver:
        await driver.press("E")
        await driver.press_now("enter")
        await driver.until(lambda: len([*home.iterdir()]) == 1)
    assert [*home.iterdir()] == []  # the console waited for that
    assert [(event.outcome, event.reason) for event in told(own_demo)] == [(Outcome.FAILURE, "Called off.")]


async def test_what_fails_is_said_and_can_be_tried_again(
    own_log: Opener, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(own_log, QUERY, size=NARROW) as driver:
        await driver.press("E")
        with monkeypatch.context() as patch:

            def fail(*_: object) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr("tui.export_file.os.fsync", fail)
            await driver.press("enter")
            await driver.until(lambda: "no space left on device" in note(driver))
            assert [*home.iterdir()] == []
        await driver.press("enter")
        await until_left(driver)
    assert len([*home.iterdir()]) == 1


async def test_what_cannot_be_looked_at_is_said(own_log: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DatabaseUnavailable("The database does not answer.")

    async with running(own_log, QUERY, size=NARROW) as driver:
        monkeypatch.setattr("data.services.exports.Exports.survey", fail)
        await driver.press("E")
        assert driver.shows("The database does not answer.")


async def test_a_query_without_events(own_log: Opener) -> None:
    async with running(own_log, "actor:nobody", size=NARROW) as driver:
        await driver.press("E")
        assert driver.shows("none: no event matches")


async def test_the_command_that_does_the_same(own_demo: Path, own_log: Opener, home: Path) -> None:
    async with running(own_log, QUERY, size=NARROW) as driver:
        await driver.press("E", "j")
        line = await copied(driver, "y")
        await driver.press("escape")
    program, *words = shlex.split(line)
    assert program == "auditdeck" and words[:2] == ["export", QUERY]
    assert run_process([*words, "--database", str(own_demo)]).status == 0
    assert [path.suffix for path in files_in(home)] == [".csv"]


async def test_over_ssh_no_file_is_named_and_the_line_to_type_at_home_is_there(
    own_log: Opener, events: list[Event], home: Path, visitor: Visitor
) -> None:
    async with running(own_log, QUERY, size=NARROW) as driver:
        await driver.press("E")
        assert driver.shows("Over ssh nothing is written here. At home, type:", "y copy the line")
        assert not driver.shows("Save to") and str(home) not in driver.text
        await driver.press("tab", "enter")
        assert driver.shows("Over ssh nothing is written here; y copies what to type.")
        await driver.press("j")
        line = await copied(driver, "y")
        shown = "".join(row.strip() for row in driver.lines).replace(" ", "")
        assert line.replace(" ", "") in shown
    assert [*home.iterdir()] == []
    command, _, file = line.rpartition(" > ")
    assert file == NAME.replace(".jsonl", ".csv")
    *way, sent = shlex.split(command)
    assert tuple(way) == visitor.way
    assert command_in(sent) == ("export", QUERY, "--zone", "UTC", "--format", "csv")

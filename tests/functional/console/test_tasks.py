"""What a reviewer does all day, by keys alone, at a usual size and at 60x20. Every key is counted, typed text too."""

import re
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.records import Change, Draft, Event, Outcome, Reference
from tests.functional.cli.command_line import run_process
from tests.functional.console.demo_log import END, fill, open_log, selected
from tests.functional.console.driving import NAMES, WIDE, Driver, running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]
SMALL = (60, 20)
SIZES = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x40", "60x20"])
_SENT = re.compile(r"\x1b]52;c;([A-Za-z0-9+/=]*)\x07")


class Reviewer:
    """Presses keys, and counts them."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.keys = 0

    async def press(self, *keys: str) -> None:
        """Keys by their names, or as they are written; what each does is seen before the next."""
        self.keys += len(keys)
        for key in keys:
            await self.driver.press(NAMES.get(key, key))

    async def type(self, text: str) -> None:
        self.keys += len(text)
        await self.driver.type(text)

    def reads(self, query: str, events: list[Event]) -> bool:
        """Whether the deck shows just what this query selects, and counts it."""
        expected = selected(query, events)
        tally = self.driver.screen.reading.tally
        shown = self.driver.deck.window.events
        return shown == expected[: len(shown)] and tally is not None and tally.count == len(expected) > 0


@asynccontextmanager
async def reviewing(log: Opener, query: str, size: tuple[int, int]) -> AsyncIterator[Reviewer]:
    async with running(log, query, size=size) as driver:
        yield Reviewer(driver)


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with a clipboard, and nothing in between."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for variable in ("TMUX", "STY", "TERM_PROGRAM"):
        monkeypatch.delenv(variable, raising=False)


@SIZES
async def test_yesterdays_denied_events_read_one_after_the_other(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    found = selected("outcome:denied during:yesterday", events)
    assert len(found) > 3
    async with reviewing(demo_log, "last:30d", size) as person:
        await person.press("d", "y", "f", "o", "j", "j", "enter", "enter")
        assert person.reads("outcome:denied during:yesterday", events) and person.keys == 8
        for event in found:
            assert person.driver.focused == "detail" and person.driver.current == event
            await person.press("J")
        assert person.driver.shows("This is the last event.")
        assert person.keys == 8 + len(found)


@SIZES
async def test_everything_failed_or_denied_last_quarter_but_the_systems(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    async with reviewing(demo_log, "last:30d", size) as person:
        await person.press("d", "q", "f", "o", "j", "space", "j", "space", "escape", "/")
        await person.type("-actor:system")
        await person.press("enter")
        assert person.reads("outcome:failure,denied -actor:system during:last-quarter", events), person.driver.query
        assert person.keys == 24


@SIZES
async def test_all_that_one_actor_did_to_one_client(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    async with reviewing(demo_log, "type:api_client.updated last:30d", size) as person:
        card = person.driver.current
        assert card.client is not None
        await person.press("=", "a", "+", "c", "d", "a")
        assert person.driver.current == card, "one stays on the card"
        assert person.reads(f"actor:{card.actor.id} client:{card.client.id} last:all", events)
        assert person.keys == 6


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A client with changes in February, March, May and June."""
    path = tmp_path / "year.db"
    client = Reference("api_client", "c-7", "Payroll sync")
    update = Draft(
        type="api_client.updated",
        occurred_at=END,
        actor=Reference("member", "m-1", "Alice Moss"),
        client=client,
        target=client,
    )
    told = [
        (datetime(2026, 2, 20, tzinfo=UTC), Change("name", "Payrol", "Payrol sync")),
        (datetime(2026, 3, 2, tzinfo=UTC), Change("name", "Payrol sync", "Payroll synk")),
        (datetime(2026, 3, 9, tzinfo=UTC), Change("expires", "2026-04-01", "2026-10-01")),
        (datetime(2026, 5, 30, tzinfo=UTC), Change("name", "Payroll synk", "Payroll sync")),
        (datetime(2026, 6, 2, tzinfo=UTC), Change("expires", "2026-10-01", "2027-04-01")),
    ]
    fill(path, [replace(update, occurred_at=moment, changes=(change,)) for moment, change in told])
    return path


@SIZES
async def test_what_changed_on_a_client_between_march_and_may_net(year: Path, size: tuple[int, int]) -> None:
    async with reviewing(lambda: open_log(year), "last:all", size) as person:
        await person.press("c", "d", "/")
        await person.type("2026-03..2026-05")
        await person.press("enter")
        shown = " ".join(" ".join(person.driver.region("#net-change")).split())
        assert "Payrol sync → Payroll sync" in shown and "1 Apr 2026 → 1 Oct 2026" in shown
        assert "2027" not in shown and "Payroll synk" not in shown
        assert person.keys == 20


@SIZES
async def test_from_a_card_to_the_same_addresss_events_and_back_where_one_was(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    async with reviewing(demo_log, "last:30d", size) as person:
        for _ in range(40):
            await person.driver.stride("j")
        card = person.driver.current
        await person.press("=", "i")
        assert person.reads(f"ip:{card.ip} last:30d", events)
        await person.press("u")
        assert person.driver.current == card and person.driver.query == "last:30d"
        person.driver.assert_selection_visible()
        assert person.keys == 3


@SIZES
async def test_a_filter_lost_and_found_again(demo_log: Opener, events: list[Event], size: tuple[int, int]) -> None:
    async with reviewing(demo_log, "outcome:denied -actor:system last:30d", size) as person:
        for _ in range(9):
            await person.driver.stride("j")
        card = person.driver.current
        await person.press("0")
        assert person.driver.query == "last:30d"
        await person.press("u")
        assert person.driver.query == "outcome:denied -actor:system last:30d" and person.driver.current == card
        assert person.keys == 2


async def _copied(person: Reviewer, *keys: str) -> str:
    found: list[str] = []
    below = person.driver.app._driver
    assert below is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(below, "write", found.append)
        await person.press(*keys)
    (sent,) = _SENT.findall("".join(found))
    return b64decode(sent).decode()


@SIZES
async def test_an_event_id_copied(demo_log: Opener, size: tuple[int, int]) -> None:
    async with reviewing(demo_log, "last:30d", size) as person:
        assert await _copied(person, "y", "i") == str(person.driver.current.id)
        assert person.driver.shows("Sent to the terminal") and person.keys == 2


@SIZES
async def test_a_query_copied_as_text_and_typed_into_the_command_line_same_answer(
    demo: Path, events: list[Event], size: tuple[int, int]
) -> None:
    async with reviewing(
        lambda: open_log(demo), 'outcome:denied -actor:"Legacy HR feed" during:2026-10', size
    ) as person:
        text = await _copied(person, "y", "q")
        shown = [str(event.id) for event in selected(text, events)]
        assert person.reads(text, events) and person.keys == 2
    done = run_process(["events", text, "--database", str(demo), "--limit", "250", "--json"])
    assert [item["id"] for item in done.json["items"]] == shown


@SIZES
async def test_a_view_saved_left_half_read_and_taken_up_again(
    own_demo: Path, events: list[Event], size: tuple[int, int]
) -> None:
    query = "outcome:denied last:30d"
    async with reviewing(lambda: open_log(own_demo), query, size) as person:
        await person.press("V")
        await person.type("Mine")
        await person.press("enter", "y")
        assert person.keys == 7
        for _ in range(6):
            await person.driver.stride("j")
        await person.driver.press_now("ctrl+q")
        await person.driver.until(lambda: person.driver.app._exit)
    async with reviewing(lambda: open_log(own_demo), "last:30d", size) as person:
        await person.press("v", "enter")
        assert person.driver.query == query and person.driver.current == selected(query, events)[6]
        assert person.driver.shows("read to here") and person.keys == 2


async def test_since_here_until_here_by_the_histogram(demo_log: Opener, events: list[Event]) -> None:
    async with reviewing(demo_log, "last:30d", WIDE) as person:
        await person.press("tab", "tab", "left", "left", "left", ")", "left", "left", "(")
        assert person.keys == 9
        day = END.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3)
        found = person.driver.deck.window.events
        expected = [
            event
            for event in selected("last:30d", events)
            if day - timedelta(days=2) <= event.occurred_at < day + timedelta(days=1)
        ]
        assert found == expected[: len(found)] and len(found) > 0
        tally = person.driver.screen.reading.tally
        assert tally is not None and tally.count == len(expected)


async def test_since_here_until_here_by_cards_where_there_is_no_histogram(
    demo_log: Opener, events: list[Event]
) -> None:
    async with reviewing(demo_log, "last:30d", SMALL) as person:
        await person.press("j", ")", "pagedown", "(")
        window = person.driver.deck.window
        assert person.driver.current == window.events[-1] and person.keys == 4
        whole = selected("last:30d", events)
        assert window.events == whole[1 : whole.index(person.driver.current) + 1]


@SIZES
async def test_narrowing_to_one_of_5_000_targets(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "many.db"
    fill(
        path,
        (
            Draft(
                type="project.updated",
                occurred_at=END - timedelta(seconds=number),
                outcome=Outcome.SUCCESS,
                target=Reference("project", f"p-{number}", f"Regional project {number:05}"),
            )
            for number in range(5000)
        ),
    )
    async with reviewing(lambda: open_log(path), "last:30d", size) as person:
        await person.press("f", "e", "/")
        await person.type("4321")
        await person.press("enter")
        assert person.driver.current.target == Reference("project", "p-4321", "Regional project 04321")
        assert len(person.driver.deck.window) == 1 and person.keys == 8

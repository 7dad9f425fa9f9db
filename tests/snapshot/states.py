"""The states of the screens of both logs that are worth a picture, and the keys that lead there."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from data.records import Draft
from data.services.audit_log import AuditLog
from tests.functional.console.demo_log import END, PAYROLL, fill
from tests.functional.console.driving import Driver
from tests.functional.console.request_log import fill_requests, request_drafts, unusual_drafts
from tests.functional.console.stopped_clients import NAMED, STOPPED, WELL, fill_stories
from tests.functional.console.troubled_log import Trouble, TroubledLog


@dataclass(frozen=True, slots=True)
class Scene:
    """What a picture is taken of: the demo's file (the test's own copy), and the trouble on the way to it."""

    path: Path
    trouble: Trouble

    def open_log(self) -> AuditLog:
        return TroubledLog(self.path, self.trouble)


@dataclass(frozen=True, slots=True)
class State:
    """A state: the query that it opens on, the keys pressed, and what else has to happen."""

    name: str
    query: str = ""
    keys: tuple[str, ...] = ()
    typed: str = ""
    before: Callable[[Scene], None] | None = None
    then: Callable[[Driver, Scene], Awaitable[None]] | None = None
    settles: bool = True


async def _look_for_what_is_held(driver: Driver, scene: Scene) -> None:
    scene.trouble.hold("page")
    await driver.press_now("full_stop")
    await driver.until(lambda: driver.shows("Looking"))


async def _search(driver: Driver, _scene: Scene) -> None:
    await driver.until(lambda: driver.shows("Searching ... back to"))


async def _search_in_vain(driver: Driver, _scene: Scene) -> None:
    await driver.until(lambda: driver.shows("No event found yet"))


async def _end_the_search(driver: Driver, scene: Scene) -> None:
    await _search(driver, scene)
    await driver.press_now("ctrl+c")


def _find_three_at_first(scene: Scene) -> None:
    scene.trouble.break_off(3)


def _find_none_at_first(scene: Scene) -> None:
    scene.trouble.break_off(0)


async def _lose_the_connection(driver: Driver, scene: Scene) -> None:
    scene.trouble.lose()
    driver.screen.reading.see_what_arrived()
    await driver.until(lambda: driver.shows("No connection"))


async def _find_no_connection(driver: Driver, _scene: Scene) -> None:
    await driver.until(lambda: driver.shows("tried again by itself"))


async def _receive_events(driver: Driver, scene: Scene) -> None:
    fill(scene.path, [Draft(type="project.created", occurred_at=END), Draft(type="project.deleted", occurred_at=END)])
    driver.screen.reading.see_what_arrived()
    await driver.until(lambda: driver.shows(" 2 new  n "))


async def _be_refused(driver: Driver, _scene: Scene) -> None:
    await driver.until(lambda: driver.shows("This could not be read"))


async def _be_told_what_to_loosen(driver: Driver, _scene: Scene) -> None:
    await driver.until(lambda: driver.shows("Without actor:nobody"))


async def _be_told_of_other_dates(driver: Driver, _scene: Scene) -> None:
    await driver.until(lambda: driver.shows("Without during:2020"))


async def _be_told_of_an_empty_log(driver: Driver, _scene: Scene) -> None:
    await driver.until(lambda: driver.shows("The log is empty"))


async def _find_in_the_card(driver: Driver, _scene: Scene) -> None:
    await driver.press("slash")
    await driver.type("payroll")
    await driver.press("enter")


def _tell_stories(scene: Scene) -> None:
    fill_stories(scene.path)


def _empty(scene: Scene) -> None:
    scene.path.unlink()


def _come_from_the_future(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")


@contextmanager
def made(state: State, scene: Scene) -> Iterator[None]:
    """What has to be so before the console opens, and lets go of it after the block."""
    if state.before is not None:
        state.before(scene)
    # A banner that counts down would be another one on a slower machine.
    with (
        patch("tui.reading.connection._PAUSES_S", (60,)),
        patch("tui.screens.event_log.display._SECOND_S", 60.0),
        # Whether clients that expire soon are counted by then depends on the machine, too.
        patch("tui.app._FIRST_COUNT_S", 3_600.0),
    ):
        try:
            yield
        finally:
            scene.trouble.let_go()


async def lead(driver: Driver, state: State, scene: Scene) -> None:
    """Bring an open console into a state."""
    if state.settles:
        await driver.settle()
    elif state.before is None:
        await driver.until(lambda: not driver.screen.is_asking)
    for key in state.keys:
        await driver.press(key)
    if state.typed:
        await driver.type(state.typed)
    if state.then is not None:
        await state.then(driver, scene)
    await driver.pilot.pause()


STATES = (
    State("deck"),
    State("scrolled", keys=("pagedown", "pagedown", "pagedown", "k")),
    State("oldest", query="last:all", keys=("G", "k")),
    State("card_selected", keys=("j", "j", "j")),
    State("filters", keys=("f", "o", "j", "space")),
    State("filters_paused", query="outcome:denied -actor:system contract last:30d", keys=("f", "o", "j", "j", "p")),
    State("filters_narrowed", keys=("f", "e", "slash"), typed="feed"),
    State("open_card", keys=("j", "j", "j", "enter")),
    State("open_card_end", keys=("j", "j", "j", "enter", "G")),
    State("this_value", keys=("plus", "right", "right")),
    State("dates", keys=("d", "right")),
    State("search_error", keys=("slash",), typed="actr:bob"),
    State("search_dates", keys=("slash",), typed="during:2026-11-01..2026-11-15"),
    State("failed_or_denied", query="outcome:failure,denied last:7d"),
    State("looking", then=_look_for_what_is_held, settles=False),
    State("searching", query="last:all", before=_find_three_at_first, then=_search, settles=False),
    State("searching_in_vain", query="last:all", before=_find_none_at_first, then=_search_in_vain, settles=False),
    State("search_ended", query="last:all", before=_find_three_at_first, then=_end_the_search, settles=False),
    State("no_match", query="actor:nobody outcome:denied", then=_be_told_what_to_loosen),
    State("no_match_dates", query="during:2020", then=_be_told_of_other_dates),
    State("empty_log", before=_empty, then=_be_told_of_an_empty_log),
    State("connection_lost", then=_lose_the_connection, settles=False),
    State("no_connection", before=lambda scene: scene.trouble.lose(), then=_find_no_connection, settles=False),
    State("refused", before=_come_from_the_future, then=_be_refused),
    State("new_events", then=_receive_events),
    State("views", keys=("v", "j")),
    State("save_view", query="outcome:denied last:7d", keys=("V",), typed="Refusals"),
    State("view_left", keys=("v", "enter", "j", "j", "j", "v", "enter")),
    State("compact", keys=("z", "j")),
    State("lines", keys=("z", "z", "j")),
    State("marked", keys=("space", "j", "j", "space", "j")),
    State("copy", keys=("y", "right")),
    State("found", keys=("j", "j", "j", "enter"), then=_find_in_the_card),
    State("histogram", keys=("tab", "tab", "left")),
    State("net_change", query=f"client:{PAYROLL} type:api_client.updated last:all", keys=("c",)),
    State("palette", keys=("colon",), typed="copy"),
    State("following", keys=("F",)),
    State("why_stopped", query=f'client:"{STOPPED}" last:all', keys=("w", "j"), before=_tell_stories),
    State("why_well", query=f'client:"{WELL}" last:all', keys=("w",), before=_tell_stories),
    State("why_not_proven", query=f'client:"{NAMED}" last:all', keys=("w",), before=_tell_stories),
    State("why_by_pasting", keys=("W",), typed="stock"),
    State("help", keys=("question_mark",)),
)


def _requests(name: str, *keys: str) -> State:
    """A state of the requests' screen."""
    return State(name, keys=("4", *keys), before=lambda scene: fill_requests(scene.path))


def _fill_with_what_is_unusual(scene: Scene) -> None:
    fill_requests(scene.path, [*request_drafts(), *unusual_drafts()])


STATES_OF_REQUESTS = (
    _requests("requests", "j", "j"),
    _requests("requests_card", "enter"),
    _requests("requests_filters", "f", "a", "space"),
    _requests("requests_of_a_client", "1", "R"),
    _requests("requests_compact", "z"),
    State("requests_by_client", keys=("4", "full_stop", "j"), before=_fill_with_what_is_unusual),
    State("requests_unusual", keys=("4", "comma"), before=_fill_with_what_is_unusual),
)

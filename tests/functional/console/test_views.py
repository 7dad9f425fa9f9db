"""Views by keys: saved, listed, taken up where one stopped, renamed, shared, deleted; and what goes wrong on the way."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.answers import ViewCounts
from data.errors import DatabaseUnavailable
from data.query import parse_query
from data.records import Draft, Event
from data.services.views import Views
from data.stop import Stop
from data.views import SHIPPED, View
from tests.functional.console.demo_log import END, fill, open_log, selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.troubled_log import NO_ANSWER, Trouble, TroubledLog
from tui.screens.views import ViewsScreen

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SMALL = (60, 20)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, SMALL], ids=["120x40", "80x24", "60x20"])
PROJECTS = "type:project.*,api_client.* last:90d"


def console(path: Path) -> Callable[[], "AuditLog"]:
    return lambda: open_log(path)


def save(path: Path, name: str, query: str, *, shared: bool = False) -> View:
    """What another console, or another run, saved."""
    log = open_log(path)
    view = log.views.save(name, parse_query(query), shared=shared)
    log.close()
    return view


def change(path: Path, do: Callable[[Views], object]) -> None:
    """What another console does to the views."""
    log = open_log(path)
    do(log.views)
    log.close()


def give_away(path: Path, owner: str, **values: str) -> None:
    """Make every view this person's, and shared."""
    import sqlite3

    connection = sqlite3.connect(path)
    words = ", ".join(f"{name} = ?" for name in values)
    connection.execute(
        f"UPDATE saved_view SET owner = ?, is_shared = 1{', ' + words if words else ''}", (owner, *values.values())
    )
    connection.commit()
    connection.close()


def is_list_shown(driver: Driver) -> bool:
    return isinstance(driver.app.screen, ViewsScreen)


async def quit_console(driver: Driver) -> None:
    await driver.press_now("ctrl+q")
    await driver.until(lambda: driver.app._exit)


@SIZES
async def test_a_view_saved_left_half_read_and_taken_up_again(
    own_demo: Path, events: list[Event], size: tuple[int, int]
) -> None:
    whole = selected(PROJECTS, events)
    assert len(whole) > 8
    async with running(console(own_demo), PROJECTS, size=size) as driver:
        await driver.press("V")
        await driver.type("Our projects")
        await driver.press("enter", "y")
        assert driver.shows("Saved for you alone: Our projects") and "Our projects" in driver.lines[0]
        for _ in range(5):
            await driver.stride("j")
        await driver.press("d", "a")
        assert "Our projects" not in driver.lines[0], "another query is not the view"
        await driver.press("u")
        assert driver.current == whole[5] and "Our projects" in driver.lines[0]
        await driver.stride("j")
        await quit_console(driver)
    fill(own_demo, [Draft(type="project.created", occurred_at=END) for _ in range(3)])
    async with running(console(own_demo), size=size) as driver:
        await driver.press("v")
        assert is_list_shown(driver) and driver.shows(
            "Yours", "Our projects", PROJECTS[:20], "read to 20 Nov 14:09", "3 new"
        )
        assert driver.widths() == {size[0]}
        await driver.press("enter")
        assert driver.query == PROJECTS and driver.current == whole[6]
        driver.assert_selection_visible()
        assert "Our projects" in driver.lines[0]
        assert driver.shows("3 new since 20 Nov 14:09; g goes to the newest.")
        below = driver.region("#deck")[driver.selected_rows()[-1] + 1]
        assert below.startswith(" ── read to here, 20 Nov 14:09 ──"), driver.text
        await driver.stride("j")
        assert driver.current == whole[7] and not driver.shows("3 new since")
        await driver.press("u")
        assert driver.query == "last:30d", "taking it up was a step"
        assert not driver.shows("read to here")
        await driver.press("v")
        assert driver.shows("3 new"), "what one has not gone up to stays new"
        await driver.press("enter")
        await driver.press("g")
        assert driver.current.type == "project.created" and driver.current not in whole
        await driver.press("v")
        assert not driver.shows(" new")


async def test_a_line_that_drops_loses_little_of_the_place(own_demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.event_log.screen._KEEP_S", 0.05)
    save(own_demo, "Projects", PROJECTS)
    async with running(console(own_demo)) as driver:
        await driver.press("v")
        await driver.press("enter")
        for _ in range(3):
            await driver.stride("j")
        place = driver.current

        def is_kept() -> bool:
            log = open_log(own_demo)
            mark = log.views.named("Projects").mark
            log.close()
            return mark is not None and mark.event_id == place.id

        await driver.until(is_kept)  # and nobody has left anything


async def test_a_place_deep_in_a_view_is_found_again(own_demo: Path, events: list[Event]) -> None:
    whole = selected("-actor:system last:30d", events)
    async with running(console(own_demo)) as driver:
        await driver.press("v")
        await driver.press("G", "enter")
        assert driver.query == "-actor:system last:30d" and driver.current == whole[0]
        assert all(event.actor.type != "system" for event in whole)
        for _ in range(40):
            await driver.stride("pagedown")
        deep = driver.current
        assert whole.index(deep) > 100
        await quit_console(driver)
    async with running(console(own_demo)) as driver:
        await driver.press("v")
        await driver.press("G", "enter")
        assert driver.current == deep
        driver.assert_selection_visible()
        await driver.press("k")
        assert driver.current == whole[whole.index(deep) - 1]


async def test_a_view_that_holds_nothing_so_old_opens_at_its_newest(own_demo: Path, events: list[Event]) -> None:
    view = save(own_demo, "Short", "-type:view.* last:2d")
    async with running(console(own_demo)) as driver:
        await driver.press("v")
        await driver.press("enter")
        await driver.press("G")
        oldest = driver.current
        await quit_console(driver)
    change(own_demo, lambda views: views.rename(view, "Shorter"))
    fill(own_demo, [Draft(type="project.created", occurred_at=END)])
    import sqlite3

    with sqlite3.connect(own_demo) as connection:  # as after a day: what was stood on is out of its time
        connection.execute("UPDATE reading_mark SET event_id = ?", (events[-1].id.bytes,))
    connection.close()
    async with running(console(own_demo)) as driver:
        await driver.press("v")
        await driver.press("enter")
        assert (
            driver.query == "-type:view.* last:2d"
            and driver.current.type == "project.created"
            and driver.current != oldest
        )


@SIZES
async def test_own_views_are_renamed_shared_and_deleted(own_demo: Path, size: tuple[int, int]) -> None:
    save(own_demo, "Projects", PROJECTS)
    async with running(console(own_demo), size=size) as driver:
        await driver.press("v")
        await driver.press("e")
        await driver.type(" of ours")
        await driver.press("ctrl+s")
        await driver.until(lambda: driver.shows("Renamed to Projects of ours", "▌ Projects of ours"))
        await driver.press("s")
        await driver.until(lambda: driver.shows("Everybody sees it now", "Projects of ours  shared"))
        await driver.press("s")
        await driver.until(lambda: driver.shows("Only you see it now") and not driver.shows("Projects of ours  shared"))
        await driver.press("D", "enter")
        assert driver.shows("Projects of ours"), "enter alone keeps it"
        await driver.press("D", "d")
        await driver.until(lambda: driver.shows("Deleted: Projects of ours") and not driver.shows("Yours"))
        assert driver.widths() == {size[0]}
        await driver.press("escape")
        assert not is_list_shown(driver)


async def test_what_is_not_one_s_own_stays_as_it_is(own_demo: Path) -> None:
    save(own_demo, "Projects", PROJECTS)
    give_away(own_demo, "ann")
    async with running(console(own_demo)) as driver:
        await driver.press("v")
        assert driver.shows("Shared by others", "Projects  by ann")
        for key in ("e", "s", "D"):
            await driver.press(key)
            assert driver.shows("Only ann can change this view.")
        await driver.press("j", "D")
        assert driver.shows("This view comes with auditdeck and stays as it is.")
        await driver.press("g", "enter")
        assert driver.query == PROJECTS


async def test_a_name_that_is_there_asks_before_it_overwrites(own_demo: Path) -> None:
    save(own_demo, "Projects", PROJECTS)
    async with running(console(own_demo), "last:7d") as driver:
        await driver.press("V")
        await driver.press("enter")
        assert driver.focused != "deck", "no view without a name"
        await driver.type("pROJECTS")
        await driver.press("enter", "y")
        assert "There is a view of yours named Projects already." in driver.lines[-1]
        assert driver.focused == "deck", "an answer takes no keys"
        await driver.press("V")
        assert driver.shows("There is one of yours:", f"Projects goes on asking {PROJECTS}")
        await driver.press("enter")
        assert driver.shows("Save as pROJECTS")
        await driver.press("enter", "e")
        await driver.press("V", "o")
        assert driver.shows("Saved for everybody: pROJECTS")
        await driver.press("v")
        assert driver.shows("pROJECTS  shared", "▌   last:7d") and not driver.shows(PROJECTS)


async def test_a_changed_query_is_offered_under_the_name_of_one_s_own_view(own_demo: Path) -> None:
    save(own_demo, "Projects", PROJECTS)
    async with running(console(own_demo)) as driver:
        await driver.press("v")
        await driver.press("enter")
        await driver.press("d", "w")
        await driver.press("V")
        assert driver.shows("Save as Projects")


async def test_of_two_editors_the_second_is_told(own_demo: Path) -> None:
    view = save(own_demo, "Projects", PROJECTS)
    async with running(console(own_demo), "last:7d") as driver:
        await driver.press("V")
        await driver.type("Projects")
        await driver.press("enter", "y")
        await driver.press("V")
        assert driver.shows("There is one of yours:")
        change(own_demo, lambda views: views.save("Projects", parse_query("last:all"), shared=False, replacing=view))
        await driver.press("o")
        assert driver.shows("Projects was changed meanwhile.") and driver.focused == "deck"
        await driver.press("V")
        assert driver.shows("It was changed meanwhile:", "Projects goes on asking last:all")
        await driver.press("o")
        assert driver.shows("Saved for you alone: Projects")
        await driver.press("v")
        change(own_demo, lambda views: views.delete(views.named("Projects")))
        await driver.press("s")
        assert driver.shows("Projects was deleted meanwhile.") and not driver.shows("Yours")


async def test_a_query_of_another_version_is_listed_with_its_problem(own_demo: Path) -> None:
    save(own_demo, "Projects", PROJECTS)
    give_away(own_demo, "ann", query="colour:red")
    async with running(console(own_demo), "last:30d") as driver:
        await driver.press("v")
        assert driver.shows("Projects", "colour:red", "This program cannot read its query")
        await driver.press("enter")
        assert is_list_shown(driver) and "cannot read its query" in driver.lines[-1]


@SIZES
async def test_hostile_names_drive_nothing(own_demo: Path, size: tuple[int, int]) -> None:
    save(own_demo, "Projects", PROJECTS)
    give_away(own_demo, "b\x1b[2J" * 20, name="\u202eevil\x1b]0;x\x07[bold]" + "\u0627\U0001f469\u200d\U0001f4bb" * 10)
    async with running(console(own_demo), size=size) as driver:
        await driver.press("v")
        assert driver.shows("⟨U+202E⟩evil") and driver.widths() == {size[0]}
        await driver.press("D", "enter", "g", "enter")
        assert driver.query == PROJECTS and "⟨U+202E⟩evil" in driver.lines[0] and driver.widths() == {size[0]}
        assert not {"\x1b", "\u202e", "\x07", "\u200d"} & set(driver.text)


async def test_typing_narrows_the_list(own_demo: Path) -> None:
    save(own_demo, "Projects", PROJECTS)
    async with running(console(own_demo), "last:30d") as driver:
        await driver.press("v")
        await driver.press("slash")
        await driver.type("DENIED y")
        assert driver.shows("Denied yesterday") and not driver.shows("Projects") and not driver.shows("Not the system")
        await driver.type("zzz")
        assert driver.shows("No view has this")
        await driver.press("escape")
        assert driver.shows("Projects", "Not the system")
        await driver.press("slash")
        await driver.type("yesterday")
        await driver.press("enter", "enter")
        assert driver.query == "outcome:denied during:yesterday"


async def test_a_question_about_a_name_is_not_asked_of_another_query(own_demo: Path) -> None:
    save(own_demo, "Projects", PROJECTS)
    async with running(console(own_demo), "last:7d") as driver:
        await driver.press("V")
        await driver.type("Projects")
        await driver.press("enter", "y")
        await driver.press("full_stop")
        await driver.press("V")
        assert driver.shows("Save as Projects") and not driver.shows("There is one of yours:")


class TroubledViewsLog(TroubledLog):
    """A log whose views meet the trouble, too."""

    def open(self) -> None:
        self._trouble.meet("views", parse_query("last:all"))
        super().open()


async def test_a_lost_connection_loses_nothing_that_was_typed(own_demo: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledViewsLog(own_demo, trouble), "last:7d") as driver:
        trouble.lose()
        await driver.press("V")
        await driver.type("Last week")
        await driver.press("enter", "y")
        await driver.until(lambda: driver.shows("Not saved; V goes on with the name."))
        trouble.find()
        await driver.press("V")
        assert driver.shows("Save as Last week")
        await driver.press("enter", "y")
        assert driver.shows("Saved for you alone: Last week")
        await driver.press("v")
        trouble.lose()
        await driver.press("e")
        await driver.type("s")
        await driver.press("enter")
        await driver.until(lambda: driver.shows("Not renamed; e goes on with the name.", NO_ANSWER))
        trouble.find()
        await driver.press("e")
        assert driver.shows("Rename to Last weeks")
        await driver.press("enter")
        assert driver.shows("Renamed to Last weeks")


async def test_a_list_that_cannot_be_read_says_so_and_is_read_again(own_demo: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledViewsLog(own_demo, trouble)) as driver:
        trouble.lose()
        await driver.press("v")
        await driver.until(lambda: driver.shows("The views could not be read", "r tries again"))
        trouble.find()
        await driver.press("r")
        assert driver.shows(*(view.name for view in SHIPPED))


async def test_keys_answer_while_the_list_is_on_its_way(own_demo: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledViewsLog(own_demo, trouble), "last:30d") as driver:
        trouble.hold("views")
        await driver.press_now("v")
        await driver.until(lambda: driver.shows("Looking ..."))
        await driver.press_now("escape", "j")
        assert not is_list_shown(driver) and driver.deck.cursor == 1
        trouble.let_go()


async def test_a_database_that_does_not_answer_keeps_nobody_from_quitting(
    own_demo: Path, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.event_log.display._LAST_WAIT_S", 0.05)
    async with running(lambda: TroubledViewsLog(own_demo, trouble)) as driver:
        await driver.press("v")
        await driver.press("G", "enter")
        trouble.hold("views")
        await quit_console(driver)


async def test_a_late_answer_takes_no_keys(own_demo: Path, trouble: Trouble) -> None:
    save(own_demo, "Projects", PROJECTS)
    async with running(lambda: TroubledViewsLog(own_demo, trouble), "last:7d") as driver:
        await driver.press("V")
        await driver.type("Projects")
        trouble.hold("views")
        await driver.press_now("enter", "y", "slash", "o")
        trouble.let_go()
        await driver.settle()
        await driver.type("o")
        assert driver.shows("last:7d oo")
        await driver.press("escape")
        await driver.press("v")
        assert driver.shows(PROJECTS), "nothing was overwritten"


async def test_a_late_refusal_of_a_name_takes_no_keys(own_demo: Path, trouble: Trouble) -> None:
    save(own_demo, "Projects", PROJECTS)
    async with running(lambda: TroubledViewsLog(own_demo, trouble), "last:7d") as driver:
        await driver.press("v")
        await driver.press("e")
        await driver.type("s")
        trouble.hold("views")
        await driver.press_now("enter", "slash", "p")
        trouble.lose()
        trouble.let_go()
        await driver.settle()
        await driver.type("r")
        assert driver.focused == "SafeInput" and driver.lines[1].strip() == "pr"
        assert "Not renamed; e goes on with the name." in driver.lines[-1]


async def test_calling_off_loses_no_view(own_demo: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledViewsLog(own_demo, trouble), "last:7d") as driver:
        await driver.press("V")
        await driver.type("Last week")
        trouble.hold("views")
        await driver.press_now("enter", "y", "ctrl+c")
        assert driver.shows("The view is being saved; that goes on.")
        trouble.let_go()
        await driver.settle()
        assert driver.shows("Saved for you alone: Last week") and "Last week" in driver.lines[0]


async def test_a_view_that_cannot_be_counted_stops_no_other(own_demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Views.counts

    def fails_for_one(self: Views, view: View, stop: Stop | None = None) -> ViewCounts:
        if view.name == "Denied yesterday":
            raise DatabaseUnavailable(NO_ANSWER)
        return counts(self, view, stop)

    monkeypatch.setattr(Views, "counts", fails_for_one)
    async with running(console(own_demo), "last:30d") as driver:
        await driver.press("v")
        rows = [line.strip("▌ ").split() for line in driver.lines]
        numbers = {view.name: row[-1] for view in SHIPPED for row in rows if " ".join(row[:-1]) == view.name}
        assert numbers.pop("Denied yesterday") == "?" and len(numbers) == len(SHIPPED) - 1
        assert all(number.replace(",", "").isdigit() for number in numbers.values())
        assert NO_ANSWER in driver.lines[-1]

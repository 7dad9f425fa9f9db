"""From screen to screen: each keeps what it shows, and a jump with a query leads back to where it began."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import Key

from data.query import EventQuery, print_query
from tests.functional.console.being_told import tell_often
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import NARROW, WIDE, running
from tests.functional.console.request_log import GRANTS, PAYROLL, fill_requests
from tests.functional.console.troubled_log import Trouble, TroubledLog

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]


@pytest.fixture
def both_logs(own_demo: Path) -> Opener:
    """Opens a database with the demo's changes, and requests beside them."""
    fill_requests(own_demo)
    return lambda: open_log(own_demo)


async def test_each_screen_keeps_its_query_its_place_and_its_focus(both_logs: Opener) -> None:
    async with running(both_logs, "outcome:denied last:30d") as driver:
        await driver.press("j", "j", "j")
        denied = driver.current
        await driver.press("4")
        assert driver.shows("121 requests") and driver.query == "last:30d" and driver.focused == "deck"
        await driver.press("f", "o", "j", "space")
        assert driver.query == "last:30d outcome:failure" and driver.focused == "sidebar"
        await driver.press("1")
        assert driver.query == "outcome:denied last:30d" and driver.current == denied and driver.focused == "deck"
        await driver.press("4")
        assert driver.query == "last:30d outcome:failure" and driver.focused == "sidebar"
        await driver.press("escape", "u")
        assert driver.query == "last:30d", "a history of its own"
        await driver.press("u")
        assert driver.shows("Nothing to undo.")


async def test_only_the_first_screen_is_made_at_the_start(both_logs: Opener) -> None:
    async with running(both_logs) as driver:
        assert set(driver.app._screen_stacks) <= {"_default", "log"}
        await driver.press("4")
        assert "requests" in driver.app._screen_stacks


@pytest.mark.parametrize("back", ["escape", "backspace", "q"])
async def test_from_a_card_to_its_client_s_requests_and_back(both_logs: Opener, back: str) -> None:
    async with running(both_logs, f"client:{GRANTS.id} outcome:denied last:all") as driver:
        card = driver.current
        await driver.press("R")
        assert driver.query == f"client:{GRANTS.id} last:all" and driver.shows("72 requests", "GET /v1/orders")
        await driver.press("j", back)
        assert driver.query == f"client:{GRANTS.id} outcome:denied last:all" and driver.current == card
        await driver.press(back)
        assert driver.screen.id is None and driver.shows("Audit log") and driver.app.is_running


async def test_from_a_request_to_the_changes_of_its_client_and_back(both_logs: Opener) -> None:
    async with running(both_logs) as driver:
        before = driver.query
        await driver.press("4", "j", "j", "j")
        request = driver.current
        await driver.press("l")
        assert driver.query == f"client:{GRANTS.id} last:all" and driver.shows("10 events", "Revoke API client")
        await driver.press("escape")
        assert driver.current == request and driver.shows("121 requests")
        await driver.press("1")
        assert driver.query == f"client:{GRANTS.id} last:all"
        await driver.press("u")
        assert driver.query == before, "the jump was a step"


async def test_there_and_back_again_ends_where_it_began(both_logs: Opener) -> None:
    async with running(both_logs, f"client:{PAYROLL.id},{GRANTS.id} outcome:denied last:all") as driver:
        await driver.press("j", "j")
        begun = driver.current
        await driver.press("R")
        request_query = driver.query
        await driver.press("l")
        assert driver.query == request_query, "the same client's"
        await driver.press("escape")
        assert driver.query == request_query
        await driver.press("escape")
        assert driver.query == f"client:{PAYROLL.id},{GRANTS.id} outcome:denied last:all" and driver.current == begun


async def test_the_requests_of_a_client_in_the_requests_are_a_step_there(both_logs: Opener) -> None:
    async with running(both_logs) as driver:
        await driver.press("4", "R")
        assert driver.query == f"client:{PAYROLL.id} last:all" and driver.shows("48 requests")
        await driver.press("escape")
        assert driver.query == f"client:{PAYROLL.id} last:all", "nothing to go back to"
        await driver.press("u")
        assert driver.query == "last:30d"


async def test_a_number_is_no_way_to_come_back_from(both_logs: Opener) -> None:
    async with running(both_logs, f"client:{GRANTS.id} last:all") as driver:
        await driver.press("R", "1", "4", "escape")
        assert driver.shows("72 requests")


async def test_who_is_not_known_has_neither_a_log_nor_requests(both_logs: Opener) -> None:
    async with running(both_logs) as driver:
        await driver.press("4", "j", "j", "l")
        assert driver.shows("This request names no client and no target.")
        await driver.press("R")
        assert driver.shows("This request names no client.")


async def test_what_only_the_change_log_has_is_no_key_in_the_requests(both_logs: Opener) -> None:
    async with running(both_logs) as driver:
        await driver.press("4")
        before = driver.text
        for key in ("v", "V", "c"):
            await driver.press(key)
            assert driver.text == before, key
        assert not driver.shows("v views")
        await driver.press("f")
        assert driver.shows("d o t a c s i jump")
        await driver.press("escape", "colon")
        await driver.type("view")
        assert driver.shows("no command")


async def test_at_the_top_of_the_requests_q_twice_quits(both_logs: Opener) -> None:
    async with running(both_logs) as driver:
        await driver.press("4", "q")
        assert driver.shows("q again quits.") and driver.app.is_running
        driver.app.post_message(Key("q", "q"))
        await driver.until(lambda: not driver.app.is_running)
        assert driver.app.return_code == 0


async def test_a_screen_that_was_away_while_the_terminal_shrank_fits_when_it_comes_back(both_logs: Opener) -> None:
    async with running(both_logs, size=WIDE) as driver:
        await driver.press("4")
        await driver.resize(*NARROW)
        assert driver.widths() == {NARROW[0]} and not driver.shows("Filters")
        await driver.press("1")
        assert driver.widths() == {NARROW[0]} and not driver.shows("Filters")
        await driver.press("4")
        await driver.resize(*WIDE)
        await driver.press("1")
        assert driver.widths() == {WIDE[0]} and driver.shows("Filters")


async def test_a_screen_that_is_away_asks_nothing(
    own_demo: Path, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_often(monkeypatch, 0.02)
    fill_requests(own_demo)
    async with running(lambda: TroubledLog(own_demo, trouble)) as driver:
        await driver.press("4")
        asked = len(trouble.asked)
        await driver.after(0.2)
        assert len(trouble.asked) == asked
        await driver.press_now("1")
        await driver.until(lambda: len(trouble.asked) > asked)


async def test_expiring_clients_are_counted_on_every_screen(both_logs: Opener) -> None:
    async with running(both_logs) as driver:
        driver.app.show_expiring(3)
        counts = []
        for key in ("1", "4"):
            await driver.press(key)
            counts.append(driver.screen.title_bar.expiring)
        assert counts == [3, 3]


async def test_the_last_query_of_the_requests_is_offered_there(both_logs: Opener) -> None:
    async with running(both_logs, last_requests=f"client:{PAYROLL.id} last:7d") as driver:
        assert driver.app.requests_being_read is None and not driver.shows("last query")
        await driver.press("4")
        assert f"U takes up your last query: client:{PAYROLL.id} last:7d" in driver.lines[-1]
        await driver.press("U")
        assert (
            driver.query
            == print_query(driver.app.requests_being_read or EventQuery())
            == f"client:{PAYROLL.id} last:7d"
        )


async def test_a_letter_that_no_filter_has_is_no_command_there(both_logs: Opener) -> None:
    async with running(both_logs) as driver:
        for key, found in (("1", True), ("4", False)):
            await driver.press(key, "f", "colon")
            await driver.type("to target")
            assert driver.shows("no command") is not found
            await driver.press("escape", "escape")

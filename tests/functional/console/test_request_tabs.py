"""The tabs of the requests: sums by client, service and action with their plot, and what is unusual."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.records import Reference
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.hostile_log import TEXTS
from tests.functional.console.request_log import PAYROLL, fill_requests, request_drafts, unusual_drafts
from tests.functional.console.test_hostile_text import assert_harmless
from tests.functional.console.troubled_log import Trouble, TroubledLog

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]
_BOTH = "last:30d"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with requests alone, some of them unusual; to be read only."""
    made = tmp_path_factory.mktemp("requests") / "requests.db"
    fill_requests(made, [*request_drafts(), *unusual_drafts()])
    return made


@pytest.fixture
def log(path: Path) -> Opener:
    return lambda: open_log(path)


def _table(driver: Driver) -> list[str]:
    """The rows below the names of the columns."""
    rows = driver.region("#call-sums")
    head = next(number for number, row in enumerate(rows) if row[3:].startswith(("Client  ", "Service  ", "Action  ")))
    return [row.rstrip() for row in rows[head + 1 :] if row.strip()]


def _names(driver: Driver) -> list[str]:
    return [row.lstrip("▌! ").split("  ")[0] for row in _table(driver)]


async def test_each_tab_sums_up_the_calls_and_plots_the_row_under_the_cursor(log: Opener) -> None:
    async with running(log) as driver:
        await driver.press("4", "full_stop")
        clients = _table(driver)
        assert clients[0].startswith("▌! Grant reporting  calls") and clients[1].startswith(
            " ! Payroll sync  new address"
        )
        plot = driver.region("#call-sums")
        assert "Grant reporting" in plot[0] and "calls" in plot[0] and "p95" in plot[0]
        assert any("█" in row for row in plot) and driver.shows("× "), plot
        await driver.press("j")
        assert "Payroll sync" in driver.region("#call-sums")[0]
        await driver.press("full_stop")
        assert _names(driver) == ["orders", "payments", "people"]
        await driver.press("full_stop")
        assert any("GET /v1/orders/{id}" in row for row in _table(driver))
        await driver.press("comma", "comma")
        assert _table(driver)[1].startswith("▌! Payroll sync"), "the cursor is where it was"
        await driver.press("comma")
        assert driver.focused == "deck"
        await driver.pilot.click("#tabs", offset=(10, 0))
        await driver.settle()
        assert driver.focused == "call-sums" and len(_table(driver)) == 2


async def test_s_sorts_otherwise_and_says_by_what(log: Opener) -> None:
    async with running(log) as driver:
        await driver.press("4", "full_stop", "full_stop", "full_stop")
        by_calls = _table(driver)
        assert by_calls[0].startswith("▌  GET /v1/orders ")
        await driver.press("s")
        errors = [int(row[53:59]) for row in _table(driver)]
        assert errors == sorted(errors, reverse=True) and errors[0] == 24
        assert driver.region("#call-sums")[0].strip().startswith("GET /v1/orders "), "the cursor stays on its row"
        await driver.press("s")
        assert "POST /v1/payments" in _table(driver)[0]
        await driver.press("s")
        assert _names(driver) == sorted(_names(driver), key=str.casefold)


async def test_a_row_leads_to_its_calls_and_one_level_back_is_the_row(log: Opener) -> None:
    async with running(log) as driver:
        await driver.press("4", "full_stop", "j", "enter")
        assert driver.query == 'last:30d client:"Payroll sync"' and driver.focused == "deck"
        assert driver.shows("esc goes back to By client.")
        await driver.press("escape")
        assert driver.query == "last:30d" and _table(driver)[1].startswith("▌! Payroll sync")
        await driver.press("escape")
        assert driver.focused == "deck", "from a tab to the calls"


async def test_the_same_query_is_narrowed_from_every_tab(log: Opener) -> None:
    async with running(log) as driver:
        await driver.press("4", "full_stop", "minus")
        assert driver.query == 'last:30d -client:"Grant reporting"' and len(_table(driver)) == 1
        await driver.press("u")
        assert len(_table(driver)) == 2
        await driver.press("f", "o", "j", "space")
        assert driver.query == "last:30d outcome:failure" and driver.focused == "sidebar"
        await driver.press("escape")
        assert driver.focused == "call-sums" and all(row.rstrip().split()[-3] != "0%" for row in _table(driver))
        await driver.press("slash")
        await driver.type(f"client:{PAYROLL.id}")
        await driver.press("enter")
        assert driver.query == f"last:30d outcome:failure client:{PAYROLL.id}" and len(_table(driver)) == 1
        await driver.press("equals_sign")
        assert driver.query == 'client:"Payroll sync" last:30d'
        await driver.press("0")
        assert driver.query == "last:30d" and len(_table(driver)) == 2


async def test_what_is_unusual_is_counted_on_every_tab_and_leads_to_its_calls(log: Opener) -> None:
    async with running(log) as driver:
        await driver.press("4")
        assert "Unusual 2" in driver.lines[3] and driver.focused == "deck"
        await driver.press("comma")
        assert driver.shows(
            "2 findings  as of 14:09", "calls this hour; usually", "It called from 203.0.113.99, as it had not"
        )
        await driver.press("j", "enter")
        assert driver.query.startswith(f"client:{PAYROLL.id} ip:203.0.113.99 ") and driver.shows(" 1 request ")
        await driver.press("escape")
        assert driver.query == "last:30d" and driver.region("#findings")[4].startswith("▌! Payroll sync")
        await driver.press("l")
        assert driver.query == f"client:{PAYROLL.id} last:all"
        await driver.press("escape")
        assert driver.focused == "findings"
        await driver.press("w")
        assert driver.shows("Why: Payroll sync")
        await driver.press("escape", "comma", "comma", "comma", "G", "w")
        assert driver.shows("Why: Payroll sync"), "of the row, and not of the card beneath"
        await driver.press("escape", "full_stop", "w")
        assert driver.shows("This row names no client.")


async def test_where_nothing_is_unusual_it_says_what_was_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "calm.db"
    fill_requests(path)
    async with running(lambda: open_log(path)) as driver:
        await driver.press("4")
        assert "By action  Unusual     " in driver.lines[3], "no number"
        await driver.press("comma")
        assert driver.shows("Nothing unusual in the last hour: calls, errors and durations of every client")
        await driver.press("j", "enter")
        assert driver.focused == "findings"


async def test_without_a_match_the_cards_say_what_to_loosen_and_the_tab_comes_back(log: Opener) -> None:
    async with running(log) as driver:
        await driver.press("4", "full_stop", "slash")
        await driver.type("client:nobody")
        await driver.press("enter")
        assert driver.shows("No request matches", "Without client:nobody")
        await driver.press("enter")
        assert driver.query == "last:30d" and len(_table(driver)) == 2
        await driver.press("slash")
        await driver.type("type:request.refused_strangers")
        await driver.press("enter")
        assert driver.shows("None of these calls names a client")


async def test_a_slow_answer_holds_no_key_up_and_an_old_one_is_dropped(path: Path) -> None:
    trouble = Trouble()
    async with running(lambda: TroubledLog(path, trouble)) as driver:
        await driver.press("4")
        trouble.hold(_BOTH)
        await driver.press_now("full_stop")
        await driver.until(lambda: driver.shows("Looking ..."))
        await driver.press_now("full_stop")
        await driver.until(lambda: driver.shows("Looking ..."))
        await driver.press_now("comma", "comma", "j")
        assert driver.focused == "deck" and driver.deck.cursor == 1
        await driver.press_now("full_stop", "full_stop")
        trouble.let_go()
        await driver.settle()
        assert any("orders" in row for row in _table(driver)), "the sums by service, not those by client"


async def test_what_cannot_be_read_is_said_and_asked_again(path: Path) -> None:
    trouble = Trouble()
    async with running(lambda: TroubledLog(path, trouble)) as driver:
        await driver.press("4")
        trouble.lose()
        await driver.press_now("full_stop")
        await driver.until(lambda: driver.shows("This could not be read", "No answer from db.example"))
        trouble.find()
        await driver.press("r")
        assert len(_table(driver)) == 2
        trouble.hold("groups")
        await driver.press_now("full_stop")
        await driver.until(lambda: driver.shows("Looking ..."))
        await driver.press_now("ctrl+c")
        assert driver.shows("Called off", "r asks again")
        trouble.let_go()
        await driver.press("r")
        assert len(_table(driver)) == 3


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
async def test_hostile_names_are_shown_and_do_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "hostile.db"
    drafts = [
        replace(
            draft,
            client=Reference("api_client", f"c-{number}", text),
            service=text,
            target=Reference("action", name=text),
        )
        for draft in unusual_drafts()
        if draft.client == PAYROLL
        for number, text in enumerate(one for one in TEXTS.values() if len(one) < 10_000)
    ]
    fill_requests(path, drafts)
    async with running(lambda: open_log(path), size=size) as driver:
        await driver.press("4")
        for _ in range(4):
            await driver.press("full_stop")
            for _ in range(3):
                assert_harmless(driver)
                await driver.press("j")
            await driver.press("G")
            assert_harmless(driver)
        assert driver.shows("finding")


async def test_a_small_terminal_has_the_table_alone(log: Opener) -> None:
    async with running(log, size=(60, 20)) as driver:
        await driver.press("4", "full_stop")
        assert "calls" in driver.region("#call-sums")[0] and len(_table(driver)) == 2
        await driver.resize(*NARROW)
        assert "p95" in driver.region("#call-sums")[0] and any("█" in row for row in driver.region("#call-sums"))

"""Why an integration stopped working, in a few keys: from a card, and by pasting whatever is at hand."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Paste

from data.clients.model import IssuedToken
from data.errors import DatabaseUnavailable
from data.services.why import Why
from data.why.model import Story
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import NARROW, Driver, running
from tests.functional.console.stopped_clients import NAMED, REASON, STOPPED, WELL, fill_stories
from tui.screens.event_log.screen import EventLogScreen
from tui.screens.why.screen import WhyScreen

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]
OF_STOPPED = f'client:"{STOPPED}" last:all'


@pytest.fixture
def tokens(tmp_path: Path) -> dict[str, IssuedToken]:
    return fill_stories(tmp_path / "stories.db")


@pytest.fixture
def stories(tokens: dict[str, IssuedToken], tmp_path: Path) -> Opener:
    """Opens a database with the three stories."""
    return lambda: open_log(tmp_path / "stories.db")


def why(driver: Driver) -> WhyScreen:
    assert isinstance(driver.app.screen, WhyScreen), driver.text
    return driver.app.screen


async def paste(driver: Driver, text: str) -> None:
    """Ask why by pasting this."""
    await driver.press("W")
    driver.app.post_message(Paste(text))
    await driver.settle()


@pytest.mark.parametrize("size", [NARROW, (120, 40)])
async def test_one_key_on_a_card_says_when_it_stopped_and_which_change_did_it(
    stories: Opener, size: tuple[int, int]
) -> None:
    async with running(stories, OF_STOPPED, size=size) as driver:
        await driver.press("w")
        text = " ".join(driver.text.split())
        assert f"It stopped working at 13:32: Alice Moss revoked this client at 13:31: {REASON}." in text
        assert driver.shows("STOPPED", "» API client revoked", " CAUSE ", "35 calls", "REFUSED", "262 calls, 200")
        assert len(driver.widths()) == 1
        await driver.press("backspace")
        assert isinstance(driver.app.screen, EventLogScreen) and driver.query == OF_STOPPED


async def test_a_line_leads_to_what_it_stands_for_and_back_again(stories: Opener) -> None:
    async with running(stories, OF_STOPPED) as driver:
        await driver.press("w", "enter")
        assert driver.shows("35 requests") and driver.query.startswith("client:c-")
        await driver.press("backspace")
        assert why(driver).place.subject.name == STOPPED
        await driver.press("j", "enter")
        assert driver.current.type == "api_client.revoked" and driver.app.current_mode == "log"
        await driver.press("backspace", "R")
        assert driver.shows("297 requests")
        await driver.press("backspace", "l")
        assert driver.query.startswith("client:c-") and driver.query.endswith("last:all")
        await driver.press("backspace", "backspace")
        assert driver.query == OF_STOPPED


async def test_a_pasted_token_is_never_shown_and_leads_to_its_client(
    stories: Opener, tokens: dict[str, IssuedToken]
) -> None:
    token = tokens[STOPPED].token
    async with running(stories) as driver:
        await paste(driver, f"Authorization: Bearer {token.reveal()}\n")
        assert driver.shows(token.public_id) and token.reveal()[14:24] not in driver.text
        await driver.press("enter")
        assert driver.shows("STOPPED") and why(driver).place.subject.name == STOPPED
        assert driver.shows(f"{token.public_id} does not work: The token's client was revoked. It was never used.")


async def test_a_mistyped_token_says_so_and_goes_on(stories: Opener, tokens: dict[str, IssuedToken]) -> None:
    whole = tokens[WELL].token.reveal()
    async with running(stories, size=NARROW) as driver:
        await paste(driver, whole[:-1] + ("0" if whole[-1] != "0" else "1"))
        assert driver.shows("its checksum does not fit")
        await driver.press("enter")
        assert driver.shows("All is well: its last call, at 13:58, was answered with 200.")


async def test_a_name_a_request_an_address_and_an_event_are_found(
    stories: Opener, tokens: dict[str, IssuedToken]
) -> None:
    async with running(stories, OF_STOPPED) as driver:
        event = driver.current
        await paste(driver, NAMED.lower())
        await driver.press("enter")
        assert driver.shows("NOT PROVEN", "NAMED, NOT PROVEN", "203.0.113.66")
        await paste(driver, f"{tokens[WELL].client.id}-served-3")
        await driver.press("enter")
        assert driver.shows("1 request") and driver.query.startswith("request:")
        await paste(driver, "203.0.113.66")
        await driver.press("enter")
        assert driver.query == "ip:203.0.113.66 last:all" and driver.shows("12 requests")
        await paste(driver, event.id.hex)
        await driver.press("enter")
        assert driver.query == f"id:{event.id}" and driver.current.id == event.id


async def test_from_one_story_to_another_and_back(stories: Opener) -> None:
    async with running(stories, OF_STOPPED) as driver:
        await driver.press("w", "d", "a")
        await paste(driver, NAMED)
        await driver.press("enter")
        assert driver.shows(" NOT PROVEN ")
        await driver.press("backspace")
        assert driver.shows(" STOPPED ", "last:all") and why(driver).place.subject.name == STOPPED
        await driver.press("backspace")
        assert driver.query == OF_STOPPED


async def test_of_several_that_fit_one_is_chosen(stories: Opener) -> None:
    async with running(stories) as driver:
        await paste(driver, "e")
        await driver.press("enter")
        assert driver.shows("Which one", f"client {STOPPED}", f"client {WELL}")
        letter = next(line for line in driver.lines if "Which one" in line).split(f" client {WELL}")[0][-1]
        await driver.press(letter)
        assert why(driver).place.subject.name == WELL


async def test_what_is_not_found_says_so(stories: Opener) -> None:
    async with running(stories) as driver:
        await paste(driver, "nobody at all")
        await driver.press("enter")
        assert driver.shows("No client, request, address or event is known as nobody at all.")


async def test_other_dates(stories: Opener) -> None:
    async with running(stories, OF_STOPPED) as driver:
        await driver.press("w", "d", "y")
        assert driver.shows("NO REQUESTS", "during:yesterday")
        await driver.press("d", "slash")
        await driver.type("2026-11-20")
        await driver.press("enter")
        assert driver.shows("STOPPED", "during:2026-11-20")


async def test_hostile_text_drives_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    fill_stories(path, reason="[@click=app.quit]x[/] [/")
    async with running(lambda: open_log(path), OF_STOPPED) as driver:
        await driver.press("w")
        assert driver.shows("[@click=app.quit]x[/]") and len(driver.widths()) == 1


async def test_a_story_whose_database_went_away_is_told_once_it_is_back(
    stories: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.telling.AGAIN_S", 0.05)
    is_away = True
    story = Why.story

    def told_or_away(*args: Any, **words: Any) -> Story:  # noqa: ANN401
        if is_away:
            raise DatabaseUnavailable("No answer from db.example.")
        return story(*args, **words)

    monkeypatch.setattr(Why, "story", told_or_away)
    async with running(stories, OF_STOPPED, size=NARROW) as driver:
        await driver.press_now("w")
        await driver.until(lambda: driver.shows("This could not be read", "tried again by itself"))
        is_away = False
        await driver.until(lambda: driver.shows("It stopped working at 13:32"))
        is_away = True
        await driver.press_now("r")
        await driver.until(lambda: driver.shows("No answer from db.example."))
        assert driver.shows("It stopped working at 13:32"), "what is known stays"
        is_away = False
        await driver.until(lambda: not driver.shows("No answer from db.example."))
        await driver.settle()
        assert driver.shows("as of", "It stopped working at 13:32")

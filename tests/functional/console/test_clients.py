"""API clients by keys: the list, a client beside it, made and changed by forms, ended for a reason."""

import gc
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Key, Paste

from data.clients.model import ClientStatus, IssuedToken
from data.query import parse_query
from data.records import Change, Event
from data.services.api_clients import ApiClients
from data.services.audit_log import AuditLog
from data.tokens import new_token, read_token
from tests.functional.console.demo_log import END, ZONE, open_log
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.made_up_clients import BOB, fill_clients
from tests.unit.tui.made_up_events import HOSTILE
from tui.glyphs import ASCII, draw_with
from tui.screens.clients.form import ClientFormScreen
from tui.screens.clients.token_shown import TokenScreen

SMALL = (60, 20)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, SMALL], ids=["120x40", "80x24", "60x20"])


@pytest.fixture(scope="session")
def six_clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with six clients, to be copied."""
    made = tmp_path_factory.mktemp("clients") / "clients.db"
    fill_clients(made)
    return made


@pytest.fixture
def path(six_clients: Path, tmp_path: Path) -> Path:
    """The same for a test alone."""
    return Path(shutil.copy(six_clients, tmp_path / "clients.db"))


def console(path: Path) -> Callable[[], AuditLog]:
    return lambda: open_log(path)


def newest_events(path: Path, query: str = "type:api_client.*,token.* last:1h") -> list[Event]:
    log = open_log(path)
    found = list(log.page(parse_query(query)).items)
    log.close()
    return found


def types_of(events: list[Event]) -> set[str]:
    """What happened, in any order: the clock stands still."""
    return {event.type for event in events}


async def go_to(driver: Driver, name: str) -> None:
    """Put the cursor on a client, by its name."""
    await driver.press("2", "g")
    for _ in range(20):
        if any(line[0] == "▌" and name in line for line in driver.lines):
            return
        await driver.press("j")
    raise AssertionError(driver.text)


@SIZES
async def test_the_list_says_who_ends_soon_and_one_comes_to_each_client(path: Path, size: tuple[int, int]) -> None:
    async with running(console(path), size=size) as driver:
        await driver.press("2")
        assert driver.shows("6 clients", "! 3 end within 30 days", "Clients 3!")
        assert driver.shows("!   Grant reporting", "!!  Legacy HR feed", "!!! Night export", "revoked", "9 days ago")
        assert driver.widths() == {size[0]}
        await driver.press("j", "j", "j", "j", "enter")
        assert driver.shows("Takes salaries to the", "198.51.100.0/24", "Tokens  t")
        if size == WIDE:
            assert driver.shows("Grant reporting", "GET /v1/payments/"), (
                "the list stays, and there is room for requests"
            )
        await driver.press("escape")
        assert driver.shows("Grant reporting", "Website")


async def test_the_list_is_sorted_and_searched(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("2", "s", "e")
        names = [line[5:20].strip() for line in driver.lines[3:9]]
        assert names[:3] == ["Night export", "Legacy HR feed", "Grant reporting"] and names[-1] == "Old importer"
        await driver.press("slash")
        await driver.type("carla")
        assert driver.shows("2 of 6 clients", "Night export", "Old importer") and not driver.shows("Website")
        await driver.type("zzz")
        assert driver.shows("No client has this")
        await driver.press("escape")
        assert driver.shows("Website")


async def test_the_first_client_is_made_from_an_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    async with running(console(path), size=NARROW) as driver:
        await driver.press("2")
        assert driver.shows("There is no API client yet", "a makes the first one")
        await driver.press("a")
        await driver.type("Payroll sync")
        await driver.press("enter", "enter")
        await driver.type("Alice")
        await driver.press("enter")
        await driver.type("users:read orders:read")
        assert driver.shows("Thu 20 May 2027 24:00 UTC, in 181 days")
        await driver.press("enter", "enter")
        strips = driver.app.screen._compositor.render_strips()
        reversed_text = [part.text for strip in strips for part in strip if part.style and part.style.reverse]
        assert "2027-05-20" in reversed_text, "what the first letter takes away is seen to be marked"
        await driver.type("90 days")
        assert driver.shows("Thu 18 Feb 2027 24:00 UTC, in 90 days"), "what was proposed makes room"
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, TokenScreen) and driver.shows("adk_")
        last = next(line.strip() for line in driver.lines if line.strip().startswith("adk_"))[-4:]
        await driver.press("c")
        await driver.type(last)
        await driver.press("enter")
        assert driver.shows("Payroll sync", "active", "works, and is shown no more")
    assert types_of(newest_events(path)) == {"token.issued", "api_client.created"}


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_moves(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("2", "a")
        places = [number for number, line in enumerate(driver.lines) if line[2:6].strip()]
        await driver.type("payroll  SYNC")
        assert "There is a client named Payroll sync already." in driver.lines[3]
        await driver.press("ctrl+s")
        assert driver.shows("Not saved: one field is wrong.")
        await driver.press("up")
        for _ in range(10):
            await driver.press("backspace")
        await driver.type("2026-02-30")
        assert driver.shows("There is no 2026-02-30 in the calendar.")
        assert [number for number, line in enumerate(driver.lines) if line[2:6].strip()] == places
        await driver.press("escape", "g")
        assert driver.shows("2026-02-30")
        await driver.press("escape", "l")
        assert driver.shows("6 clients")
    assert newest_events(path) == []


async def test_letters_that_come_together_with_the_step_to_the_next_field_are_its_own(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("2", "a")
        for key in ("N", "o", "enter", "w", "h", "y", "tab", "m", "e", "up", "s"):
            driver._send(key)
        await driver.settle()
        texts = [line[15:].strip() for line in driver.lines if line[2:15].strip() in ("Name", "Description", "Owner")]
        assert texts == ["No", "whys", "me"]


async def test_a_form_that_was_saved_before_it_was_in_sight_says_that_it_was_not(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("2", "a")
        await driver.type("Notes")
        early = Key("ctrl+s", None)
        early.time = 0.0
        driver.app.post_message(early)
        await driver.settle()
        assert driver.shows("Not saved: ctrl+s came before this was in sight.")
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, TokenScreen)


async def test_the_later_of_two_editors_decides_field_by_field(path: Path) -> None:
    async with running(console(path), size=WIDE) as driver:
        await go_to(driver, "Website")
        await driver.press("e", "down", "down", "ctrl+e")
        await driver.type(" and I")
        log = open_log(path)
        website = log.clients.find("Website")
        theirs = replace(
            website.details, owner="Carla Ruiz", description="The shop", scopes=("orders:read", "users:read")
        )
        log.clients.edit(BOB, website, theirs)
        await driver.press("ctrl+s")
        assert driver.shows("Meanwhile somebody changed description, owner and scopes", "theirs: Carla Ruiz")
        assert driver.shows("The shop", "before: The public site"), "what one has not touched is theirs"
        await driver.press("ctrl+s")
        assert driver.shows("Both changed owner")
        await driver.press("m")
        assert driver.shows("Saved: Website")
        now = log.clients.find("Website").details
        log.close()
    assert now.owner == "Bob Okafor and I" and now.scopes == theirs.scopes
    changes = [change for event in newest_events(path) for change in event.changes]
    assert Change("owner", "Carla Ruiz", "Bob Okafor and I") in changes


async def test_an_update_is_put_back_through_the_form(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        (update,) = newest_events(path, "type:api_client.updated last:all")
        await driver.press("slash", "ctrl+u")
        await driver.type("type:api_client.updated last:all")
        await driver.press("enter", "b")
        await driver.until(lambda: isinstance(driver.app.screen, ClientFormScreen))
        assert driver.shows("Put back Payroll sync", "2027-03-12", "today: 2027-03-10")
        await driver.press("ctrl+s")
        assert driver.shows("Saved: Payroll sync")
    (newest,) = newest_events(path)
    assert newest.data["puts_back"] == str(update.id)
    assert [(one.field, one.after) for one in newest.changes] == [("expires", "2027-03-12")]


@pytest.fixture
def issued(monkeypatch: pytest.MonkeyPatch) -> list[IssuedToken]:
    """The tokens that are made from now on."""
    made: list[IssuedToken] = []
    rotate = ApiClients.rotate

    def rotate_and_tell(*args: object, **words: object) -> IssuedToken:
        made.append(rotate(*args, **words))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(ApiClients, "rotate", rotate_and_tell)
    return made


def test_a_pasted_token_is_reduced() -> None:
    """What the next test pastes is one."""
    assert read_token(new_token().reveal())


async def test_a_token_is_seen_once_and_nothing_of_it_stays(path: Path, issued: list[IssuedToken]) -> None:
    async with running(console(path), size=NARROW) as driver:
        await go_to(driver, "Website")
        await driver.press("t", "r", "d")
        whole = issued[0].token.reveal()
        public_id = issued[0].token.public_id
        assert driver.shows(whole, "goes on working, through Fri 27 Nov 2026")
        for key in ("escape", "q", "2", "ctrl+q", "question_mark", "colon"):
            await driver.press(key)
            await driver.press("escape")
            assert isinstance(driver.app.screen, TokenScreen), key
            if "last four" in driver.text:
                await driver.press("escape")
        await driver.press("y")
        assert driver.app.clipboard == whole and "token.copied" in types_of(newest_events(path))
        await driver.press("c")
        await driver.type("nope")
        await driver.press("enter")
        assert isinstance(driver.app.screen, TokenScreen) and driver.shows("not its last four")
        await driver.press("ctrl+u")
        await driver.type(whole[-4:])
        await driver.press("enter")
        assert driver.shows(f"{public_id} is handed over.") and whole not in driver.text
        issued.clear()
        backwards = whole[::-1]
        del whole
        await driver.press("j", "k")
        assert _holders_of(backwards) == []


def _holders_of(backwards: str) -> list[object]:
    """Whatever is still there and has the secret, or most of it, in its attributes, items or variables.

    It is given backwards, so that the test itself does not have it.
    """
    gc.collect()
    part = backwards[::-1][13:40]
    found = []
    for thing in gc.get_objects():
        for text in gc.get_referents(thing):
            if type(text) is str and text is not part and part in text:
                found.append(thing)
    return found


async def test_a_token_is_saved_for_its_owner_alone_and_never_over_a_file(
    path: Path, tmp_path: Path, issued: list[IssuedToken], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(console(path), size=NARROW) as driver:
        await go_to(driver, "Website")
        await driver.press("t", "r", "d")
        await driver.press("s", "ctrl+u")
        await driver.type("clients.db")
        assert driver.shows("There is something already"), driver.text
        await driver.press("ctrl+u")
        await driver.type("website.token")
        await driver.press("enter")
        assert driver.shows("Saved to")
        saved = tmp_path / "website.token"
        assert saved.read_text() == issued[0].token.reveal() + "\n" and stat.S_IMODE(saved.stat().st_mode) == 0o600
        assert "token.saved" in types_of(newest_events(path))
        await driver.press("x", "e")
        assert driver.shows("was ended")
    assert "token.ended" in types_of(newest_events(path))


async def test_on_a_shared_database_no_token_is_saved_to_a_file(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuditLog, "is_embedded", False)
    monkeypatch.setenv("HOME", str(tmp_path))
    async with running(console(path), size=NARROW) as driver:
        await go_to(driver, "Website")
        await driver.press("t", "r", "d")
        await driver.press("s")  # once the token was seen: before that, keys mean nothing there
        assert driver.shows("Only with a database of your own"), driver.text
    assert not any(tmp_path.glob("*.token")) and "token.saved" not in types_of(newest_events(path))


async def test_a_client_is_revoked_for_a_reason_that_was_written_after_it_was_seen(path: Path) -> None:
    async with running(console(path), size=NARROW) as driver:
        await go_to(driver, "Payroll sync")
        for key in ("x", "y", "e", "s", "enter"):
            driver._send(key)  # all of it before anything of the question could be seen
        await driver.settle()
        assert driver.shows("Revoke Payroll sync", "last used 3 min ago", "12 today, 40 in 7 days")
        assert not driver.shows(" yes")
        await driver.press("enter")
        assert driver.shows("Say why; it stands in the log.")
        await driver.type("leaked on a wiki")
        await driver.press("enter")
        assert driver.shows("Payroll sync was revoked.", "revoked")
        await driver.press("e")
        assert driver.shows("Payroll sync was revoked: all that is left")
        await driver.press("D")
        await driver.type("gone")
        await driver.press("enter")
        assert driver.shows("5 clients", "was deleted")
        await driver.press("1", "r", "d", "a")
        assert driver.shows("Token rotated  Payroll sync  (deleted)"), "no card of it leads to it any more"
    assert {(event.type, event.reason) for event in newest_events(path)} == {
        ("api_client.revoked", "leaked on a wiki"),
        ("api_client.deleted", "gone"),
    }


@pytest.mark.parametrize(("key", "end"), [("x", "revoked"), ("D", "deleted")])
async def test_of_two_consoles_that_end_a_client_the_second_is_told(path: Path, key: str, end: str) -> None:
    async with running(console(path), size=NARROW) as driver:
        await go_to(driver, "Website")
        await driver.press(key)
        await driver.type("mine")
        log = open_log(path)
        ending = log.clients.revoke if end == "revoked" else log.clients.delete
        ending(BOB, log.clients.find("Website").id, "theirs")
        log.close()
        await driver.press("enter")
        assert driver.shows(f"Website was {end} already. esc goes back."), driver.text
        await driver.press("escape", "r")
        assert driver.shows("6 clients" if end == "revoked" else "5 clients")
    assert [event.reason for event in newest_events(path, f"type:api_client.{end} last:1h")] == ["theirs"]


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "x\n" * 500_000, "\u202e" * 1_000_000], ids=["x", "lines", "hostile"]
)
async def test_a_megabyte_as_a_name_is_refused_beside_the_field(path: Path, text: str) -> None:
    async with running(console(path), size=NARROW) as driver:
        await driver.press("2", "a")
        driver.app.post_message(Paste(text))
        await driver.settle()
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, ClientFormScreen)
        assert driver.shows("At most 100 characters, this has ", "Not saved: one field is wrong."), driver.text
        assert driver.widths() == {NARROW[0]}
    assert newest_events(path) == []


async def test_who_ends_soon_is_counted_before_one_goes_to_the_clients(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app._FIRST_COUNT_S", 0.01)
    async with running(console(path)) as driver:
        await driver.until(lambda: driver.shows("Clients 3!"))
        assert driver.shows("Audit log")


async def test_a_whole_token_in_a_field_is_its_public_id(path: Path) -> None:
    secret = new_token()
    async with running(console(path), size=NARROW) as driver:
        await driver.press("2", "slash")
        driver.app.post_message(Paste(secret.reveal()))
        await driver.settle()
        assert driver.shows(secret.public_id) and not driver.shows(secret.reveal()[14:30])
        await driver.press("escape", "a")
        driver.app.post_message(Paste(f"for {secret.reveal()}"))
        await driver.settle()
        assert driver.shows(f"for {secret.public_id}") and not driver.shows(secret.reveal()[14:30])


@SIZES
async def test_hostile_names_are_shown_and_do_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    """No service takes such a name; a database may hold it all the same."""
    path = tmp_path / "hostile.db"
    fill_clients(path)
    log = open_log(path)
    with log._database.writing() as work:
        for client in log.clients.all().clients:
            details = replace(client.details, name=f"{client.id} {HOSTILE}", description=HOSTILE, owner=HOSTILE)
            work.clients.change(replace(client, details=details, revoke_reason=HOSTILE))
        work.commit()
    log.close()
    async with running(console(path), size=size) as driver:
        for keys in (("2", "enter"), ("escape", "e"), ("escape", "x"), ("escape", "t"), ("escape", "y")):
            await driver.press(*keys)
            assert driver.widths() == {size[0]}
            assert all(character.isprintable() or character == "\n" for character in driver.text)


async def test_the_simplest_terminal_can_show_it(path: Path) -> None:
    draw_with(ASCII)
    async with running(console(path), size=WIDE, theme="terminal") as driver:
        for keys in (("2", "G", "k"), ("enter",), ("x",), ("escape", "t", "r", "d")):
            await driver.press(*keys)
            assert driver.text.isascii() and "<U+" not in driver.text, driver.text
            assert driver.widths() == {WIDE[0]}


async def test_from_a_client_to_its_log_and_requests_and_back(path: Path) -> None:
    async with running(console(path), size=WIDE) as driver:
        await go_to(driver, "Payroll sync")
        await driver.press("l")
        assert driver.query.startswith("client:c-") and driver.shows("Token rotated")
        await driver.press("escape")
        assert driver.shows("6 clients", "Payroll sync")
        await driver.press("R")
        assert driver.shows("GET /v1/payments/")
        await driver.press("o")
        assert driver.shows("6 clients", "Tokens  t")
        assert driver.focused == "client"
        await driver.press("w")
        assert driver.shows("Payroll sync") and not driver.shows("6 clients")
        await driver.press("escape")
        assert driver.shows("6 clients")


def test_the_made_up_clients_are_of_every_state(path: Path) -> None:
    log = open_log(path)
    states = {client.status(END, ZONE) for client in log.clients.all().clients}
    log.close()
    assert states == {ClientStatus.ACTIVE, ClientStatus.EXPIRING, ClientStatus.REVOKED}

"""Terminals of several kinds at the console, through a real sshd: driven, resized, printed on, copied to, and lost."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest

from data.access.model import SessionEnd
from data.clock import system_clock
from data.permissions import Permission
from data.query import parse_query
from data.records import Event
from data.services.audit_log import AuditLog
from data.store import Database
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.benchmarks.screen import Screen
from tests.functional.ssh.link import Link, link_to
from tests.functional.ssh.sshd import Sshd, running_sshd
from tests.integration.events import UTC_ZONE, append, plain_drafts
from tests.integration.members import put_member
from tests.integration.postgres_server import PostgresServer

pytestmark = pytest.mark.postgres

_PATIENCE_S = 30.0
_LOOK_S = 0.02
_ENDS_WITHIN_S = 5.0
"""Without a terminal; a busy machine has three times as long."""
_WIDE, _NARROW, _TINY = Size(100, 24), Size(80, 20), Size(30, 9)
_A_WHILE_S = 0.3
_TMUX = shutil.which("tmux")
_CTRL_Q, _CTRL_Z = "\x11", "\x1a"
_SETTINGS = """
database = "{address}"
as_owner = true
log_file = "{{folder}}/operational.log"
state_file = ""
"""
_DECK = "(?s) events.*j k move"
_WHOLE = r"(?s)\A(?!.*enter goes back) auditdeck [^\n]*live \n.*all keys \Z"
"""The deck from the first cell to the last, whose rows end a cell before the terminal's do."""
_QUERY = "type:project.created last:all"


@dataclass
class Visit:
    """One session at the console: the terminal that somebody sits at, what they see, and the line that leads there."""

    terminal: PseudoTerminal
    link: Link
    others: frozenset[int]
    """Processes of the server's that were there before."""
    screen: Screen = field(init=False)

    def __post_init__(self) -> None:
        self.screen = Screen(self.terminal)

    def type(self, keys: str) -> None:
        self.terminal.write(keys.encode())

    def see(self, pattern: str) -> str:
        """All rows, as soon as what the pattern matches is among them in a whole frame."""
        end = monotonic() + _PATIENCE_S
        while self.screen.take_in(_LOOK_S) or self.screen.is_in_frame or not re.search(pattern, self.screen.text()):
            assert monotonic() < end, f"{pattern!r} is not among what is seen:\n{self.screen.text()}"
        return self.screen.text()

    def resize(self, size: Size) -> None:
        self.terminal.resize(size)
        self.screen.resize()

    def end(self) -> int:
        """The exit status of ssh, once it has ended."""
        with suppress(EOFError):
            while True:
                self.screen.take_in(_PATIENCE_S)
        return self.terminal.wait(_PATIENCE_S)


@dataclass(frozen=True)
class House:
    """A database behind an sshd that knows Tess, who may read it."""

    sshd: Sshd
    log: AuditLog
    key: Path

    def way(self, link: Link) -> list[str]:
        """The command line that leads to the console over this link."""
        return self.sshd.words(self.key, "-tt", port=link.port)

    @property
    def operational_log(self) -> str:
        return (self.sshd.folder / "operational.log").read_text()

    @property
    def oldest(self) -> Event:
        """Of those that `_QUERY` asks for."""
        return self.log.page(parse_query(_QUERY), limit=100).items[-1]

    def newest(self, query: str) -> Event:
        return self.log.page(parse_query(f"{query} last:all"), limit=1).items[0]

    def end_of(self, visit: Visit) -> tuple[SessionEnd | None, str]:
        """How its session, the newest, has ended by the list of sessions, and by the log, once there is no process any more."""
        end = monotonic() + 3 * _ENDS_WITHIN_S
        while not visit.others.issuperset(self.sshd.processes()):
            assert monotonic() < end, "the console goes on without a terminal"
            sleep(_LOOK_S)
        newest = max(self.log.access.read().sessions, key=lambda one: one.began_at)
        told = self.newest("type:session.*")
        assert told.session_id == newest.id
        return newest.ending, told.type


def _yesterday_at_ten() -> datetime:
    """The console behind sshd goes by the clock on the wall, and opens on the last month: they have happened in it."""
    return (system_clock() - timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def house(server: PostgresServer) -> Iterator[House]:
    with server.migrated_database() as address, closing(Database(address)) as database:
        tess = put_member(database, "m-tess", "Tess Roe", (Permission.ADMIN,))
        append(database, plain_drafts(60, start=_yesterday_at_ten()))
        with running_sshd(_SETTINGS.format(address=address)) as sshd, closing(AuditLog(address, UTC_ZONE)) as log:
            key = sshd.key("tess")
            log.keys.register(tess, "m-tess", key.with_suffix(".pub").read_text())
            yield House(sshd, log, key)


@contextmanager
def _visiting(house: House, term: str, words: Sequence[str] = (), link: Link | None = None) -> Iterator[Visit]:
    """At a terminal of this kind; `words` are typed at it in place of the way to the house."""
    environment = {name: value for name, value in os.environ.items() if name not in ("TMUX", "COLORTERM", "NO_COLOR")}
    environment |= {"TERM": term, "LANG": "C.UTF-8"}
    with ExitStack() as stack:
        link = stack.enter_context(link_to(house.sshd.port)) if link is None else link
        others, words = frozenset(house.sshd.processes()), words or house.way(link)
        terminal = on_terminal(words, environment, _WIDE, Deadline(20 * _PATIENCE_S), is_controlling=True)
        yield Visit(stack.enter_context(terminal), link, others)


@pytest.fixture(scope="module")
def visit(house: House) -> Iterator[Visit]:
    """One that several tests make use of; each leaves it at the deck."""
    with _visiting(house, "xterm-256color") as opened:
        opened.see(_DECK)
        yield opened
        opened.type(_CTRL_Q)
        assert opened.end() == 0


@dataclass(frozen=True)
class Keyboard:
    """What the keys of a terminal send that are no characters."""

    end: str
    down: str = "\x1b[B"
    backspace: str = "\x7f"
    f1: str = "\x1bOP"


_XTERM = Keyboard(end="\x1b[F")
_OLDER = {
    "linux": Keyboard(end="\x1b[4~", f1="\x1b[[A"),
    "vt100": Keyboard(end="\x1b[F", down="\x1bOB", backspace="\x08"),
}


def _do_a_small_task(visit: Visit, keys: Keyboard) -> None:
    """From the deck to the oldest event of a query, into its card, to the help, and back."""
    visit.see("events")
    visit.type("/")
    visit.see("enter ask")
    visit.type(f"{_QUERY}\r")
    visit.see(r"(?s)60 events.*10:00:59")
    visit.type(keys.down)
    visit.see("[▌>]10:00:58")
    visit.type(keys.end)
    visit.see("[▌>]10:00:00")
    visit.type("\r")
    card = "(?s)60 of 60.*Context.*J next"
    visit.see(card)
    visit.type(keys.f1)
    visit.see(r"\A *auditdeck  Help")
    visit.type(keys.backspace)
    visit.see(card)
    visit.type(keys.backspace)
    visit.see("[▌>]10:00:00")


def test_a_small_task_is_done_by_keys(visit: Visit) -> None:
    _do_a_small_task(visit, _XTERM)


@pytest.mark.parametrize(("term", "lose"), [("linux", "kill ssh"), ("vt100", "break the link")])
def test_a_small_task_is_done_at_an_older_terminal_and_its_loss_ends_the_session(
    house: House, term: str, lose: str
) -> None:
    with _visiting(house, term) as visit:
        _do_a_small_task(visit, _OLDER[term])
        assert visit.screen.text().isascii()
        if lose == "kill ssh":
            visit.terminal.kill()
        else:
            visit.link.take_nothing()
            visit.type("k" * 50)
            sleep(_A_WHILE_S)
            visit.link.cut()
        assert house.end_of(visit) == (SessionEnd.LOST, "session.lost")
    assert house.newest("type:session.signed_in").data["terminal"] == term
    assert "Traceback" not in house.operational_log


def test_on_a_dumb_terminal_there_is_one_sentence(house: House) -> None:
    with _visiting(house, "dumb") as visit:
        assert visit.end() == 2
        assert visit.screen.text().replace("\n", "").rstrip() == (
            "auditdeck: The console cannot be drawn on this terminal (TERM is dumb). "
            "Without it there are export, events, event, requests, verify, clients."
        )


def test_it_fits_each_size_that_the_terminal_takes(visit: Visit) -> None:
    visit.see(_DECK)
    for size in (_NARROW, _TINY, _WIDE):
        visit.resize(size)
        shown = visit.see("needs 40 x 12" if size is _TINY else _WHOLE).split("\n")
        assert [len(row) for row in shown] == [size.columns] * size.rows


def test_of_many_sizes_in_a_row_the_last_one_is_shown(visit: Visit) -> None:
    visit.see(_DECK)
    for columns in (*range(_NARROW.columns, _WIDE.columns), _WIDE.columns + 9):
        visit.resize(Size(columns, _WIDE.rows))
    shown = visit.see(_WHOLE).split("\n")
    assert [len(row) for row in shown] == [_WIDE.columns + 9] * _WIDE.rows


def test_what_is_printed_leads_to_no_shell_and_back_to_the_deck(visit: Visit) -> None:
    visit.see(_DECK)
    visit.type("yp")
    visit.see("enter goes back to auditdeck")
    visit.type(f"{_CTRL_Z}\r")
    visit.see(_WHOLE)


@pytest.mark.skipif(_TMUX is None, reason="there is no tmux here (Debian: apt-get install tmux)")
@pytest.mark.parametrize("term", ["tmux-256color", "screen"])
def test_in_tmux_a_small_task_is_done_and_what_is_copied_is_in_its_buffer(house: House, term: str) -> None:
    with ExitStack() as stack:
        link, tmux = stack.enter_context(link_to(house.sshd.port)), stack.enter_context(_tmux(house, term))
        words = [*tmux, "new-session", shlex.join(house.way(link))]
        with _visiting(house, "xterm-256color", words, link) as visit:
            _do_a_small_task(visit, _XTERM)
            visit.type("yi")
            visit.see("Sent to the terminal")
            oldest = house.oldest
            shown = subprocess.run([*tmux, "show-buffer"], capture_output=True, check=True, timeout=_PATIENCE_S)
            assert shown.stdout.decode() == str(oldest.id)
            visit.type(_CTRL_Q)
            assert visit.end() == 0
        assert house.end_of(visit) == (SessionEnd.SIGNED_OUT, "session.signed_out")
    assert house.newest("type:session.signed_in").data["terminal"] == term


@contextmanager
def _tmux(house: House, term: str) -> Iterator[list[str]]:
    """The command line of a tmux of its own, which calls its terminals `term` and has a clipboard."""
    assert _TMUX is not None
    settings = house.sshd.folder / f"{term}.conf"
    settings.write_text(f"set -g default-terminal {term}\nset -s set-clipboard on\nset -g status off\n")
    words = [_TMUX, "-S", str(house.sshd.folder / f"{term}.tmux"), "-f", str(settings)]
    try:
        yield words
    finally:
        subprocess.run([*words, "kill-server"], capture_output=True, check=False, timeout=_PATIENCE_S)

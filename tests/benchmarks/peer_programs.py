"""This console and other programs for the terminal, each brought to where it shows the same events in a list."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from data.records import Draft
from tests.benchmarks.consoles import CONSOLE_PAINT, FIRST_CARDS, console_words
from tests.benchmarks.keys import PAGE_DOWN
from tests.benchmarks.made_up_events import drafts
from tests.benchmarks.workplace import Workplace

CONSOLE = "auditdeck"
_DOWN, _HOME = b"\x1b[B", b"\x1b[H"
_JSON_LINE = r'"id":"01'
_QUERY = b"select * from event order by at desc limit 500"
_RUN_QUERY = b"\n"
_FIRST_LINE = r"│ +1 "
"""Its number: there is an editor to type into."""
_REQUESTS = 200
_MOST = 1_000_000
"""What the others are given; the console has all events."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program, and how it is used here. Patterns are what the screen shows, keys what is typed."""

    name: str
    words: Callable[[Workplace], tuple[str, ...]]
    paint: str
    data: str
    opening: tuple[tuple[str, bytes], ...] = ()
    """What is waited for before the data is there, and typed then."""
    before: bytes = b""
    """Typed once the data is there, so that the first of the keys has somewhere to go."""
    down: bytes = _DOWN
    page: bytes = PAGE_DOWN
    variables: tuple[tuple[str, str], ...] = ()

    def environment(self, place: Workplace) -> dict[str, str]:
        """Nobody's settings; only the console is run from this source."""
        home = place.folder / "home"
        home.mkdir(exist_ok=True)
        environment = place.environment(HOME=str(home), **dict(self.variables))
        if self.name != CONSOLE:
            del environment["PYTHONPATH"]
        return environment


def installed() -> Iterator[Peer]:
    """This console, and those of the others that are here."""
    return (peer for peer in _PEERS if peer.name == CONSOLE or shutil.which(_program(peer)) is not None)


def missing() -> list[str]:
    """The names of the others."""
    here = {peer.name for peer in installed()}
    return [peer.name for peer in _PEERS if peer.name not in here]


def events_table(place: Workplace) -> Path:
    """A SQLite file with all events in columns; written when it is asked for first."""
    path = place.folder / "columns.db"
    if not path.exists():
        with closing(sqlite3.connect(path)) as database:
            database.execute(
                "CREATE TABLE event (at TEXT PRIMARY KEY, type TEXT, outcome TEXT, actor TEXT, ip TEXT, reason TEXT)"
            )
            database.executemany(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", map(_columns, drafts(min(place.events, _MOST)))
            )
            database.commit()
    return path


def requests_folder(place: Workplace) -> Path:
    """A folder of HTTP requests with the names of events: the program that it is for has no other list."""
    folder = place.folder / "requests"
    if not folder.exists():
        folder.mkdir()
        for number, draft in enumerate(drafts(_REQUESTS)):
            name = f"{number:03d} {draft.type}"
            text = f"name: {name}\nmethod: GET\nurl: http://localhost/{number}\n"
            (folder / f"{number:03d}.posting.yaml").write_text(text)
    return folder


def _lines(place: Workplace) -> Path:
    return place.exported(min(place.events, _MOST))


def _columns(draft: Draft) -> tuple[str | None, ...]:
    actor = None if draft.actor is None else draft.actor.name
    return (draft.occurred_at.isoformat(), draft.type, draft.outcome, actor, draft.ip, draft.reason)


def _program(peer: Peer) -> str:
    return "tl" if peer.name == "toolong" else peer.name


_PEERS = (
    Peer(CONSOLE, console_words, CONSOLE_PAINT, FIRST_CARDS, down=b"j"),
    Peer(
        "harlequin",
        lambda place: ("harlequin", "-a", "sqlite", str(events_table(place))),
        paint="Data Catalog",
        data=r"\d{4}-\d\d-\d\dT\d\d:",
        opening=(("Database Connected", b""), (_FIRST_LINE, _QUERY + _RUN_QUERY)),
    ),
    Peer("toolong", lambda place: ("tl", str(_lines(place))), "Help", _JSON_LINE, before=_HOME),
    Peer(
        "posting",
        lambda place: ("posting", "--collection", str(requests_folder(place))),
        paint="Collection",
        data=re.escape("000 "),
        variables=(("POSTING_FOCUS__ON_STARTUP", "collection"),),
    ),
    # In it, j is a line down, whatever the arrow's bytes are to the terminal.
    Peer(
        "lnav",
        lambda place: ("lnav", str(_lines(place))),
        "TEXT|LOG",
        _JSON_LINE,
        before=b"g",
        down=b"j",
    ),
    Peer("htop", lambda _: ("htop",), "Command", r"\n *\d+ \w+ +-?\d+ "),
)

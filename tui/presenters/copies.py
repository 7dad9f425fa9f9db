"""What can be copied: an event and the query in the forms in which they are of use elsewhere, each safe for any terminal."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from data.hostile import made_visible
from data.query import EventQuery, print_query
from data.records import Event, Json
from tui.presenters.choices import Choice
from tui.presenters.detail import DetailKey
from tui.presenters.event_table import event_table
from tui.presenters.event_text import event_lines
from tui.terminal import json_text

PRINT_IT = "p"
CARD = "card"


@dataclass(frozen=True, slots=True)
class Copy:
    """Something to copy: what it is called; its text, which drives no terminal; and what is said of it, a line.

    `is_altered` for a text in which characters were made visible, so that it is not the very one that is in the log.
    """

    name: str
    make: Callable[[], str]
    said: str
    is_altered: bool = False


@dataclass(frozen=True, slots=True)
class Taking:
    """What is to be done with a copy: sent to the terminal's clipboard, or printed."""

    copy: Copy
    is_printed: bool = False


def json_copy(event: Event, as_json: Callable[[Event], Mapping[str, Json]]) -> Copy:
    """The event in the form that can be imported, on one line."""
    return Copy("JSON", lambda: json_text(dict(as_json(event))), f"JSON of {event.id}, on one line")


def row_copies(key: DetailKey) -> list[Choice[Copy]]:
    """The value of a row of the open card, and for one that names somebody the name too."""
    choices = [] if key.text is None else [_choice("v", "value", key.text)]
    return choices if key.name is None else [*choices, _choice("n", "name", key.name)]


def event_copies(event: Event, as_json: Callable[[Event], Mapping[str, Json]], zone: ZoneInfo) -> list[Choice[Copy]]:
    """An event, from its id to all of it."""
    (line,) = event_table([event], zone).lines
    card = Copy(CARD, lambda: "\n".join(map(made_visible, event_lines(event, zone))), "all of the card as text")
    json = json_copy(event, as_json)
    return [
        _choice("i", "id", str(event.id)),
        _choice("l", "line", line),
        Choice("t", "text", "All of the card as text, as `auditdeck event` writes it", card),
        Choice("j", "JSON", "All of the event as JSON on one line, in the form that can be imported", json),
    ]


def query_copies(
    query: EventQuery, database: str | None, zone: ZoneInfo, command: str = "events", way: Sequence[str] = ()
) -> list[Choice[Copy]]:
    """A query to be typed, and the command whose answer it has. `database` is its address without a password, or None;
    `way` the words with which one came here over ssh.
    """
    text = print_query(query)
    line = ssh_line(way, text, zone, command) if way else command_line(text, database, zone, command)
    return [_choice("q", "query", text), _choice("c", "command", line)]


def ssh_line(way: Sequence[str], query: str, zone: ZoneInfo, command: str = "events") -> str:
    """The command that brings what a query selects over ssh, quoted for the shell here and for the other end."""
    taken = "export" if command == "events" else command
    return shlex.join([*way, shlex.join([taken, query, "--zone", zone.key])])


def export_line(
    way: Sequence[str], query: str, database: str | None, zone: ZoneInfo, tag: str | None, file: str
) -> str:
    """The command that writes all of what a query selects to `file`: here, or with a `way` from the other end of ssh.

    `tag` is its format, None for the one that it is by default.
    """
    words = [query, "--zone", zone.key, *(() if tag is None else ("--format", tag))]
    if way:
        return f"{shlex.join(way)} {_quoted_whole(shlex.join(['export', *words]))} > {shlex.quote(file)}"
    at = () if database is None else ("--database", database)
    return shlex.join(["auditdeck", "export", *words, *at, "--to", file])


def _quoted_whole(text: str) -> str:
    """Quoted for a shell: in double quotes, where these suffice, as single ones within single ones nobody can read."""
    return f'"{text}"' if not set(text) & set('"$`\\!') else shlex.quote(text)


def command_line(query: str, database: str | None, zone: ZoneInfo, command: str = "events") -> str:
    """The command that lists what a query selects, quoted for a POSIX shell."""
    words = ["auditdeck", command, query]
    if database is not None:
        words += ["--database", database]
    return shlex.join([*words, "--zone", zone.key])


def takings(copies: list[Choice[Copy]], offered: Copy | None) -> list[Choice[Taking]]:
    """Each copy to be sent, and what was offered last to be printed: by default the card, or what there is instead."""
    default = next((choice for choice in copies if choice.value.name == CARD), copies[0])
    printed = offered or default.value
    print_it = f"Print on the normal screen, for the terminal's own selection: {printed.said}"
    return [
        *(Choice(choice.letter, choice.name, choice.meaning, Taking(choice.value)) for choice in copies),
        Choice(PRINT_IT, "print", print_it, Taking(printed, is_printed=True)),
    ]


def _choice(letter: str, name: str, text: str) -> Choice[Copy]:
    shown = made_visible(text)
    return Choice(letter, name, shown, Copy(name, lambda: shown, f"{name} {shown}", is_altered=shown != text))

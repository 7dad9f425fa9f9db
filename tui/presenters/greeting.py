"""The one line with which the console begins: what is amiss with one's keys, else one's last query, else the first keys."""

from dataclasses import dataclass

from data.query import EventQuery, print_query
from tui.glyphs import glyphs
from tui.keymap import BY_ID, key_of, keys_of
from tui.presenters.pieces import Role

_FIRST_KEYS = (
    ("app.help", "shows all keys"),
    ("log.find", "searches"),
    ("log.filters", "filters"),
    ("deck.open", "opens a card"),
    ("app.palette", "finds commands"),
)


@dataclass(frozen=True, slots=True)
class Greeting:
    """A line for the last row, until the first key: texts, the longest first, of which the first that has room is shown."""

    texts: tuple[str, ...]
    role: Role


def greeting(remark: str | None, last_query: EventQuery | None, *, is_first: bool) -> Greeting | None:
    """What there is to say. `remark` is about the person's own keys; `last_query` is one that redo goes to."""
    if remark is not None:
        return Greeting((remark,), Role.DENIED)
    if last_query is not None and keys_of("log.redo"):
        return Greeting((f"{key_of('log.redo')} takes up your last query: {print_query(last_query)}",), Role.TEXT)
    if is_first:
        there = [(name, words) for name, words in _FIRST_KEYS if keys_of(name)]
        short = [f"{key_of(name)} {BY_ID[name].short}" for name, _ in there]
        forms = (
            [f"{key_of(name)} {words}" for name, words in there],
            *(short[:many] for many in range(len(short), 0, -1)),
        )
        return Greeting(tuple(f" {glyphs().dot} ".join(entries) for entries in forms), Role.TEXT)
    return None

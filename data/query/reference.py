"""The query language as data: for `auditdeck filters`, for help and completion, and for the hints of errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data.catalogue import Tab
from data.query.lexing import MOST_CHARACTERS
from data.query.model import Key, Presence, Shelf
from data.query.spans import EVERYTHING, RELATIVE
from data.records import Json, Outcome

SORTS = ("desc", "asc")

SORT_DESCRIPTIONS: Mapping[str, str] = MappingProxyType({"desc": "newest first", "asc": "oldest first"})

WRITING = (
    "Clauses stand side by side, and all of them have to hold; the same key twice is two clauses.",
    "Several values of one clause are separated by commas; any of them may fit.",
    "A minus before a clause excludes what it fits.",
    "Double quotes keep spaces, commas and colons together; a backslash takes its meaning from the next character.",
    "* stands for any run of characters, in quotes too; in free text it is a star.",
    "Names are compared without regard to case, ids exactly.",
    "Without a time and without id:, the last 30 days are meant.",
    "Archived events are answered with in:archive alone, or by their whole ids.",
    f"A query has at most {MOST_CHARACTERS:,} characters.",
)
"""The rules that hold for every key, one sentence each."""


@dataclass(frozen=True, slots=True)
class KeyReference:
    """One key: what it asks, and how its values are written.

    `choices` are values to pick from, word for word; `forms` are examples of the values that one writes oneself.
    `also` are other words that are understood before the colon, and never printed.
    """

    key: Key
    asks: str
    example: str
    choices: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    several: bool = True
    excludable: bool = True
    also: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What stands before the colon; empty for free text, which has none."""
        return "" if self.key is Key.TEXT else self.key.value

    @property
    def hint(self) -> str:
        """What is right after this key, as a sentence."""
        ways = []
        if self.choices:
            ways.append(f"one of {', '.join(self.choices)}")
        if self.forms:
            ways.append(f"written like {', '.join(self.forms)}")
        sentence = ", or ".join(ways)
        return f"{sentence[0].upper()}{sentence[1:]}."

    def as_json(self) -> dict[str, Json]:
        """The same as an object of plain values."""
        return {
            "key": self.key.value,
            "word": self.word,
            "also": [*self.also],
            "asks": self.asks,
            "choices": [*self.choices],
            "forms": [*self.forms],
            "several": self.several,
            "excludable": self.excludable,
            "example": self.example,
        }


_MOMENTS = ("2026", "2026-q3", "2026-11", "2026-11-20", "2026-11-20t10:00", "2026-11-20t10:00:00.5+01:00")

REFERENCE: tuple[KeyReference, ...] = (
    KeyReference(Key.TYPE, "Which type of event is it?", "type:api_client.*", forms=("api_client.updated", "token.*")),
    KeyReference(Key.TAB, "Which tab shows it?", "tab:admin", choices=tuple(Tab)),
    KeyReference(Key.OUTCOME, "How did it end?", "outcome:failure,denied", choices=tuple(Outcome)),
    KeyReference(Key.ACTOR, "Who did it, by id or name?", 'actor:"Alice Moss"', forms=("m-42", '"Alice Moss"', "ali*")),
    KeyReference(
        Key.CLIENT,
        "Which API client does it concern, by id or name?",
        "client:payroll*",
        forms=("c-77", '"Payroll sync"'),
    ),
    KeyReference(
        Key.TARGET,
        "What was it done to, by id or name? For a request, its action; action: means the same.",
        "target:c-77",
        forms=("c-77", '"Payroll sync"'),
        also=("action",),
    ),
    KeyReference(Key.SERVICE, "Which service did it happen in?", "-service:console", forms=("console", "pay*")),
    KeyReference(
        Key.IP,
        "Which address or network did it come from?",
        "ip:198.51.100.0/24",
        forms=("198.51.100.7", "198.51.100.0/24", "2001:db8::/32", "198.51.*"),
    ),
    KeyReference(
        Key.DURATION,
        "How long did it take? Units are ms (if none is given), s, m and h.",
        "duration:>500ms",
        forms=(">500ms", ">=2s", "<1m", "<=1.5s", "100ms..2s", "250"),
    ),
    KeyReference(
        Key.ID,
        "Which event is it, by its id?",
        "id:018c2f3e-*",
        forms=("018c2f3e-5a70-7d3a-9c1b-0242ac120002", "018c2f3e*"),
    ),
    KeyReference(
        Key.REQUEST, "Which request did it happen in, by its id?", "request:req-9f2c", forms=("req-9f2c", "req-*")
    ),
    KeyReference(Key.SESSION, "Which session did it happen in, by its id?", "session:s-4711", forms=("s-4711", "s-*")),
    KeyReference(Key.TOKEN, "Which token was used, by its public id?", "token:Ab3dE5gH", forms=("Ab3dE5gH", "Ab3*")),
    KeyReference(
        Key.HAS,
        "Does it have this at all? Hostile are control and format characters in any of its texts, line breaks too.",
        "has:changes",
        choices=tuple(Presence),
    ),
    KeyReference(
        Key.IN,
        "Where else is looked? With in:archive, archived events are answered beside the live ones.",
        "in:archive",
        choices=tuple(Shelf),
        several=False,
        excludable=False,
    ),
    KeyReference(
        Key.AFTER,
        "Did it happen at this moment or later?",
        "after:2026-11-20",
        choices=RELATIVE,
        forms=_MOMENTS,
        several=False,
        excludable=False,
    ),
    KeyReference(
        Key.BEFORE,
        "Did it happen before this moment?",
        "before:2026-11-20t10:00",
        choices=RELATIVE,
        forms=_MOMENTS,
        several=False,
        excludable=False,
    ),
    KeyReference(
        Key.DURING,
        "Did it happen within this time, both ends included?",
        "during:2026-q3",
        choices=RELATIVE,
        forms=(*_MOMENTS, "2026-11-01..yesterday"),
    ),
    KeyReference(
        Key.LAST,
        "Did it happen in the last minutes (m), hours (h), days (d) or weeks (w), today included?",
        "last:7d",
        choices=(EVERYTHING,),
        forms=("90m", "24h", "7d", "2w"),
        several=False,
        excludable=False,
    ),
    KeyReference(
        Key.TEXT, "Do its names or contents hold this text?", '"monthly report"', forms=("payroll", '"monthly report"')
    ),
)
"""Every key once, in the order of `Key`."""

_BY_KEY = {entry.key: entry for entry in REFERENCE}
KEYS_BY_WORD: Mapping[str, Key] = MappingProxyType(
    {word: entry.key for entry in REFERENCE for word in (entry.word, *entry.also) if word}
)


def reference_of(key: Key) -> KeyReference:
    """The reference of one key."""
    return _BY_KEY[key]


def reference_as_json() -> dict[str, Json]:
    """All of it as plain values: {"keys": [...], "sorts": [{"word", "meaning"}, ...], "writing": [sentence, ...]}."""
    return {
        "keys": [entry.as_json() for entry in REFERENCE],
        "sorts": [{"word": word, "meaning": SORT_DESCRIPTIONS[word]} for word in SORTS],
        "writing": [*WRITING],
    }

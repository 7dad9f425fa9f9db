"""A log whose every text tries to drive the terminal, each in another way."""

from datetime import timedelta
from pathlib import Path

from data.records import Draft, Event, Outcome
from tests.functional.console.demo_log import END, fill
from tests.unit.tui.made_up_events import HOSTILE, an_event, hostile_event

TEXTS = {
    "escapes": HOSTILE,
    "osc 52": "\x1b]52;c;cm0gLXJmIH4=\x07",
    "osc 8": "\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\",
    "styles": "\x1b[38;2;1;2;3;48;2;1;2;3mx\x1b[5;5Hy\x1b[?25l\x1b[0m\r\n\x1b[1;1Hz",
    "title": "\x1b]0;root@bank\x07\x1b]2;x\x1b\\",
    "c1": "\x9b31m\x90q\x9c\x9d0;title\x9c",
    "bidi": "\u202egpj.exe\u202c \u2066a\u2069 \u200f\u061c",
    "markup": "[/] [@click=app.quit]x[/] [red]y[/red] [link=https://example.org]z[/link] {0} %s $HOME",
    "nul": "a\x00b",
    "lines": "\n" * 100_000,
    "long": "x" * 1_000_000,
    "wide": "漢字👩‍👩‍👧❤️" * 1_000,
    "zalgo": "e" + "\u0301" * 5_000,
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf\rg\th",
}
"""Half of a surrogate pair is not among them: no log takes one."""

_LONGEST_EVERYWHERE = 10_000


def as_draft(event: Event, number: int) -> Draft:
    """A draft of this event, that many seconds before the demo's end."""
    fields = {name: getattr(event, name) for name in Draft.__dataclass_fields__}
    return Draft(**{**fields, "id": None, "occurred_at": END - timedelta(seconds=number)})


def fill_hostile(path: Path) -> int:
    """A log with an event of each kind and outcome in this file; how many. The longest texts stand in a few fields only."""
    events = []
    for text in TEXTS.values():
        for outcome in Outcome:
            if len(text) <= _LONGEST_EVERYWHERE:
                events.append(hostile_event(text, outcome=outcome))
            else:
                events.append(an_event(outcome=outcome, reason=text, user_agent=text, data={"note": text}))
    fill(path, [as_draft(event, number) for number, event in enumerate(events)])
    return len(events)

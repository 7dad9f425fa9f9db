"""Events for the interface's unit tests: one to vary, one with every text hostile, and strategies for any."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from data.records import Change, Draft, Event, Outcome, Reference
from tests.hostile_draft import hostile_draft
from tests.strategies import any_drafts

ZONE = ZoneInfo("UTC")
WHEN = datetime(2026, 11, 20, 13, 47, 50, tzinfo=UTC)
ALICE = Reference("member", "m-42", "Alice Moss")
PAYROLL = Reference("api_client", "c-77", "Payroll sync")
HOSTILE = "\x1b[31mred\x1b]52;c;cm0gLXJm\x07\x9b2J\u202egnp.exe\u2066x\u2069\x00\r\n\x7f[/][@click=app.quit]x[/]\u2028\u200d\ue000"
"""Colours, a clipboard write (OSC 52), C1, bidi overrides, markup, NUL, line breaks, a joiner and a private character."""

_UPDATED = Event(
    id=UUID("019e0000-0000-7000-8000-000000000001"),
    type="api_client.updated",
    occurred_at=WHEN,
    recorded_at=WHEN + timedelta(seconds=1),
    actor=ALICE,
    client=PAYROLL,
    target=PAYROLL,
    ip="198.51.100.7",
    token="adk_7Fh2xQ9b",
    data={"expires": "2027-11-05"},
    changes=(
        Change("name", "Payrol sync", "Payroll sync"),
        Change("scopes", ["a:read", "b:read", "c:read"], ["b:read", "c:read", "d:write"]),
    ),
)


def an_event(**fields: Any) -> Event:  # noqa: ANN401
    """The update of an API client, with these fields otherwise."""
    return replace(_UPDATED, **fields)


def hostile_event(text: str = HOSTILE, *, outcome: Outcome = Outcome.SUCCESS) -> Event:
    """An event whose every text is this one."""
    return _as_event(replace(hostile_draft(text, WHEN), outcome=outcome))


def _as_event(draft: Draft) -> Event:
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    return Event(**{**fields, "id": _UPDATED.id, "recorded_at": _UPDATED.recorded_at})


any_events = any_drafts().map(_as_event)
"""Events of every content that the log takes."""

_CLUSTERS = (
    *"漢字 각é→a[b",
    "e\u0301\u0302",
    "👩",
    "👍🏽",
    "🇩🇪",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "\ufe0f",
    "अ\u093f",
    "\u115f",
    "\x1b[2J",
    "\u202e",
    "\n",
    " ",
)

wide_texts = st.lists(st.one_of(st.characters(), st.sampled_from(_CLUSTERS)), max_size=60).map("".join)
"""Any text, with wide, combining and emoji characters far more often than by chance; lone surrogates too."""

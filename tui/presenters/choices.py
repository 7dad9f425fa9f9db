"""What the prompts offer: the values of a card, and stretches of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from data.clock import from_microseconds
from data.net_change import TOKEN, is_same_thing
from data.query import Clause, Key, Span, Window, print_clause, resolve_span
from data.records import UNREADABLE, Event, Reference
from tui.presenters.clauses import literal_clause, reference_clause
from tui.presenters.noun import EVENTS, Noun
from tui.presenters.requests import target_word
from tui.presenters.values import minute_text

TYPE_IT = "/"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One thing to choose: its letter, its name, what it means in full, and what it stands for."""

    letter: str
    name: str
    meaning: str
    value: T


def value_choices(event: Event, zone: ZoneInfo) -> list[Choice[Clause]]:
    """The values of a card that a query can ask for, by their letters."""
    day = event.occurred_at.astimezone(zone).date().isoformat()
    offered: list[tuple[str, str, Clause | None]] = [
        ("t", "type", None if event.type == UNREADABLE else literal_clause(Key.TYPE, event.type)),
        ("o", "outcome", None if event.is_blank else literal_clause(Key.OUTCOME, event.outcome.value)),
        ("a", "actor", None if event.is_blank else reference_clause(Key.ACTOR, event.actor)),
        ("c", "client", None if event.client is None else reference_clause(Key.CLIENT, event.client)),
        ("e", target_word(event), None if event.target is None else reference_clause(Key.TARGET, event.target)),
        ("s", "service", None if event.service is None else literal_clause(Key.SERVICE, event.service)),
        ("i", "address", None if event.ip is None else literal_clause(Key.IP, event.ip)),
        ("n", "session", None if event.session_id is None else literal_clause(Key.SESSION, event.session_id)),
        ("r", "request", None if event.request_id is None else literal_clause(Key.REQUEST, event.request_id)),
        ("d", "day", Clause(Key.DURING, (Span(day),))),
    ]
    names = {"a": event.actor, "c": event.client, "e": event.target}
    choices = []
    for letter, name, clause in offered:
        if clause is not None:
            reference = names.get(letter)
            label = f"{reference.label}  " if reference is not None and reference.name is not None else ""
            choices.append(Choice(letter, name, f"{label}{print_clause(clause)}", clause))
    return choices


def subject_choices(event: Event) -> list[Choice[tuple[Key, Reference]]]:
    """Of what the card can tell the net change: its client, and its target if that is another thing and no token."""
    offered = [("c", Key.CLIENT, event.client)]
    if event.client is None or event.target is None or not _belongs_to(event.target, event.client):
        offered.append(("e", Key.TARGET, event.target))
    return [
        Choice(letter, key.value, f"{one.label}  {print_clause(reference_clause(key, one))}", (key, one))
        for letter, key, one in offered
        if one is not None
    ]


def _belongs_to(target: Reference, client: Reference) -> bool:
    return target.type == TOKEN or is_same_thing(target, client)


def date_choices(now: datetime, zone: ZoneInfo) -> list[Choice[Clause | None]]:
    """Stretches of time, each with its two exact instants; None for dates that are to be typed."""
    offered = (
        ("t", "today", Key.DURING, "today"),
        ("y", "yesterday", Key.DURING, "yesterday"),
        ("w", "7 days", Key.LAST, "7d"),
        ("m", "30 days", Key.LAST, "30d"),
        ("q", "last quarter", Key.DURING, "last-quarter"),
        ("a", "all", Key.LAST, "all"),
    )
    choices: list[Choice[Clause | None]] = []
    for letter, name, key, word in offered:
        clause = Clause(key, (Span(word),))
        window = resolve_span(key, Span(word), now, zone)
        choices.append(Choice(letter, name, f"{print_clause(clause)}   {window_text(window, zone)}", clause))
    return [
        *choices,
        Choice(TYPE_IT, "type", "Write the dates: 2026-11, 2026-Q3, 2026-11-01..2026-11-15, last-month, ...", None),
    ]


def mark_choices(marked: int, noun: Noun = EVENTS) -> list[Choice[bool]]:
    """What to do with the marked events: read only them (True), or take all marks away (False)."""
    events = f"the marked {noun.one}" if marked == 1 else f"the {marked} marked {noun.many}"
    return [
        Choice("o", "only them", f"read {events} alone, whatever the dates; undo goes back", True),
        Choice("n", "no marks", f"take the mark off {events}", False),
    ]


def erasing_choices() -> list[Choice[bool]]:
    """How much of an event is erased: the whole of it (True), or its personal part (False)."""
    return [
        Choice(
            "p", "personal part", "names, addresses, reasons: what is personal in it; that it happened stays", False
        ),
        Choice("w", "the whole event", "all but its id, its times and its place in the proof", True),
    ]


def window_text(window: Window, zone: ZoneInfo) -> str:
    """`from 20 Nov 2026 00:00 UTC until 21 Nov 2026 00:00 UTC`."""
    if window.start_us is None and window.end_us is None:
        return "all time"
    if window.start_us is not None and window.end_us is not None and window.end_us <= window.start_us:
        return "these times have nothing in common"
    parts = []
    if window.start_us is not None:
        parts.append(f"from {minute_text(from_microseconds(window.start_us), zone)}")
    if window.end_us is not None:
        parts.append(f"until {minute_text(from_microseconds(window.end_us), zone)}")
    return " ".join(parts)

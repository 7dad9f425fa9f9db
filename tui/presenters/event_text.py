"""All of one event as readable text."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from data.clock import to_text
from data.records import Change, Event, Json, Reference
from tui.glyphs import glyphs
from tui.presenters.card import card_mark, reason_label, title_of
from tui.presenters.hostile_mark import hostile_words
from tui.presenters.labelled import labelled_lines
from tui.presenters.list_change import ListChange
from tui.presenters.requests import proof_word, target_word
from tui.presenters.seals import SEAL_BADGES, state_text
from tui.presenters.values import field_text, instant_text, value_text


def event_lines(event: Event, zone: ZoneInfo) -> Iterator[str]:
    """The title, the facts, what changed, and the data; times in `zone`, and when it happened in UTC too."""
    mark, _ = card_mark(event)
    yield f"{mark} {title_of(event)}" if mark else title_of(event)
    yield ""
    yield from labelled_lines(_facts(event, zone))
    if event.changes:
        yield ""
        yield "Changes"
        yield from labelled_lines([entry for change in event.changes for entry in _change(change)])
    if event.data:
        yield ""
        yield "Data"
        yield from labelled_lines([(field_text(key), value_text(value)) for key, value in event.data.items()])


def _facts(event: Event, zone: ZoneInfo) -> list[tuple[str, str]]:
    facts = [
        ("time", instant_text(event.occurred_at, zone)),
        ("in UTC", None if zone.key == "UTC" else to_text(event.occurred_at)),
        ("recorded", instant_text(event.recorded_at, zone)),
        ("outcome", None if event.is_blank else event.outcome.value),
        ("type", event.type),
        ("actor", None if event.is_blank else _reference_text(event.actor)),
        ("client", _reference_text(event.client)),
        (target_word(event), _reference_text(event.target)),
        (reason_label(event), event.reason),
        ("service", event.service),
        ("duration", None if event.duration_ms is None else f"{event.duration_ms:,} ms"),
        ("address", event.ip),
        ("user agent", event.user_agent),
        ("request", event.request_id),
        ("session", event.session_id),
        ("token", event.token),
        ("imported from", None if event.source is None else f"{event.source.name}, as {event.source.identity}"),
        ("hostile", hostile_words(event)),
        ("proof", state_text(event) if event.seal in SEAL_BADGES else proof_word(event) or None),
        *_erasure_facts(event, zone),
        ("id", str(event.id)),
    ]
    return [(label, text) for label, text in facts if text is not None]


def _erasure_facts(event: Event, zone: ZoneInfo) -> list[tuple[str, str | None]]:
    erasure = event.erasure
    if erasure is None:
        return []
    return [
        ("erased by", _reference_text(erasure.by)),
        ("erased", instant_text(erasure.at, zone)),
        ("because", erasure.reason),
        ("told by", str(erasure.told_by)),
    ]


def _reference_text(reference: Reference | None) -> str | None:
    """`Alice Moss (member m-42)`: the name as it was then, the kind and the id."""
    if reference is None:
        return None
    kind = field_text(reference.type)
    if reference.name is None:
        return f"{kind} {reference.id}" if reference.id is not None else kind
    if reference.id is None:
        return reference.name if reference.name == reference.type else f"{reference.name} ({kind})"
    return f"{reference.name} ({kind} {reference.id})"


def _change(change: Change) -> Iterator[tuple[str, str]]:
    """The lines of one change, the first with its label."""
    label = field_text(change.field)
    if isinstance(change.before, list) and isinstance(change.after, list):
        lines = list(_list_change(change.before, change.after))
    else:
        lines = [f"{value_text(change.before)} {glyphs().arrow} {value_text(change.after)}"]
    for number, line in enumerate(lines):
        yield (label if number == 0 else "", line)


def _list_change(before: list[Json], after: list[Json]) -> Iterator[str]:
    """What was taken away, what was added, and how many stayed."""
    change = ListChange.between(before, after)
    for sign, items in ((glyphs().removed, change.removed), ("+", change.added)):
        for item in items:
            yield f"{sign} {value_text(item)}"
    if change.kept or before == after:
        yield f"{len(change.kept)} unchanged"

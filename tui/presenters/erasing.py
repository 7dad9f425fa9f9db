"""What erasing an event means, and what would be lost: said before it is done, for it cannot be undone."""

from collections.abc import Iterator

from data.catalogue import CATALOGUE
from data.records import Event, Reference
from data.tokens import without_secrets
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import value_text
from tui.terminal import safe, wrap

_VALUE_AT = 16
_INDENT = 2


def meaning(*, whole: bool) -> str:
    """What is left after it."""
    if whole:
        return "All of this event is erased for good. Its id, its times, its place in the proof and who erased it, and why, stay."
    return (
        "What is personal in this event is erased for good. What happened, when, to which ids, and who erased it, and why, "
        "stay."
    )


def lost(event: Event, *, whole: bool) -> Iterator[tuple[str, str]]:
    """What of an event would be lost, by its name: all of it, or what the catalogue does not list as facts."""
    is_imported = event.source is not None
    for name, reference in (("actor", event.actor), ("client", event.client), ("target", event.target)):
        if reference is not None:
            text = _of_reference(reference, is_imported=is_imported, whole=whole)
            if text:
                yield name, text
    ids = {"session": event.session_id, "token": event.token}
    others = {"address": event.ip, "program": event.user_agent, "request": event.request_id, "reason": event.reason}
    facts = {"type": event.type, "service": event.service}
    for name, value in {**(facts if whole else {}), **(ids if whole or is_imported else {}), **others}.items():
        if value is not None:
            yield name, value
    listed = () if is_imported else CATALOGUE.describe(event.type).facts
    for change in event.changes:
        if whole or change.field not in listed:
            yield change.field, f"{value_text(change.before)} -> {value_text(change.after)}"
    for key, stored in event.data.items():
        if whole or key not in listed:
            yield key, value_text(stored)


def lost_words(event: Event, *, whole: bool) -> Iterator[str]:
    """The same as lines of text."""
    for name, text in lost(event, whole=whole):
        yield without_secrets(f"{safe(name)}: {safe(text, limit=200)}")


def erasing_rows(event: Event, *, whole: bool, width: int) -> Iterator[Row]:
    """The same as rows, below what it means."""
    for part in wrap(meaning(whole=whole), max(width - _INDENT - 1, 1)):
        yield Line(width).at(_INDENT).add(part, Role.DENIED).row()
    yield ()
    yield Line(width).at(_INDENT).add("What is lost", Role.MUTED, bold=True).row()
    found = False
    for name, text in lost(event, whole=whole):
        found = True
        for number, part in enumerate(wrap(safe(text, limit=4_000), max(width - _VALUE_AT - 1, 1))):
            line = Line(width).at(_INDENT)
            if number == 0:
                line.add(name, Role.FAINT, until=_VALUE_AT - 1)
            yield line.at(_VALUE_AT).add(part).row()
    if not found:
        yield Line(width).at(_INDENT).add("nothing: it holds nothing personal any more", Role.FAINT).row()


def _of_reference(reference: Reference, *, is_imported: bool, whole: bool) -> str:
    parts = [reference.name, reference.id if whole or is_imported else None]
    return ", ".join(part for part in parts if part is not None)

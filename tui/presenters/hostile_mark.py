"""What is said of an event that holds control or format characters: a mark on its card, and in words where they are."""

from data.hostile import hostile_fields, record_is_hostile
from data.records import Event
from tui.presenters.values import count_text

HOSTILE_MARK = "^"
"""Terminals have always written a control character as `^[` and the like."""
_MOST_FIELDS = 12
_MOST_OF_NAME = 60


def mark_of(event: Event) -> str:
    """The mark, or nothing."""
    return HOSTILE_MARK if record_is_hostile(event) else ""


def hostile_words(event: Event) -> str | None:
    """Which of its fields hold such characters; None if none does. Names that the event itself chose are not made safe."""
    names = hostile_fields(event)
    if not names:
        return None
    said = [name[:_MOST_OF_NAME] for name in names[:_MOST_FIELDS]]
    more = len(names) - len(said)
    return f"control or format characters in {', '.join(said)}{f' and {count_text(more)} more' if more else ''}"

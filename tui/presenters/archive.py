"""What a query leaves out because it is archived, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from data.clock import from_microseconds
from data.query import EventQuery, Key, window_of
from tui.keymap import key_of
from tui.presenters.noun import Noun
from tui.presenters.values import day_text


def archive_texts(archived: int | None, noun: Noun) -> tuple[str, ...]:
    """That so many events are in the archive, and the key that shows them; the same in fewer cells. None: not counted."""
    key = key_of("log.archive")
    if archived is None:
        return f"The archive was not searched; {key} searches it, too.", f"{key} searches the archive, too"
    if not archived:
        return ()
    them = "it" if archived == 1 else "them"
    are = "is" if archived == 1 else "are"
    return (
        f"{noun.counted(archived)} {are} in the archive; {key} shows {them}.",
        f"{archived:,} in the archive; {key} shows {them}.",
        f"{archived:,} archived: {key}",
    )


def last_day_text(live_since_us: int, zone: ZoneInfo) -> str:
    """The last day of which there is anything in the archive."""
    return day_text(from_microseconds(live_since_us - 1).astimezone(zone))


def toggled_text(query: EventQuery, live_since_us: int | None, now: datetime, zone: ZoneInfo) -> str:
    """What is to be said of a query that has just come to look into the archive, or not to.

    `live_since_us` is the moment before which events are archived (µs, UTC), None while it is not known.
    """
    if not query.of(Key.IN):
        return "Live events alone."
    start = window_of(query, now, zone).start_us
    if not live_since_us or start is None or start < live_since_us:
        return "Archived events are shown, too."
    last = last_day_text(live_since_us, zone)
    return f"The archive goes up to {last}, and the dates begin later; {key_of('log.dates')} changes them."

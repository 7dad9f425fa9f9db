"""What of the logs is removed, and what stays all the same, in sentences."""

from collections.abc import Iterator, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from data.clock import from_microseconds
from data.holds import Hold
from data.records import Log
from data.retention import Removal, RetentionPlan, RetentionRun, RetentionState
from tui.presenters.noun import Noun
from tui.presenters.values import count_text, day_text, minute_text

EVENTS_OF = {
    Log.CHANGES: Noun("event of the audit log", "events of the audit log"),
    Log.REQUESTS: Noun("request", "requests"),
}
_SHOWN_QUERY = 60
_SHORT = 8


def plan_lines(plan: RetentionPlan, zone: ZoneInfo) -> Iterator[str]:
    """What a run would do, a sentence a line; days are those of the organisation's `zone`."""
    day = edge_text(plan.rules.kept_since, zone)
    for log, removal in plan.logs.items():
        yield f"Would remove {EVENTS_OF[log].counted(removal.removed)}, of before {day} in {zone.key}."
        yield from (f"    {sentence}" for sentence in stay_sentences(removal, plan.rules.holds))


def stay_sentences(removal: Removal, holds: tuple[Hold, ...]) -> Iterator[str]:
    """Which of those that are old enough stay, and why."""
    by_id = {hold.id: hold for hold in holds}
    for hold_id, count in removal.held.items():
        held = by_id.get(hold_id)
        query = "" if held is None else f" on {shortened(held.text)}"
        yield f"{count:,} more held back by the hold {hold_id}{query}."
    if removal.own:
        yield f"{removal.own:,} more stay: they tell of the log itself."
    if removal.unproven:
        yield f"{removal.unproven:,} more stay: they have no place in the proof yet, or are not what was sealed there."


def removed_words(state: RetentionState) -> str:
    """Whether anything that has to go is left."""
    if state.due is None:
        return "The keeper looks once a day; nothing is left that has to go."
    if not any(state.due.values()):
        return "Nothing is so old; the keeper looks once a day."
    return f"{at_most(state.due)} so old; what is not held goes with the keeper's next look."


def last_words(last: RetentionRun) -> str:
    """What the last run came to."""
    gone = [EVENTS_OF[log].counted(one.removed) for log, one in last.logs.items() if one.removed]
    held = sum(count for one in last.logs.values() for count in one.held.values())
    words = f"Removed {' and '.join(gone)}" if gone else "Removed nothing"
    back = f", and held back {count_text(held)}" if held else ""
    return f"{words}{back}{'.' if last.is_done else '; it goes on.'}"


def at_most(counts: Mapping[Log, int]) -> str:
    """`3 events of the audit log and 12 requests are`."""
    counted = " and ".join(EVENTS_OF[log].counted(number) for log, number in counts.items() if number)
    if not counted:
        return "Nothing is"
    return f"{counted} {'is' if sum(counts.values()) == 1 else 'are'}"


def hold_words(hold: Hold, zone: ZoneInfo) -> str:
    """Who placed it, when and why."""
    return f"{hold.placed_by.label}, {minute_text(hold.placed_at, zone)}: {hold.reason}"


def short_id(hold: UUID) -> str:
    """As much of a hold's id as tells it from the others."""
    return str(hold)[:_SHORT]


def edge_text(kept_since: int, zone: ZoneInfo) -> str:
    """The day before which everything goes, in the organisation's zone."""
    return day_text(from_microseconds(kept_since).astimezone(zone).date())


def shortened(query: str) -> str:
    """A query as a sentence names it."""
    return query if len(query) <= _SHOWN_QUERY else f"{query[: _SHOWN_QUERY - 3]}..."

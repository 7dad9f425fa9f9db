"""What the System screen says of keeping and forgetting: what is live, archived, removed and held."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from data.health import SystemState
from data.permissions import Permission
from data.retention import RetentionState
from tui.presenters.ages import ago_text
from tui.presenters.retention import at_most, edge_text, hold_words, last_words, removed_words, short_id, shortened
from tui.presenters.system_facts import Fact
from tui.presenters.values import count_text, day_text


def retention_facts(state: SystemState) -> Iterator[Fact]:
    """How long either log is kept, and what was and will be removed, in days of the organisation's zone."""
    policy = state.policy
    today = state.asked_at.astimezone(policy.zone).date()
    live = _day_before(today, policy.live_days)
    kept = _day_before(today, policy.live_days + policy.archive_days)
    yield Fact("live", f"since {live}", f"{days_words(policy.live_days)}, of either log.")
    yield Fact("archived", f"since {kept}", f"{days_words(policy.archive_days)} more, shown with in:archive alone.")
    retention = state.retention
    if retention is None:
        return
    edge = edge_text(retention.rules.kept_since, policy.zone)
    yield Fact("removed", f"before {edge}", removed_words(retention))
    last = retention.last
    if last is None:
        yield Fact("last removal", "never")
    else:
        yield Fact("last removal", ago_text(last.ran_at, state.asked_at), last_words(last))
    words = f"{at_most(retention.next_due)} of the day that is too old then."
    yield Fact("next removal", day_text(retention.next_at.astimezone(policy.zone).date()), words)
    since, names = state.unfinished.bytes_since, state.unfinished.names
    if since is not None:
        ago = ago_text(since, state.asked_at)
        yield Fact(
            "erased bytes", "pending", f"Since {ago}: they leave the file once those have left who read it then."
        )
    if names:
        yield Fact("erased names", "pending", "Those that no event has any more go with the keeper's next rounds.")


def hold_facts(retention: RetentionState, zone: ZoneInfo) -> Iterator[Fact]:
    """What is held, by whom and why; times are shown in `zone`."""
    if not retention.held:
        yield Fact("none", "Nothing is held", "What is old enough is removed, and any event can be erased.")
    elif not retention.rules.holds:
        yield Fact("held", count_text(retention.held), f"Seeing them needs {Permission.AUDIT_READ}.")
    for hold in retention.rules.holds:
        yield Fact(short_id(hold.id), shortened(hold.text), hold_words(hold, zone))


def _day_before(today: date, days: int) -> str:
    try:
        return day_text(today - timedelta(days=days))
    except OverflowError:  # before the calendar begins
        return "ever"


def days_words(number: int) -> str:
    """`1 day`, `365 days`."""
    return "1 day" if number == 1 else f"{count_text(number)} days"

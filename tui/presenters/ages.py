"""How long ago, and in how many days: what a person reads sooner than a date."""

from datetime import datetime

from tui.presenters.values import count_text

NEVER = "never"
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
# From here on the number of days says less than the months.
_MANY_DAYS = 60
_MONTH = 30.44
# From here on the minutes say nothing.
_MANY_HOURS = 10


def ago_text(moment: datetime | None, now: datetime) -> str:
    """`3 min ago`, `5 h ago`, `12 days ago`; what is exact to a minute is `just now` within the first."""
    if moment is None:
        return NEVER
    seconds = (now - moment).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    days = int(seconds // _DAY)
    return f"{_days(days)} ago" if days <= _MANY_DAYS else f"{int(days / _MONTH)} mon ago"


def until_text(moment: datetime, now: datetime) -> str:
    """`in 12 min`, `in 5 h`, `in 6 days`; what is over says how long ago that was."""
    seconds = (moment - now).total_seconds()
    if seconds <= 0:
        return ago_text(moment, now)
    if seconds < _MINUTE:
        return "in less than a minute"
    return f"in {int(seconds // _HOUR)} h" if _HOUR <= seconds < _DAY else f"in {lasting_text(seconds)}"


def lasting_text(seconds: float) -> str:
    """How long something takes, as exactly as one wants to know: `12 min`, `5 h 12 min`, `17 h`, `6 days`."""
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < _DAY:
        minutes = int(seconds % _HOUR // _MINUTE) if seconds < _MANY_HOURS * _HOUR else 0
        return f"{int(seconds // _HOUR)} h{f' {minutes} min' if minutes else ''}"
    return _days(int(seconds // _DAY))


def days_text(days: int) -> str:
    """`in 12 days`, `tomorrow`, `today`, `12 days ago`, counted from today."""
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
        case _:
            return f"in {_days(days)}" if days > 0 else f"{_days(-days)} ago"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{count_text(number)} days"

"""How values read: dates, lists, numbers and what was never set, in plain words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import orjson

from data.records import Json

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOT_SET = "(none)"
_DATE_LENGTH = len("2026-11-20")


def day_text(day: date) -> str:
    """`20 Nov 2026`, whatever the machine's locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day_text(day: date) -> str:
    """`20 Nov`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def month_text(day: date) -> str:
    """`Nov 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def weekday_text(day: date) -> str:
    """`Thu 20 Nov 2026`."""
    return f"{DAYS[day.weekday()]} {day_text(day)}"


def clock_text(moment: datetime, zone: ZoneInfo) -> str:
    """`14:02:11` in the zone shown."""
    return moment.astimezone(zone).strftime("%H:%M:%S")


def instant_text(moment: datetime, zone: ZoneInfo) -> str:
    """`Thu 20 Nov 2026 14:02:11.123456 CET`: to the microsecond, the zone named."""
    local = moment.astimezone(zone)
    return f"{weekday_text(local)} {local.strftime('%H:%M:%S.%f')} {local.tzname()}"


def minute_text(moment: datetime, zone: ZoneInfo) -> str:
    """`20 Nov 2026 14:02 CET`."""
    local = moment.astimezone(zone)
    return f"{day_text(local)} {local.strftime('%H:%M')} {local.tzname()}"


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """`20 Nov 14:02` in the zone shown, for what was not long ago."""
    local = moment.astimezone(zone)
    return f"{short_day_text(local)} {local.strftime('%H:%M')}"


def count_text(number: int) -> str:
    """`1,204`."""
    return f"{number:,}"


def field_text(field: str) -> str:
    """A field's name as words: `allowed_networks` is `allowed networks`, `_document_id` is `document id`."""
    return field.replace("_", " ").strip() or field


def value_text(value: Json) -> str:
    """A value on one line: dates as dates, lists with commas, records as JSON."""
    match value:
        case None:
            return NOT_SET
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case str():
            return _text(value)
        case list() if not any(isinstance(item, list | dict) for item in value):
            return ", ".join(value_text(item) for item in value) if value else "(empty)"
        case _:
            return orjson.dumps(value).decode()


def is_short(value: Json) -> bool:
    """Whether a value is a scalar that a card's line of facts has room for."""
    return isinstance(value, bool | int) or (isinstance(value, str) and 0 < len(value) <= 32)


def _text(value: str) -> str:
    if not value:
        return "(empty)"
    if len(value) == _DATE_LENGTH and value[4] == "-" == value[7]:
        try:
            return day_text(date.fromisoformat(value))
        except ValueError:
            return value
    return value

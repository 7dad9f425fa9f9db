"""Times as text and as numbers: RFC 3339 and Unix time, and nothing that could mean two instants."""

import re
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from fractions import Fraction

from data.clock import EPOCH
from data.exchange.rejects import BadRecord

_SHOWN = 60
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:([Zz])|([+-])([0-9]{2}):?([0-5][0-9]))?"
)


class UnixUnit(IntEnum):
    """What a number counts from 1970 on; the value is how many of them make a second."""

    SECONDS = 1
    MILLISECONDS = 1_000
    MICROSECONDS = 1_000_000
    NANOSECONDS = 1_000_000_000


def parse_timestamp(key: str, text: str, *, without_offset: timezone | None = None) -> datetime:
    """The UTC instant of an RFC 3339 time; digits beyond the microsecond are cut off.

    `without_offset` is the zone of text that names none, for a source that is known to write in one. Raises BadRecord,
    naming `key`, for text that is no such time, has no offset from UTC where no zone is given, or lies before 1970.
    """
    shown = repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
    found = _TIMESTAMP.fullmatch(text.strip())
    if found is None:
        raise BadRecord(f"{key} should be a time such as 2026-11-01T10:00:00Z, and is {shown}")
    *fields, fraction, zulu, sign, hours, minutes = found.groups()
    if zulu is None and sign is None and without_offset is None:
        raise BadRecord(f"{key} has no offset from UTC, so nobody can say when it was: {shown}")
    year, month, day, hour, minute, second = map(int, fields)
    microsecond = int((fraction or "")[:6].ljust(6, "0"))
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        named = timezone(-offset if sign == "-" else offset)
        zone = without_offset if without_offset is not None and zulu is None and sign is None else named
        moment = datetime(year, month, day, hour, minute, second, microsecond, zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRecord(f"{key} is no time that exists: {shown}") from error
    if moment < EPOCH:
        raise BadRecord(f"{key} lies before 1970: {shown}")
    return moment


def is_finer_than_stored(text: str) -> bool:
    """Whether a time has digits beyond the microsecond that say something."""
    found = _TIMESTAMP.fullmatch(text.strip())
    return found is not None and (found[7] or "")[6:].strip("0") != ""


def unix_time(key: str, number: float, unit: UnixUnit) -> datetime:
    """The UTC instant of a count since 1970; what is beyond the microsecond is cut off.

    Raises BadRecord, naming `key`, for one before 1970 or after the year 9999.
    """
    if number < 0:
        raise BadRecord(f"{key} lies before 1970: {number}")
    try:
        # Through a fraction, since a float has no room for the microseconds of a count of seconds times a million; by the
        # digits that stand for it, since the float itself may lie a little below them.
        return EPOCH + timedelta(microseconds=int(Fraction(repr(number)) * 1_000_000 / unit))
    except (ValueError, OverflowError) as error:
        raise BadRecord(f"{key} is no time that exists: {str(number)[:_SHOWN]}") from error

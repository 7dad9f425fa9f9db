"""What values look like, whatever they are called."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from data.exchange.guessing.columns import Scalar
from data.exchange.rejects import BadRecord
from data.exchange.timestamps import UnixUnit, parse_timestamp
from data.query.addresses import read_address

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?=.*[0-9])[0-9a-fA-F]{16,}")
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,:]*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_HOST = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LINK = re.compile(r"[a-z]+://|/|\\|[A-Za-z]:\\")
_WORDS = re.compile(r"[^\W\d_][\w.:\-/ ,'()&]*")
_ONE_WORD = re.compile(r"[^\W\d_][^\s]*")

_LONGEST_ADDRESS = 100

# Numbers that could be a moment from 2000 to 2100.
_FIRST_S, _LAST_S = 946_684_800, 4_102_444_800


def unit_of(number: float) -> UnixUnit | None:
    """What a number counts if it is a time of this century; None if it is none."""
    for unit in UnixUnit:
        if _FIRST_S * unit <= number < _LAST_S * unit:
            return unit
    return None


@lru_cache(maxsize=8192)
def time_in(text: str) -> datetime | None:
    """The instant that a text names, in UTC if it names no offset; None if it is no such text."""
    if not text[:1].isdigit():
        return None
    try:
        moment = parse_timestamp("", text, without_offset=UTC)
    except BadRecord:
        return None
    return moment


def is_address(value: Scalar) -> bool:
    """Whether it is an IP address."""
    # Reading one takes long, and most texts are none at first sight.
    return (
        isinstance(value, str)
        and len(value) <= _LONGEST_ADDRESS
        and ("." in value or ":" in value)
        and read_address(value.strip()) is not None
    )


def is_host(value: Scalar) -> bool:
    """Whether it could be the name of a host: `iam.amazonaws.com`."""
    return isinstance(value, str) and _HOST.fullmatch(value) is not None and not is_address(value)


def is_email(value: Scalar) -> bool:
    """Whether it is an address of mail."""
    return isinstance(value, str) and _EMAIL.fullmatch(value) is not None


def is_uuid_like(value: Scalar) -> bool:
    """Whether it is made so that there is no second one: a UUID, or a long hexadecimal number."""
    return isinstance(value, str) and (_UUID.fullmatch(value) is not None or _HEX.fullmatch(value) is not None)


def is_wordlike(value: Scalar) -> bool:
    """Whether it says what happened: words, or names with dots, underscores and capitals, and nothing that names one
    thing alone."""
    return (
        isinstance(value, str)
        and len(value) <= 120
        and _WORDS.fullmatch(value.strip()) is not None
        and not is_uuid_like(value)
        and not is_address(value)
        and not _LINK.match(value)
    )


def is_one_word(value: Scalar) -> bool:
    """Whether it is without blanks."""
    return isinstance(value, str) and _ONE_WORD.fullmatch(value) is not None


def is_number_like(value: Scalar) -> bool:
    """Whether it is a number, or text that is one."""
    if isinstance(value, str):
        return _NUMBER.fullmatch(value.strip()) is not None
    return not isinstance(value, bool)


def can_name(value: Scalar) -> bool:
    """Whether it can be who or what somebody is: text of a bearable length or a whole number, and no time or address."""
    if isinstance(value, str):
        return len(value) < 250 and not is_address(value) and time_in(value) is None
    return isinstance(value, int) and not isinstance(value, bool)

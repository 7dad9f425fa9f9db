"""The organisation's rules, the same for everybody who opens the database. What is not set has its default."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from zoneinfo import ZoneInfo

from data.errors import AuditdeckError
from data.records import Json

MOST_MONTHS = 1200
MOST_OVERLAP_DAYS = 366
MOST_DAYS_KEPT = 36_600
MOST_WORDS = 1_000
"""Scopes, and networks, that a rule can name."""

_SCOPE = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}(:[a-z0-9*][a-z0-9._*-]{0,62}){0,3}")
_PARTS = re.compile(r"[\s,;]+")
_SHOWN_CHARACTERS = 40
_MOST_DIGITS = 9
_SWITCHES = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}
# What a machine has besides the zones that have the same name on each: its own, and other forms of the same.
_NO_ZONES_OF_ALL = re.compile(r"localtime|posixrules|Factory|(posix|right)/.*", re.DOTALL)


class PolicyError(AuditdeckError):
    """A rule is unknown, or cannot have this value."""


class RuleChanged(PolicyError):
    """Somebody else has changed the rule since it was seen; `now` is what it says, as text."""

    def __init__(self, key: str, now: str) -> None:
        self.key = key
        self.now = now
        super().__init__(f"Meanwhile somebody changed {key} to {now or '(none)'}.")


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force; what each says is in `POLICY_SENTENCES`. Networks are written as CIDR, scopes are in order."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    default_expiry_months: int = 6
    max_expiry_months: int = 12
    overlap_days: int = 7
    scopes: tuple[str, ...] = ()
    trusted_networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    ssh_join: bool = True
    record_reading: bool = True
    live_days: int = 365
    archive_days: int = 365


POLICY_KEYS = tuple(one.name for one in fields(Policy))
"""What each rule is called where it is kept and changed."""

POLICY_SENTENCES: Mapping[str, str] = {
    "zone": "The time zone in which the last day of an API client ends, by its IANA name.",
    "default_expiry_months": "How many months an API client is valid if nobody says otherwise.",
    "max_expiry_months": "How many months an API client can be valid at most.",
    "overlap_days": "How many days a token lives beside the one that replaces it.",
    "scopes": "The scopes that API clients can have; if there are none here, any.",
    "trusted_networks": "The networks of the proxies that are believed about the addresses they speak for.",
    "ssh_join": "Whether somebody with an invitation's code can join over SSH with a new key.",
    "record_reading": "Whether reading and exporting the logs is an event in the audit log.",
    "live_days": "How many days an event is live. Older ones are archived: in:archive shows them.",
    "archive_days": "How many days more it is archived. Then the keeper removes it, unless it is held.",
}
"""What each rule says: shown by screen, command line and README."""

DEFAULT_POLICY = Policy()


def is_scope(text: str) -> bool:
    """Whether a text has the form of a scope: words of small letters, digits and `._-`, parted by colons."""
    return _SCOPE.fullmatch(text) is not None


def words_of(text: str) -> list[str]:
    """The words of a list as a person writes it, parted by blanks, commas or semicolons."""
    return [word for word in _PARTS.split(text) if word]


def policy_from(rows: Mapping[str, str]) -> Policy:
    """The policy that is kept as these rows; a rule of a newer program is passed over."""
    values = {key: _read(key, text) for key, text in rows.items() if key in POLICY_KEYS}
    return Policy(**values)  # type: ignore[arg-type]


def policy_rows(policy: Policy) -> dict[str, str]:
    """Each rule as text, by its key: what `policy_from` reads."""
    return {key: _written(getattr(policy, key)) for key in POLICY_KEYS}


def rule_as_json(policy: Policy, key: str) -> Json:
    """A rule as JSON has it: a list, a number, a switch or a text."""
    kept = getattr(policy, key)
    return list(kept) if isinstance(kept, tuple) else kept if isinstance(kept, int) else _written(kept)


def changed_policy(policy: Policy, key: str, text: str) -> Policy:
    """The policy with one rule changed to what the text says. Raises PolicyError."""
    if key not in POLICY_KEYS:
        raise PolicyError(f"There is no rule named {key[:_SHOWN_CHARACTERS]}; there are {', '.join(POLICY_KEYS)}.")
    changed = policy_from({**policy_rows(policy), key: text})
    if changed.default_expiry_months > changed.max_expiry_months:
        raise PolicyError(
            f"A client cannot be valid for {changed.default_expiry_months} months by default "
            f"and for {changed.max_expiry_months} at most."
        )
    return changed


def _read(key: str, text: str) -> object:
    match key:
        case "zone":
            return _zone(text)
        case "default_expiry_months" | "max_expiry_months":
            return _number(key, text, 1, MOST_MONTHS)
        case "overlap_days":
            return _number(key, text, 0, MOST_OVERLAP_DAYS)
        case "live_days":
            return _number(key, text, 1, MOST_DAYS_KEPT)
        case "archive_days":
            return _number(key, text, 0, MOST_DAYS_KEPT)
        case "ssh_join" | "record_reading":
            return _switch(key, text)
        case "scopes":
            return tuple(dict.fromkeys(_scope(word) for word in _few(key, words_of(text))))
        case _:
            return tuple(dict.fromkeys(_network(word) for word in _few(key, words_of(text))))


def _written(value: object) -> str:
    match value:
        case ZoneInfo():
            return value.key
        case bool():
            return "on" if value else "off"
        case tuple():
            return " ".join(value)
        case _:
            return str(value)


def _zone(text: str) -> ZoneInfo:
    try:
        if _NO_ZONES_OF_ALL.fullmatch(text) is None:
            return ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # unknown, absolute or `..`, a folder
        pass
    shown = text[:_SHOWN_CHARACTERS]
    raise PolicyError(f"{shown!r} is not a time zone; write an IANA name such as Europe/Berlin.")


def _number(key: str, text: str, least: int, most: int) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    if not is_number or not least <= int(text) <= most:
        shown = text[:_SHOWN_CHARACTERS]
        raise PolicyError(f"{key} is a whole number from {least} to {most}, not {shown!r}.")
    return int(text)


def _switch(key: str, text: str) -> bool:
    if text[:_SHOWN_CHARACTERS].lower() not in _SWITCHES:
        raise PolicyError(f"{key} is on or off, not {text[:_SHOWN_CHARACTERS]!r}.")
    return _SWITCHES[text.lower()]


def _few(key: str, words: list[str]) -> list[str]:
    if len(words) > MOST_WORDS:
        raise PolicyError(f"{key} has at most {MOST_WORDS:,} words, these are {len(words):,}.")
    return words


def _scope(word: str) -> str:
    if not is_scope(word):
        raise PolicyError(f"{word[:_SHOWN_CHARACTERS]!r} is not a scope such as orders:read.")
    return word


def _network(word: str) -> str:
    try:
        if "%" not in word:  # an interface of one machine
            return str(ip_network(word))
    except ValueError:
        pass
    raise PolicyError(
        f"{word[:_SHOWN_CHARACTERS]!r} is not a network such as 192.0.2.0/24: without bits beyond its length."
    )

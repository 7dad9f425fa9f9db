"""What an event type is, and the register that holds them all."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Tab(StrEnum):
    """Where events are shown: the change log's tabs, besides the one that shows everything, and the request log."""

    ADMIN = "admin"
    USERS = "users"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event.

    `done` is its title when it happened ("API client revoked"), `attempted` when it failed or was refused ("Revoke API
    client"), so that a refused act never reads as done. `facts` names the fields (of `data` and of `changes`) that hold
    no personal data and so belong to the part of an event that is kept for ever.
    """

    tag: str
    done: str
    attempted: str
    tab: Tab | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """Event types that share a prefix and are filtered together: `api_client.*` is "API client"."""

    prefix: str
    label: str
    types: tuple[EventType, ...]


_SPELLINGS = {
    word.lower(): word
    for word in ["API", "DLP", "DNS", "EKM", "GitHub", "IAM", "IDP", "IP", "MFA", "OAuth", "SAML", "SMS", "SSO", "URL"]
}


def _name_of(tag: str) -> str:
    rest, _, last = tag.rpartition(".")
    if not last or last[0].isupper():
        return last or tag
    owner = rest.rpartition(".")[2]
    name = f"{_words(owner)}: {_words(last)}" if owner else _words(last)
    return name[:1].upper() + name[1:]


def _words(part: str) -> str:
    return " ".join(_SPELLINGS.get(word, word) for word in part.split("_"))


class Catalogue:
    """All families and types, by tag. Raises ValueError for a tag or prefix that is there twice or out of its family."""

    def __init__(self, *families: Family) -> None:
        self._families: dict[str, Family] = {}
        self._types: dict[str, EventType] = {}
        self._family_of: dict[str, Family] = {}
        for family in families:
            if family.prefix in self._families:
                raise ValueError(f"family {family.prefix} is in the catalogue twice")
            self._families[family.prefix] = family
            for event_type in family.types:
                if event_type.tag in self._types:
                    raise ValueError(f"event type {event_type.tag} is in the catalogue twice")
                if not event_type.tag.startswith(f"{family.prefix}."):
                    raise ValueError(f"event type {event_type.tag} is not of the family {family.prefix}")
                self._types[event_type.tag] = event_type
                self._family_of[event_type.tag] = family

    def __iter__(self) -> Iterator[EventType]:
        return iter(self._types.values())

    def __contains__(self, tag: object) -> bool:
        return tag in self._types

    def __len__(self) -> int:
        return len(self._types)

    @property
    def families(self) -> tuple[Family, ...]:
        """Every family, in the order of the catalogue."""
        return tuple(self._families.values())

    def describe(self, tag: str) -> EventType:
        """The type with this tag; for an unknown one, a type named by the end of its tag, without facts or tab.

        `github.org.add_member` is "Org: add member", whether it came about or not. A name that is written like one of an
        API's operations, as PutObject, stands by itself.
        """
        known = self._types.get(tag)
        if known is not None:
            return known
        name = _name_of(tag)
        return EventType(tag, name, name, None)

    def family(self, tag: str) -> Family:
        """The family of this tag; for an unknown one, a family made of all but the tag's last part.

        A tag of one part is its own family, so that no two tags share an empty prefix.
        """
        known = self._family_of.get(tag)
        if known is not None:
            return known
        prefix = tag.rpartition(".")[0] or tag
        registered = self._families.get(prefix)
        return registered if registered is not None else Family(prefix, prefix, ())

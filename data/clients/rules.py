"""Which values a client can have: what a person typed, field by field, read and checked with a plain sentence for each."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeVar

from data.clients.errors import DetailsWrong
from data.clients.expiry import EXAMPLES, months_after, read_day
from data.clients.look_alikes import skeleton
from data.clients.model import ClientDetails
from data.hostile import is_hostile
from data.policy import Policy, is_scope, words_of
from data.tokens import holds_secret

MOST_NAME_CHARACTERS = 100
MOST_TEXT_CHARACTERS = 1_000
MOST_SCOPES = 100
MOST_NETWORKS = 100
MOST_REASON_CHARACTERS = 1_000
FIELDS = ("name", "description", "owner", "scopes", "networks", "expires")
"""The fields of a client, in the order in which they are asked for."""

# Composing characters takes time that grows with the square of their number: longer text is refused as it is.
_MOST_COMPOSED = 4_000
_SHOWN_CHARACTERS = 40
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The names of the other clients, by their skeletons: what a name must not be taken for."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Neighbours":
        return cls({skeleton(name): name for name in names})

    def problem(self, name: str) -> str | None:
        """Why a client cannot have this name beside them."""
        taken = self.names.get(skeleton(name))
        if taken is None:
            return None
        if plain_name(taken).casefold() == plain_name(name).casefold():
            return f"There is a client named {taken} already."
        return f"This looks like {taken}, which is another client."


def read_details(
    typed: Mapping[str, str], policy: Policy, today: date, before: ClientDetails | None = None
) -> ClientDetails:
    """The details that a person typed, by field; a field that is not there keeps its value `before`, or is empty.

    `today` is the day in the organisation's zone. Raises DetailsWrong with a sentence for each field that is wrong.
    """
    problems: dict[str, str] = {}

    def taken(field: str, read: Callable[[str], _Read], otherwise: _Read) -> _Read:
        if field not in typed:
            return otherwise
        try:
            return read(typed[field])
        except ValueError as error:
            problems[field] = str(error)
            return otherwise

    blank = before or ClientDetails("", months_after(today, policy.default_expiry_months))
    details = ClientDetails(
        name=taken("name", plain_name, blank.name),
        expires=taken("expires", lambda text: read_day(text, today), blank.expires),
        description=taken("description", _plain_text, blank.description),
        owner=taken("owner", _plain_text, blank.owner),
        scopes=taken("scopes", lambda text: _scopes(text, policy, blank.scopes), blank.scopes),
        networks=taken("networks", _networks, blank.networks),
    )
    problems = {**problems_of(details, policy, today, before), **problems}
    if problems:
        raise DetailsWrong({field: problems[field] for field in FIELDS if field in problems})
    return details


def problems_of(
    details: ClientDetails, policy: Policy, today: date, before: ClientDetails | None = None
) -> dict[str, str]:
    """What is wrong with the details of a client, by field; what it had `before` it may keep."""
    found = {
        "name": _name_problem(details.name),
        "description": _text_problem(details.description),
        "owner": _text_problem(details.owner, MOST_NAME_CHARACTERS),
        "scopes": _scopes_problem(details.scopes, policy, before.scopes if before else ()),
        "networks": _networks_problem(details.networks),
        "expires": None
        if before and details.expires == before.expires
        else _day_problem(details.expires, policy, today),
    }
    return {field: problem for field, problem in found.items() if problem is not None}


def reason_problem(reason: str) -> str | None:
    """Why this cannot be the reason for what cannot be undone; None if it can."""
    return "Say why; it stands in the log." if not reason.strip() else _text_problem(reason, MOST_REASON_CHARACTERS)


def plain_details(details: ClientDetails) -> ClientDetails:
    """Details as they are kept: text composed, scopes and networks in order and each once; what is wrong stays as it is."""
    return replace(
        details,
        name=plain_name(details.name),
        description=_plain_text(details.description),
        owner=_plain_text(details.owner),
        scopes=tuple(sorted(set(details.scopes))),
        networks=_plain_networks(details.networks),
    )


def plain_name(name: str) -> str:
    """A name as it is kept: composed, with single blanks. One that is far too long stays as it is."""
    return " ".join(_composed(name).split()) if len(name) <= _MOST_COMPOSED else name


def limit_of(policy: Policy, today: date) -> date:
    """The last day that a client can be given."""
    return months_after(today, policy.max_expiry_months)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _plain_text(text: str) -> str:
    return _composed(text).strip() if len(text) <= _MOST_COMPOSED else text


def _name_problem(name: str) -> str | None:
    if not name or name.isspace():
        return "A client needs a name."
    problem = _text_problem(name, MOST_NAME_CHARACTERS)
    if problem is None and not skeleton(name):
        return "Of this name nothing can be seen."
    return problem


def _text_problem(text: str, most: int = MOST_TEXT_CHARACTERS) -> str | None:
    if len(text) > most:
        return f"At most {most:,} characters, this has {len(text):,}."
    if any(is_hostile(character) for character in text):
        return "This holds an invisible or control character."
    if holds_secret(text):
        return "This holds the secret of a token; name it by its public id."
    return None


def _scopes(text: str, policy: Policy, before: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(sorted(set(words_of(text))))
    problem = _scopes_problem(words, policy, before)
    if problem is not None:
        raise ValueError(problem)
    return words


def _scopes_problem(scopes: tuple[str, ...], policy: Policy, before: tuple[str, ...]) -> str | None:
    if len(scopes) > MOST_SCOPES:
        return f"At most {MOST_SCOPES} scopes, these are {len(scopes)}."
    for scope in scopes:
        if not is_scope(scope):
            return f"{scope[:_SHOWN_CHARACTERS]!r} is not a scope such as orders:read."
        if policy.scopes and scope not in policy.scopes and scope not in before:
            known = ", ".join(policy.scopes[:6]) + (" ..." if len(policy.scopes) > 6 else "")
            return f"Unknown scope {scope}; there are {known}."
    return None


def _networks(text: str) -> tuple[str, ...]:
    words = words_of(text)
    if len(words) > MOST_NETWORKS:
        raise ValueError(f"At most {MOST_NETWORKS} networks, these are {len(words)}.")
    return tuple(map(str, sorted({_network(word) for word in words}, key=lambda one: (one.version, one))))


def _network(word: str) -> IPv4Network | IPv6Network:
    if "%" in word:  # an interface of one machine, by any name (RFC 4007, section 11)
        raise ValueError(f"{word[:_SHOWN_CHARACTERS]!r} names an interface; a network is one such as 2001:db8::/32.")
    try:
        return ip_network(word)
    except ValueError:
        pass
    try:
        wider = ip_network(word, strict=False)
    except ValueError:
        raise ValueError(f"{word[:_SHOWN_CHARACTERS]!r} is not a network such as 198.51.100.0/24.") from None
    host = ip_address(word.partition("/")[0])
    raise ValueError(f"{word[:_SHOWN_CHARACTERS]} names one address in a network: write {wider}, or {host} alone.")


def _plain_networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return _networks(" ".join(networks))
    except ValueError:
        return networks


def _networks_problem(networks: tuple[str, ...]) -> str | None:
    try:
        _networks(" ".join(networks))
    except ValueError as error:
        return str(error)
    return None


def _day_problem(expires: date, policy: Policy, today: date) -> str | None:
    if expires < today:
        return f"{expires} is past; write {EXAMPLES}."
    limit = limit_of(policy, today)
    if expires > limit:
        return f"At most {policy.max_expiry_months} months from now, that is {limit}."
    return None

"""Which values a client can have: what a person typed, field by field, read and checked with a plain sentence for each."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeVar

from data.clients.errors import DetailsWrong
from data.clients.expiry import EXAMPLES, months_after, read_day
from data.clients.model import ClientDetails
from data.naming.texts import MOST_NAME_CHARACTERS, name_problem, plain_name, plain_text, text_problem
from data.policy import Policy, is_scope, words_of

MOST_SCOPES = 100
MOST_NETWORKS = 100
FIELDS = ("name", "description", "owner", "scopes", "networks", "expires")
"""The fields of a client, in the order in which they are asked for."""

_SHOWN_CHARACTERS = 40
_Read = TypeVar("_Read")


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
        description=taken("description", plain_text, blank.description),
        owner=taken("owner", plain_text, blank.owner),
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
        "name": name_problem(details.name, "client"),
        "description": text_problem(details.description),
        "owner": text_problem(details.owner, MOST_NAME_CHARACTERS),
        "scopes": _scopes_problem(details.scopes, policy, before.scopes if before else ()),
        "networks": _networks_problem(details.networks),
        "expires": None
        if before and details.expires == before.expires
        else _day_problem(details.expires, policy, today),
    }
    return {field: problem for field, problem in found.items() if problem is not None}


def plain_details(details: ClientDetails) -> ClientDetails:
    """Details as they are kept: text composed, scopes and networks in order and each once; what is wrong stays as it is."""
    return replace(
        details,
        name=plain_name(details.name),
        description=plain_text(details.description),
        owner=plain_text(details.owner),
        scopes=tuple(sorted(set(details.scopes))),
        networks=_plain_networks(details.networks),
    )


def limit_of(policy: Policy, today: date) -> date:
    """The last day that a client can be given."""
    return months_after(today, policy.max_expiry_months)


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

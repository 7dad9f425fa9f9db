"""What a form of a role, a group or a member edits, field by field, with a plain sentence for each that is wrong."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from data.access.errors import AccessWrong
from data.access.model import Group, Member, Role
from data.naming.texts import MOST_REASON_CHARACTERS, name_problem, plain_name, plain_text, text_problem
from data.permissions import Permission

MOST_ADDRESS_CHARACTERS = 254
"""Of a mail address (RFC 5321, section 4.5.3.1.3, less the angle brackets)."""

_PERMISSIONS = frozenset(Permission)
_EXAMPLE = "ada@example.org"
_MOST_LOCAL_CHARACTERS = 64  # RFC 5321, section 4.5.3.1.1
_SHOWN_CHARACTERS = 40
# A dot-atom (RFC 5322, section 3.2.3): quoted names and comments are allowed by the standard, and used by nobody.
_LOCAL = re.compile(r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+(\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RoleDetails:
    """What a form of a role edits."""

    name: str
    description: str = ""
    permissions: tuple[Permission, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """What a form of a group edits; `roles` and `members` are ids."""

    name: str
    description: str = ""
    roles: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberDetails:
    """What a form of a member edits; `roles` (held directly) and `groups` are ids."""

    name: str
    email: str
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def details_of_role(role: Role) -> RoleDetails:
    """What a form shows of a role before anything is edited."""
    return RoleDetails(role.name, role.description, role.permissions)


def details_of_group(group: Group) -> GroupDetails:
    """What a form shows of a group before anything is edited."""
    return GroupDetails(group.name, group.description, group.roles, group.members)


def details_of_member(member: Member) -> MemberDetails:
    """What a form shows of a member before anything is edited."""
    return MemberDetails(member.name, member.email, member.roles, member.groups)


def plain_role(details: RoleDetails) -> RoleDetails:
    """Details as they are kept: text composed, lists in order and each value once; what is wrong stays as it is."""
    return replace(
        details,
        name=plain_name(details.name),
        description=plain_text(details.description),
        permissions=tuple(sorted(set(details.permissions))),
    )


def plain_group(details: GroupDetails) -> GroupDetails:
    """As `plain_role`."""
    return replace(
        details,
        name=plain_name(details.name),
        description=plain_text(details.description),
        roles=_ordered(details.roles),
        members=_ordered(details.members),
    )


def plain_member(details: MemberDetails) -> MemberDetails:
    """As `plain_role`."""
    return replace(
        details,
        name=plain_name(details.name),
        email=plain_address(details.email),
        roles=_ordered(details.roles),
        groups=_ordered(details.groups),
    )


def role_problems(details: RoleDetails) -> dict[str, str]:
    """What is wrong with the details of a role, by field, as far as it can be said without knowing the others."""
    strange = next((one for one in details.permissions if one not in _PERMISSIONS), None)
    return _found(
        name=name_problem(details.name, "role"),
        description=text_problem(details.description),
        permissions=None if strange is None else f"{str(strange)[:_SHOWN_CHARACTERS]!r} is no permission.",
    )


def group_problems(details: GroupDetails, roles: Container[str], members: Container[str]) -> dict[str, str]:
    """As `role_problems`; `roles` and `members` hold the ids that there are."""
    return _found(
        name=name_problem(details.name, "group"),
        description=text_problem(details.description),
        roles=ids_problem(details.roles, roles, "role"),
        members=ids_problem(details.members, members, "member"),
    )


def member_problems(details: MemberDetails, roles: Container[str], groups: Container[str]) -> dict[str, str]:
    """As `role_problems`; `roles` and `groups` hold the ids that there are. Members may be of one name, as people are."""
    return _found(
        name=name_problem(details.name, "member"),
        email=email_problem(details.email),
        roles=ids_problem(details.roles, roles, "role"),
        groups=ids_problem(details.groups, groups, "group"),
    )


def ids_problem(ids: Iterable[str], known: Container[str], kind: str) -> str | None:
    """Why these cannot be the ids of things of this kind ("role"); None if there is each of them."""
    for one in ids:
        if one not in known:
            return f"There is no {kind} {one[:_SHOWN_CHARACTERS]!r}."
    return None


def plain_address(email: str) -> str:
    """A mail address as it is kept: without blanks around it, otherwise as it was typed."""
    return email.strip() if len(email) <= 2 * MOST_ADDRESS_CHARACTERS else email


def email_problem(text: str) -> str | None:
    """Why this cannot be a mail address, in a plain sentence; None if it can.

    What mail is really delivered to only sending shows: this refuses what plainly is none, and what a mail server or a
    reader could be deceived with. Addresses are of ASCII characters; a domain of others has a form in those (xn--...).
    """
    if not text.strip():
        return f"Write a mail address, such as {_EXAMPLE}."
    problem = text_problem(text, MOST_ADDRESS_CHARACTERS)
    if problem is not None:
        return problem
    shown = repr(text[:_SHOWN_CHARACTERS])
    if any(character.isspace() for character in text):
        return "A mail address holds no blanks; write one address."
    local, _, domain = text.partition("@")
    if not (local and domain) or "@" in domain:
        return f"{shown} is not a mail address such as {_EXAMPLE}."
    if not text.isascii():
        return (
            "A mail address is of plain letters here, without accents; a domain that has others is written as xn--..."
        )
    if len(local) > _MOST_LOCAL_CHARACTERS:
        return f"At most {_MOST_LOCAL_CHARACTERS} characters before the @, these are {len(local)}."
    if _LOCAL.fullmatch(local) is None:
        return f"{shown} is not a mail address such as {_EXAMPLE}: the part before the @ cannot be written so."
    labels = domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        return f"{shown} is not a mail address such as {_EXAMPLE}: what follows the @ is no domain."
    return None


def reason_if_any(text: str) -> str | None:
    """The reason for what may be done without one, as it is kept; None if none was given. Raises AccessWrong."""
    reason = plain_text(text)
    problem = text_problem(reason, MOST_REASON_CHARACTERS)
    if problem is not None:
        raise AccessWrong({"reason": problem})
    return reason or None


def _ordered(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids)))


def _found(**problems: str | None) -> dict[str, str]:
    return {field: problem for field, problem in problems.items() if problem is not None}

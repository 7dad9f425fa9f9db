"""The forms of roles, groups, members, invitations and keys: what stands in their fields, and what is wrong with it."""

import re
from collections.abc import Iterable, Mapping

from data.access.details import (
    GroupDetails,
    MemberDetails,
    RoleDetails,
    email_problem,
    group_problems,
    member_problems,
    plain_group,
    plain_member,
    plain_role,
    role_problems,
)
from data.access.model import Access, Group, Member, MemberStatus, Role
from data.naming.neighbours import Neighbours
from data.permissions import Permission
from data.tokens import without_secrets
from tui.presenters.form import ticked_text

LABELS: Mapping[str, str] = {
    "name": "Name",
    "description": "Description",
    "permissions": "Permissions",
    "roles": "Roles",
    "members": "Members",
    "groups": "Groups",
    "email": "Mail address",
    "addresses": "Addresses",
    "key": "Public key",
}
MOST_INVITED_CHARACTERS = 4_000

_PARTED = re.compile(r"[\s,;]+")


def texts_of_role(role: Role | None) -> dict[str, str]:
    """What stands in the fields of a role; of a new one, nothing."""
    if role is None:
        return {"name": "", "description": "", "permissions": ""}
    return {
        "name": role.name,
        "description": role.description,
        "permissions": ticked_text(map(str, role.permissions)),
    }


def texts_of_group(group: Group | None) -> dict[str, str]:
    """The same of a group."""
    if group is None:
        return {"name": "", "description": "", "roles": "", "members": ""}
    return {
        "name": group.name,
        "description": group.description,
        "roles": ticked_text(group.roles),
        "members": ticked_text(group.members),
    }


def texts_of_member(member: Member) -> dict[str, str]:
    """The same of a member."""
    return {
        "name": member.name,
        "email": member.email,
        "roles": ticked_text(member.roles),
        "groups": ticked_text(member.groups),
    }


def read_role(
    texts: Mapping[str, str], access: Access, before: Role | None
) -> tuple[RoleDetails | None, dict[str, str]]:
    """The details that the form says, or a sentence for each field that is wrong."""
    permissions = tuple(map(Permission, texts["permissions"].split()))
    details = plain_role(
        RoleDetails(without_secrets(texts["name"]), without_secrets(texts["description"]), permissions)
    )
    problems = role_problems(details)
    _add_taken(problems, details.name, "role", access.roles.values(), before)
    return (None if problems else details), problems


def read_group(
    texts: Mapping[str, str], access: Access, before: Group | None
) -> tuple[GroupDetails | None, dict[str, str]]:
    """The same of a group."""
    roles, members = tuple(texts["roles"].split()), tuple(texts["members"].split())
    details = plain_group(
        GroupDetails(without_secrets(texts["name"]), without_secrets(texts["description"]), roles, members)
    )
    present = {one.id for one in access.members.values() if one.status is not MemberStatus.REMOVED}
    problems = group_problems(details, access.roles, present)
    _add_taken(problems, details.name, "group", access.groups.values(), before)
    return (None if problems else details), problems


def read_member(texts: Mapping[str, str], access: Access) -> tuple[MemberDetails | None, dict[str, str]]:
    """The same of a member."""
    roles, groups = tuple(texts["roles"].split()), tuple(texts["groups"].split())
    details = plain_member(MemberDetails(without_secrets(texts["name"]), texts["email"], roles, groups))
    problems = member_problems(details, access.roles, access.groups)
    return (None if problems else details), problems


def addresses_in(text: str) -> tuple[str, ...]:
    """Mail addresses as somebody types or pastes them: parted by commas, semicolons, blanks or lines; each once."""
    return tuple(dict.fromkeys(one for one in _PARTED.split(text) if one))


def read_addresses(text: str) -> tuple[tuple[str, ...], str | None]:
    """The addresses, and what is wrong with those that are none."""
    addresses = addresses_in(text)
    if not addresses:
        return (), "Whom do you invite? Write a mail address, or several."
    wrong = [problem for one in addresses if (problem := email_problem(one)) is not None]
    if not wrong:
        return addresses, None
    number = f"{len(wrong)} of {len(addresses)} cannot be invited. " if len(addresses) > 1 else ""
    return addresses, f"{number}{' '.join(wrong)}"


def _add_taken(
    problems: dict[str, str], name: str, kind: str, things: Iterable[Role | Group], before: Role | Group | None
) -> None:
    if "name" not in problems:
        others = Neighbours.of(kind, (one.name for one in things)).without(None if before is None else before.name)
        taken = others.problem(name)
        if taken is not None:
            problems["name"] = taken

"""Who may do what, after one thing of it is another: pure, so that what a change would do can be said before it is done.

A group's members and a member's groups are the same links: whichever side is given anew, the other side follows.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from data.access.model import Access, Group, Member, MemberStatus, Role

_Thing = TypeVar("_Thing", Member, Group)


def with_role(access: Access, role: Role) -> Access:
    """With a new role, or another one in place of that of this id."""
    return replace(access, roles={**access.roles, role.id: role})


def with_group(access: Access, group: Group) -> Access:
    """With a new group, or another one in place of that of this id, and its members in it."""
    inside = frozenset(group.members)
    members = _each(
        access.members,
        lambda member: replace(member, groups=_links(member.groups, group.id, member.id in inside)),
    )
    return replace(access, groups={**access.groups, group.id: group}, members=members)


def with_member(access: Access, member: Member) -> Access:
    """With a new member, or another one in place of that of this id, in the member's groups."""
    inside = frozenset(member.groups)
    groups = _each(
        access.groups,
        lambda group: replace(group, members=_links(group.members, member.id, group.id in inside)),
    )
    return replace(access, members={**access.members, member.id: member}, groups=groups)


def without_role(access: Access, role_id: str) -> Access:
    """Without a role, and without whatever leads to it."""
    return Access(
        _each(access.members, lambda member: replace(member, roles=_links(member.roles, role_id, False))),
        _each(access.groups, lambda group: replace(group, roles=_links(group.roles, role_id, False))),
        {key: role for key, role in access.roles.items() if key != role_id},
    )


def without_group(access: Access, group_id: str) -> Access:
    """Without a group, and without whatever leads to it."""
    return replace(
        access,
        members=_each(access.members, lambda member: replace(member, groups=_links(member.groups, group_id, False))),
        groups={key: group for key, group in access.groups.items() if key != group_id},
    )


def without_member(access: Access, member_id: str) -> Access:
    """With a member removed: who they were stays, without roles, groups and keys."""
    gone = replace(access.members[member_id], status=MemberStatus.REMOVED, roles=(), groups=(), keys=())
    return with_member(access, gone)


def _each(things: dict[str, _Thing], changed: Callable[[_Thing], _Thing]) -> dict[str, _Thing]:
    """The things, each as it is since; those that are the same since stay the same objects."""
    found = {key: changed(thing) for key, thing in things.items()}
    return {key: things[key] if things[key] == thing else thing for key, thing in found.items()}


def _links(ids: tuple[str, ...], one: str, wanted: bool) -> tuple[str, ...]:
    """The ids, sorted, with or without one of them."""
    if (one in ids) is wanted:
        return ids
    return tuple(sorted((*ids, one))) if wanted else tuple(other for other in ids if other != one)

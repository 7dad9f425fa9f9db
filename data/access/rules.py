"""The rules of who may change what about access, judged in one place over what is before and after a change: pure.

1. What is built in stays as it is.
2. Nobody changes their own access: neither what they may do, nor a link that leads to it, be it one more or one less.
3. Where there was an active administrator, there is one still.
4. Nobody gives what they do not hold: to whatever it is given, and be it that nobody has it of that yet.
5. Nobody takes from a member who may do all that they may and more. Otherwise one who manages access could bar every
   administrator but the last. What one does not hold may be taken from anybody else: to take is safe, and whoever
   manages access must be able to bar a colleague whose laptop was stolen, whatever that colleague could do.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from data.access.model import Access, Member, MemberStatus, Standing
from data.permissions import Permission, effective

_Permissions: TypeAlias = frozenset[Permission]
_Link: TypeAlias = tuple[str, str, str]


def problem_of(before: Access, after: Access, by: Standing) -> str | None:
    """Why `by` may not make of access what is after of what was before, in a plain sentence; None if they may.

    Whether they may change access at all is for the gate to say, before. `by` is who they are and what they hold before.
    """
    return (
        _built_in_problem(before, after)
        or _own_problem(before, after, by.who.id)
        or _administrator_problem(before, after)
        or _giving_problem(before, after, by.permissions)
        or _taking_problem(before, after, by)
    )


def outranked_problem(access: Access, member: Member, by: Standing) -> str | None:
    """Why `by` may take nothing from this member, not even a key to come in with; None if they may."""
    if permissions_when_active(access, member) > by.permissions:
        return f"{member.name} may do all that you may and more; nobody takes from one who may do more."
    return None


def losses(before: Access, after: Access) -> dict[str, _Permissions]:
    """What each member may do before and not after, by their id; those who lose nothing are not there."""
    return _differences(before, after)


def gains(before: Access, after: Access) -> dict[str, _Permissions]:
    """What each member may do after and not before, by their id; those who gain nothing are not there."""
    return _differences(after, before)


def permissions_when_active(access: Access, member: Member) -> _Permissions:
    """What a member's roles come to, whatever their status is: what a suspended one would have again."""
    active = replace(member, status=MemberStatus.ACTIVE)
    shown = replace(access, members={member.id: active})
    return shown.permissions_of(member.id)


def _differences(first: Access, second: Access) -> dict[str, _Permissions]:
    found = {one: first.permissions_of(one) - second.permissions_of(one) for one in first.members}
    return {one: permissions for one, permissions in found.items() if permissions}


def _built_in_problem(before: Access, after: Access) -> str | None:
    for key, role in before.roles.items():
        if role.built_in and after.roles.get(key) != role:
            return f"{role.name} is built in: it is never changed nor deleted. Make a role of your own."
    return None


def _own_problem(before: Access, after: Access, own: str | None) -> str | None:
    if own is not None and _own_links(before, own) != _own_links(after, own):
        return "Nobody changes their own access; somebody else who manages access can."
    return None


def _own_links(access: Access, member_id: str) -> object:
    """Everything that a member's access comes from."""
    member = access.members.get(member_id)
    if member is None:
        return None
    roles = {*member.roles, *(role for group in member.groups for role in _roles_in(access, group))}
    return (
        member.status,
        frozenset(member.roles),
        {group: _roles_in(access, group) for group in member.groups},
        {role: frozenset(access.roles[role].permissions) if role in access.roles else None for role in roles},
    )


def _roles_in(access: Access, group_id: str) -> frozenset[str]:
    return frozenset(access.groups[group_id].roles) if group_id in access.groups else frozenset()


def _administrator_problem(before: Access, after: Access) -> str | None:
    if before.administrators and not after.administrators:
        return "There would be no administrator left. Make somebody else one first."
    return None


def _giving_problem(before: Access, after: Access, held: _Permissions) -> str | None:
    there = {link for link, _ in _carried(before)}
    for link, permissions in _carried(after):
        lacking = permissions - held
        if link not in there and lacking:
            # Whoever lacks anything lacks `admin`, which is the one word for all of it.
            words = str(Permission.ADMIN) if Permission.ADMIN in lacking else ", ".join(sorted(lacking))
            return f"Nobody gives what they do not hold; this gives {words}."
    return None


def _carried(access: Access) -> Iterator[tuple[_Link, _Permissions]]:
    """Each link by which somebody comes, or could come, by permissions, and these."""
    for role in access.roles.values():
        for permission in role.permissions:
            yield ("role", role.id, str(permission)), effective((permission,))
    for group in access.groups.values():
        for one in group.roles:
            yield ("group role", group.id, one), access.permissions_in((one,))
    for member in access.members.values():
        for one in member.roles:
            yield ("member role", member.id, one), access.permissions_in((one,))
        for one in member.groups:
            yield ("member group", member.id, one), access.permissions_in(_roles_in(access, one))
        if member.is_active:
            yield ("active", member.id, ""), permissions_when_active(access, member)


def _taking_problem(before: Access, after: Access, by: Standing) -> str | None:
    for key, member in before.members.items():
        is_there = member.status is not MemberStatus.REMOVED
        if is_there and _has_less(before, member, after, after.members.get(key)):
            problem = outranked_problem(before, member, by)
            if problem is not None:
                return problem
    return None


def _has_less(before: Access, member: Member, after: Access, now: Member | None) -> bool:
    """Whether a member may do less since, has one of their own links less, or a status that bars them."""
    if now is None:
        return True
    is_barred = list(MemberStatus).index(now.status) > list(MemberStatus).index(member.status)
    links_lost = set(member.roles) - set(now.roles) | set(member.groups) - set(now.groups)
    lost = permissions_when_active(before, member) - permissions_when_active(after, now)
    return bool(is_barred or links_lost or lost)

"""Random sequences of what members ask for about roles, groups and members, for the rules alone and for the services."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from hypothesis import strategies as st

from data.access.editing import with_group, with_member, with_role, without_group, without_member, without_role
from data.access.model import Access, Group, Member, MemberStatus, Role
from data.permissions import Permission

_Thing = TypeVar("_Thing")


class Asked(StrEnum):
    """What can be asked for."""

    CREATE_ROLE = "create role"
    EDIT_ROLE = "edit role"
    DELETE_ROLE = "delete role"
    CREATE_GROUP = "create group"
    EDIT_GROUP = "edit group"
    DELETE_GROUP = "delete group"
    EDIT_MEMBER = "edit member"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody asks for something. Numbers stand for what there is at that moment, counted round and round."""

    by: int
    asked: Asked
    thing: int
    permissions: frozenset[Permission]
    first: frozenset[int]
    """The roles of a group or member."""
    second: frozenset[int]
    """The members of a group, the groups of a member."""
    even_in_use: bool

    def actor(self, access: Access) -> Member:
        """Who asks: any active member."""
        return _one([member for member in access.members.values() if member.is_active], self.by)

    def role(self, access: Access) -> Role | None:
        return _one([*access.roles.values()], self.thing) if access.roles else None

    def group(self, access: Access) -> Group | None:
        return _one([*access.groups.values()], self.thing) if access.groups else None

    def member(self, access: Access) -> Member | None:
        """The member it is about, who stands as they must for it."""
        wanted = {
            Asked.SUSPEND: (MemberStatus.ACTIVE,),
            Asked.REINSTATE: (MemberStatus.SUSPENDED,),
        }.get(self.asked, (MemberStatus.ACTIVE, MemberStatus.SUSPENDED))
        found = [one for one in access.members.values() if one.status in wanted]
        return _one(found, self.thing) if found else None

    def roles_in(self, access: Access) -> tuple[str, ...]:
        return _some([*access.roles], self.first)

    def groups_in(self, access: Access) -> tuple[str, ...]:
        return _some([*access.groups], self.second)

    def members_in(self, access: Access) -> tuple[str, ...]:
        return _some([one.id for one in access.members.values() if one.status is not MemberStatus.REMOVED], self.second)


def outcome(step: Step, access: Access, number: int) -> Access | None:
    """What would be if it were done; None where there is nothing that it could be done to. `number` names what is new."""
    permissions = tuple(sorted(step.permissions))
    role, group, member = step.role(access), step.group(access), step.member(access)
    match step.asked:
        case Asked.CREATE_ROLE:
            return with_role(access, Role(f"r-{number}", f"Role {number}", "", permissions))
        case Asked.CREATE_GROUP:
            new = Group(f"g-{number}", f"Group {number}", "", step.roles_in(access), step.members_in(access))
            return with_group(access, new)
        case Asked.EDIT_ROLE if role is not None:
            return with_role(access, replace(role, permissions=permissions))
        case Asked.DELETE_ROLE if role is not None:
            return without_role(access, role.id)
        case Asked.EDIT_GROUP if group is not None:
            return with_group(access, replace(group, roles=step.roles_in(access), members=step.members_in(access)))
        case Asked.DELETE_GROUP if group is not None:
            return without_group(access, group.id)
        case Asked.EDIT_MEMBER if member is not None:
            return with_member(access, replace(member, roles=step.roles_in(access), groups=step.groups_in(access)))
        case Asked.SUSPEND if member is not None:
            return with_member(access, replace(member, status=MemberStatus.SUSPENDED))
        case Asked.REINSTATE if member is not None:
            return with_member(access, replace(member, status=MemberStatus.ACTIVE))
        case Asked.REMOVE if member is not None:
            return without_member(access, member.id)
        case _:
            return None


def check_step(before: Access, after: Access, actor: Member) -> None:
    """What must hold of whatever was done: counted anew from the links, and not as the model of access does it."""
    gave = _held(before, actor.id)
    for key in after.members:
        for anyway in (False, True):  # what those who are barred would have again was given by somebody, too
            assert _held(after, key, anyway) - _held(before, key, anyway) <= gave, f"{actor.id} gave {key} too much"
    assert any(Permission.ADMIN in _held(after, key) for key in after.members), "nobody is an administrator"
    assert (after.members[actor.id], _ways(after, actor.id)) == (before.members[actor.id], _ways(before, actor.id))
    for key, member in before.members.items():
        if _held(before, key, anyway=True) > gave:
            assert _held(before, key, anyway=True) <= _held(after, key, anyway=True), (
                f"{key} lost what {actor.id} has not"
            )
            assert after.members[key].status is member.status or not member.is_active


def _held(access: Access, member_id: str, anyway: bool = False) -> set[Permission]:
    member = access.members.get(member_id)
    if member is None or not (member.is_active or anyway):
        return set()
    found = {permission for _, permission in _ways(access, member_id)}
    return set(Permission) if Permission.ADMIN in found else found


def _ways(access: Access, member_id: str) -> set[tuple[str, Permission]]:
    """Every way to a permission: `role` or `group/role`, and the permission."""
    ways = {(role, role) for role in access.members[member_id].roles}
    for group in access.groups.values():
        if member_id in group.members:
            ways |= {(f"{group.id}/{role}", role) for role in group.roles}
    return {(way, permission) for way, role in ways for permission in access.roles[role].permissions}


def _one(things: list[_Thing], number: int) -> _Thing:
    return things[number % len(things)]


def _some(ids: list[str], numbers: frozenset[int]) -> tuple[str, ...]:
    return tuple(sorted({ids[number % len(ids)] for number in numbers})) if ids else ()


_numbers = st.integers(0, 7)
# Of the permissions few and at random are hardly ever held: those that decide who may manage access come more often.
_permissions = st.frozensets(
    st.sampled_from((Permission.ACCESS_WRITE, Permission.AUDIT_READ, Permission.ADMIN, *Permission)), max_size=3
)
STEPS = st.builds(
    Step,
    by=_numbers,
    asked=st.sampled_from(Asked),
    thing=_numbers,
    permissions=_permissions,
    first=st.frozensets(_numbers, max_size=2),
    second=st.frozensets(_numbers, max_size=3),
    even_in_use=st.booleans(),
)

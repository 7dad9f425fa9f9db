"""Roles: permissions under a name, made, changed and deleted."""

from data.access.details import RoleDetails, plain_role, reason_if_any, role_problems
from data.access.editing import with_role, without_role
from data.access.errors import AccessChanged, AccessWrong
from data.access.model import Access, Role
from data.caller import Caller
from data.naming.neighbours import Neighbours
from data.records import Reference
from data.services.access_changes import AccessService, named_by_id, not_found
from data.services.acts import CREATE_ROLE, DELETE_ROLE, EDIT_ROLE


class Roles(AccessService):
    """The roles of one database.

    Every method may raise the errors of `data.errors`, and NotPermitted where `by`, who asks, may not do it: without
    access:write, or by one of the rules in `data.access.rules`. Nothing is changed then, and the log tells of it.
    """

    def create(self, by: Caller, details: RoleDetails) -> Role:
        """Make a role. Raises AccessWrong."""
        wanted = plain_role(details)
        about = None if role_problems(wanted) else Reference("role", name=wanted.name)
        with self._changing(by, CREATE_ROLE, about) as change:
            _refuse_wrong(change.before, wanted)
            key = self._new_id(change, Role)
            role = Role(key, wanted.name, wanted.description, wanted.permissions)
            after = with_role(change.before, role)
            change.judge(after)
            return change.carry_out(after).roles[key]

    def edit(self, by: Caller, seen: Role, details: RoleDetails) -> Role:
        """Give a role other details; nothing is logged when nothing changes.

        Raises AccessWrong, and AccessChanged if it is no longer the role that was `seen`.
        """
        wanted = plain_role(details)
        with self._changing(by, EDIT_ROLE, seen.reference) as change:
            role = change.before.roles.get(seen.id)
            if role is None or role.revision != seen.revision:
                raise AccessChanged(seen, role)
            _refuse_wrong(change.before, wanted, role)
            changed = Role(
                *(role.id, wanted.name, wanted.description, wanted.permissions), role.built_in, role.revision
            )
            after = with_role(change.before, changed)
            change.judge(after)
            return change.carry_out(after).roles[role.id]

    def delete(self, by: Caller, role_id: str, *, even_in_use: bool = False, reason: str = "") -> None:
        """Delete a role; its name becomes free. Raises AccessNotFound, and AccessWrong for a `reason` that cannot be.

        Raises InUse where a member or a group holds it, or an open invitation names it, and it was not said that it goes
        all the same: then they lose it, and the event tells who did.
        """
        with self._changing(by, DELETE_ROLE, named_by_id("role", role_id)) as change:
            why = reason_if_any(reason)
            role = change.before.roles.get(role_id)
            if role is None:
                raise not_found("role", role_id)
            change.about = role.reference
            members, groups = change.before.members.values(), change.before.groups.values()
            is_held = any(role_id in one.roles for one in members) or any(role_id in one.roles for one in groups)
            after = without_role(change.before, role_id)
            change.judge_deletion(after, is_held=is_held, even_in_use=even_in_use)
            change.carry_out(after, why)


def _refuse_wrong(access: Access, wanted: RoleDetails, before: Role | None = None) -> None:
    problems = role_problems(wanted)
    if "name" not in problems:
        others = Neighbours.of("role", (one.name for one in access.roles.values()))
        taken = others.without(None if before is None else before.name).problem(wanted.name)
        problems = problems if taken is None else {"name": taken, **problems}
    if problems:
        raise AccessWrong(problems)

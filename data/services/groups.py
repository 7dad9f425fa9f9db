"""Groups: members who hold the same roles, made, changed and deleted."""

from data.access.details import GroupDetails, group_problems, plain_group, reason_if_any
from data.access.editing import with_group, without_group
from data.access.errors import AccessChanged, AccessWrong
from data.access.model import Access, Group, MemberStatus
from data.caller import Caller
from data.naming.neighbours import Neighbours
from data.naming.texts import name_problem
from data.records import Reference
from data.services.access_changes import AccessService, named_by_id, not_found
from data.services.acts import CREATE_GROUP, DELETE_GROUP, EDIT_GROUP


class Groups(AccessService):
    """The groups of one database.

    Every method may raise the errors of `data.errors`, and NotPermitted where `by`, who asks, may not do it: without
    access:write, or by one of the rules in `data.access.rules`. Nothing is changed then, and the log tells of it.
    """

    def create(self, by: Caller, details: GroupDetails) -> Group:
        """Make a group, with its roles and members. Raises AccessWrong."""
        wanted = plain_group(details)
        about = None if name_problem(wanted.name, "group") else Reference("group", name=wanted.name)
        with self._changing(by, CREATE_GROUP, about) as change:
            _refuse_wrong(change.before, wanted)
            key = self._new_id(change, Group)
            group = Group(key, wanted.name, wanted.description, wanted.roles, wanted.members)
            after = with_group(change.before, group)
            change.judge(after)
            return change.carry_out(after).groups[key]

    def edit(self, by: Caller, seen: Group, details: GroupDetails) -> Group:
        """Give a group other details, roles or members; nothing is logged when nothing changes.

        Raises AccessWrong, and AccessChanged if it is no longer the group that was `seen`.
        """
        wanted = plain_group(details)
        with self._changing(by, EDIT_GROUP, seen.reference) as change:
            group = change.before.groups.get(seen.id)
            if group is None or group.revision != seen.revision:
                raise AccessChanged(seen, group)
            _refuse_wrong(change.before, wanted, group)
            changed = Group(
                *(group.id, wanted.name, wanted.description, wanted.roles, wanted.members), revision=group.revision
            )
            after = with_group(change.before, changed)
            change.judge(after)
            return change.carry_out(after).groups[group.id]

    def delete(self, by: Caller, group_id: str, *, even_in_use: bool = False, reason: str = "") -> None:
        """Delete a group; its name becomes free. Raises AccessNotFound, and AccessWrong for a `reason` that cannot be.

        Raises InUse where it has members, or an open invitation names it, and it was not said that it goes all the same:
        then they lose it, and the event tells who did.
        """
        with self._changing(by, DELETE_GROUP, named_by_id("group", group_id)) as change:
            why = reason_if_any(reason)
            group = change.before.groups.get(group_id)
            if group is None:
                raise not_found("group", group_id)
            change.about = group.reference
            after = without_group(change.before, group_id)
            change.judge_deletion(after, is_held=bool(group.members), even_in_use=even_in_use)
            change.carry_out(after, why)


def _refuse_wrong(access: Access, wanted: GroupDetails, before: Group | None = None) -> None:
    present = {one.id for one in access.members.values() if one.status is not MemberStatus.REMOVED}
    problems = group_problems(wanted, access.roles, present)
    if "name" not in problems:
        others = Neighbours.of("group", (one.name for one in access.groups.values()))
        taken = others.without(None if before is None else before.name).problem(wanted.name)
        problems = problems if taken is None else {"name": taken, **problems}
    if problems:
        raise AccessWrong(problems)

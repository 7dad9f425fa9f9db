"""Members: what they are called and hold, barred, let in again, and removed."""

from dataclasses import replace

from data.access.details import MemberDetails, member_problems, plain_member
from data.access.editing import with_member, without_member
from data.access.errors import AccessChanged, AccessError, AccessWrong
from data.access.model import Access, Member, MemberStatus
from data.caller import Caller
from data.naming.texts import plain_text, reason_problem
from data.services.access_changes import AccessChange, AccessService, named_by_id, not_found
from data.services.acts import EDIT_MEMBER, REINSTATE_MEMBER, REMOVE_MEMBER, SUSPEND_MEMBER
from data.store.access import folded_address


class Members(AccessService):
    """The members of one database; how somebody becomes one is for `data.services.invitations`.

    Every method may raise the errors of `data.errors`, and NotPermitted where `by`, who asks, may not do it: without
    access:write, or by one of the rules in `data.access.rules`. Nothing is changed then, and the log tells of it. Those
    that bar, let in or remove somebody raise AccessNotFound, AccessError with a plain sentence where that has been done
    before, and AccessWrong without a reason.
    """

    def edit(self, by: Caller, seen: Member, details: MemberDetails) -> Member:
        """Give a member another name or address, other roles or groups; nothing is logged when nothing changes.

        Raises AccessWrong, and AccessChanged if it is no longer the member that was `seen`.
        """
        wanted = plain_member(details)
        with self._changing(by, EDIT_MEMBER, seen.reference) as change:
            member = change.before.members.get(seen.id)
            if member is None or member.revision != seen.revision:
                raise AccessChanged(seen, member)
            if member.status is MemberStatus.REMOVED:
                raise AccessError(f"{member.name} was removed already.")
            _refuse_wrong(change.before, wanted, member)
            changed = replace(member, name=wanted.name, email=wanted.email, roles=wanted.roles, groups=wanted.groups)
            after = with_member(change.before, changed)
            change.judge(after)
            return change.carry_out(after).members[member.id]

    def suspend(self, by: Caller, member_id: str, reason: str) -> Member:
        """Bar an active member, whose sessions end; their roles, groups and keys stay for when they are let in again."""
        with self._changing(by, SUSPEND_MEMBER, named_by_id("member", member_id)) as change:
            member = _present(change, member_id, reason)
            if not member.is_active:
                raise AccessError(f"{member.name} is suspended already.")
            return _carry_out(change, replace(member, status=MemberStatus.SUSPENDED), reason)

    def reinstate(self, by: Caller, member_id: str, reason: str) -> Member:
        """Let in a suspended member again."""
        with self._changing(by, REINSTATE_MEMBER, named_by_id("member", member_id)) as change:
            member = _present(change, member_id, reason)
            if member.is_active:
                raise AccessError(f"{member.name} is not suspended.")
            return _carry_out(change, replace(member, status=MemberStatus.ACTIVE), reason)

    def remove(self, by: Caller, member_id: str, reason: str) -> Member:
        """Remove a member for good: their sessions end, and roles, groups and keys are gone. The name stays on what they did."""
        with self._changing(by, REMOVE_MEMBER, named_by_id("member", member_id)) as change:
            _present(change, member_id, reason)
            after = without_member(change.before, member_id)
            change.judge(after)
            return change.carry_out(after, plain_text(reason)).members[member_id]


def _present(change: AccessChange, member_id: str, reason: str) -> Member:
    """The member of this id, who was not removed. Raises as the methods do."""
    member = change.before.members.get(member_id)
    if member is None:
        raise not_found("member", member_id)
    if member.status is MemberStatus.REMOVED:
        raise AccessError(f"{member.name} was removed already.")
    problem = reason_problem(reason)
    if problem is not None:
        raise AccessWrong({"reason": problem})
    change.about = member.reference
    return member


def _carry_out(change: AccessChange, member: Member, reason: str) -> Member:
    after = with_member(change.before, member)
    change.judge(after)
    return change.carry_out(after, plain_text(reason)).members[member.id]


def _refuse_wrong(access: Access, wanted: MemberDetails, before: Member) -> None:
    problems = member_problems(wanted, access.roles, access.groups)
    if "email" not in problems:
        taken = {
            folded_address(one.email): one.name
            for one in access.members.values()
            if one.status is not MemberStatus.REMOVED and one.id != before.id
        }
        owner = taken.get(folded_address(wanted.email))
        if owner is not None:
            problems["email"] = f"This is the address of {owner} already."
    if problems:
        raise AccessWrong(problems)

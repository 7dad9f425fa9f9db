"""How who may do what is changed: judged by the rules, kept, told and committed in one unit of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from data.access.errors import AccessNotFound, InUse, NotPermitted
from data.access.model import Access, Group, Invitation, InvitationStatus, Member, Role
from data.access.rules import losses, problem_of
from data.caller import Caller
from data.errors import AuditdeckError
from data.records import Reference
from data.services.access_events import access_events
from data.services.gate import Act, Gate, Refused, refusal_event
from data.services.new_ids import can_be_id, new_id
from data.services.sessions import end_sessions
from data.store import UnitOfWork
from data.tokens import Entropy, without_secrets

SHOWN_CHARACTERS = 60
"""So much is repeated of an id that was asked for and is not there."""

_LETTERS: dict[type[Member] | type[Group] | type[Role], str] = {Member: "m", Group: "g", Role: "r"}
_Thing = TypeVar("_Thing", Member, Group, Role)


class AccessChange:
    """One change of who may do what, within its unit of work: nobody else changes it meanwhile.

    `before` is what it changes, `at` when it happens: after all that the log tells already. `about` is what a refusal
    says that it is about.
    """

    def __init__(self, gate: Gate, work: UnitOfWork, by: Caller, act: Act, about: Reference | None) -> None:
        self.work = work
        self.by = by
        self.before = work.access.all()
        self.at = work.events.moment_after_all(gate.clock())
        self._standing = gate.standing_of(work, by)
        self._act = act
        self.about = about

    def judge(self, after: Access) -> None:
        """Refuse what the rules do not allow."""
        problem = problem_of(self.before, after, self._standing)
        if problem is not None:
            raise self._refused(NotPermitted(problem))

    def judge_deletion(self, after: Access, *, is_held: bool, even_in_use: bool) -> None:
        """As `judge`; refuse also to delete what is held, or promised by an invitation, unless that was said."""
        self.judge(after)
        is_in_use = is_held or bool(self._promising(after))
        if is_in_use and not even_in_use:
            what = "This" if self.about is None else self.about.label
            raise self._refused(InUse(what, self.before, losses(self.before, after)))

    def carry_out(self, after: Access, reason: str | None = None) -> Access:
        """Keep and tell what was judged, and commit; what is since. Nothing is logged where nothing is another."""
        kept = keep(self.work, self.before, after, self.at)
        if kept == self.before:
            return kept
        tidied = self._forget_deleted(kept)
        self.work.events.append(*access_events(self.before, kept, self.by, self.at, reason=reason, invitations=tidied))
        for member in self.before.members.values():
            if member.is_active and not kept.members[member.id].is_active:
                end_sessions(self.work, self.by, self.work.sessions.going_on(member_id=member.id), self.at, reason)
        self.work.commit()
        return kept

    def _promising(self, after: Access) -> tuple[Invitation, ...]:
        """The invitations that can still be accepted and name what is no longer there."""
        roles, groups = self.before.roles.keys() - after.roles, self.before.groups.keys() - after.groups
        if not roles and not groups:
            return ()
        found = [one for one in self.work.invitations.all() if one.status(self.at) is InvitationStatus.OPEN]
        return tuple(one for one in found if not (roles.isdisjoint(one.roles) and groups.isdisjoint(one.groups)))

    def _forget_deleted(self, after: Access) -> list[str]:
        """Take what is no longer there out of the open invitations; the ids of those that named it."""
        naming = self._promising(after)
        for one in naming:
            roles = tuple(role for role in one.roles if role in after.roles)
            groups = tuple(group for group in one.groups if group in after.groups)
            self.work.invitations.put(replace(one, roles=roles, groups=groups, revision=one.revision + 1))
        return [one.id for one in naming]

    def _refused(self, error: AuditdeckError) -> Refused:
        """What is to be raised where the log is to tell why this was not done."""
        return Refused(error, refusal_event(self._act.tag, self.by, self.at, str(error), self.about))


class AccessService:
    """What the services of roles, groups and members have in common."""

    def __init__(self, gate: Gate, entropy: Entropy) -> None:
        """`entropy` is what ids are made of."""
        self._gate = gate
        self._entropy = entropy

    @contextmanager
    def _changing(self, by: Caller, act: Act, about: Reference | None) -> Iterator[AccessChange]:
        with self._gate.writing(by, act, about) as work:
            yield AccessChange(self._gate, work, by, act, about)

    def _new_id(self, change: AccessChange, kind: type[Member] | type[Group] | type[Role]) -> str:
        return new_id(_LETTERS[kind], self._entropy, lambda one: change.work.access.has_id(kind, one))


def named_by_id(kind: str, thing_id: str) -> Reference | None:
    """What a refusal says that it is about, where only an id is known; None for what cannot be one."""
    return Reference(kind, thing_id) if can_be_id(thing_id) else None


def not_found(kind: str, thing_id: str) -> AccessNotFound:
    """What is raised where nothing of this kind has that id."""
    return AccessNotFound(f"There is no {kind} {without_secrets(thing_id)[:SHOWN_CHARACTERS]}.")


def keep(work: UnitOfWork, before: Access, after: Access, at: datetime) -> Access:
    """Write what differs between two states of access; what is since, with the revisions of all that is another."""
    kept = Access(
        _revised(before.members, after.members),
        _revised(before.groups, after.groups),
        _revised(before.roles, after.roles),
    )
    _put_each(before.roles, kept.roles, work.access.put_role)
    _put_each(before.members, kept.members, work.access.put_member)
    _put_each(before.groups, kept.groups, work.access.put_group)
    for key in before.groups.keys() - kept.groups.keys():
        work.access.delete_group(key, at)
    for key in before.roles.keys() - kept.roles.keys():
        work.access.delete_role(key, at)
    for key, member in before.members.items():
        for ssh_key in set(member.keys) - set(kept.members[key].keys):
            work.access.remove_key(ssh_key.fingerprint)
    return kept


def _revised(before: dict[str, _Thing], after: dict[str, _Thing]) -> dict[str, _Thing]:
    """Each thing with one revision more, where it is another than before."""
    return {
        key: replace(thing, revision=before[key].revision + 1) if key in before and before[key] != thing else thing
        for key, thing in after.items()
    }


def _put_each(before: dict[str, _Thing], after: dict[str, _Thing], put: Callable[[_Thing], None]) -> None:
    for key, thing in after.items():
        if before.get(key) != thing:
            put(thing)

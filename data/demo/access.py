"""Who may do what: roles, groups, invitations, members and their keys, all of it done by the services themselves."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from data.access.details import GroupDetails, RoleDetails, details_of_group, details_of_member, details_of_role
from data.access.errors import NotPermitted
from data.access.joining import Joining
from data.access.model import Delivery, Invitation
from data.caller import Caller
from data.demo.agenda import Agenda
from data.demo.cast import Cast, Member
from data.demo.entropy import SeededEntropy
from data.demo.journal import Journal, Origin
from data.demo.keys import ORDINARY, new_key
from data.demo.post import Post
from data.demo.sessions import Sessions
from data.mail.model import MailError
from data.permissions import Permission
from data.records import SYSTEM
from data.services.audit_log import AuditLog
from data.services.groups import Groups
from data.services.invitations import LASTS, Invitations
from data.services.members import Members
from data.services.roles import Roles
from data.services.ssh_keys import SshKeys

_A_LITTLE_LATER = timedelta(seconds=40)


class Access:
    """The register of access. What the services refuse changes nothing, and is in the log by then.

    Roles and groups go by handles, those of the cast; what they come to is in `Cast.access` after each act.
    """

    def __init__(
        self,
        log: AuditLog,
        cast: Cast,
        agenda: Agenda,
        journal: Journal,
        sessions: Sessions,
        entropy: SeededEntropy,
    ) -> None:
        """`entropy` is what ids, codes and keys are made of."""
        self.post = Post()
        self._log = log
        self._cast = cast
        self._agenda = agenda
        self._journal = journal
        self._sessions = sessions
        self._entropy = entropy
        self._roles = Roles(log.gate, entropy)
        self._groups = Groups(log.gate, entropy)
        self._members = Members(log.gate, entropy)
        self._keys = SshKeys(log.gate)
        self._invitations = Invitations(log.gate, entropy, mailer=self.post)

    def found(self, handle: str, member: Member) -> None:
        """Somebody becomes the first administrator, by a code that was passed on by hand."""
        self._journal.step()
        invited = self._invitations.first_administrator(Caller(SYSTEM, "cli"), member.email)
        assert invited.code is not None
        self._journal.pause(40)
        self._join(invited.code.reveal(), handle, member)

    def create_role(self, by: Origin, handle: str, name: str, description: str, permissions: str) -> None:
        with suppress(NotPermitted):
            details = RoleDetails(name, description, _permissions(permissions))
            self._cast.roles[handle] = self._roles.create(self._journal.caller(by, "role.created"), details).id
        self._learn()

    def permit(self, by: Origin, handle: str, permissions: str) -> None:
        """A role has these permissions from now on."""
        seen = self._cast.access.roles[self._cast.roles[handle]]
        with suppress(NotPermitted):
            details = replace(details_of_role(seen), permissions=_permissions(permissions))
            self._roles.edit(self._journal.caller(by, "role.updated"), seen, details)
        self._learn()

    def delete_role(self, by: Origin, handle: str) -> None:
        self._roles.delete(self._journal.caller(by, "role.deleted"), self._cast.roles.pop(handle))
        self._learn()

    def grant(self, by: Origin, role: str, member: Member) -> None:
        """Gives a role to a member."""
        self.edit_member(by, member, roles={*self._cast.access.members[member.id].roles, self._cast.roles[role]})

    def withdraw(self, by: Origin, role: str, member: Member) -> None:
        """Takes a role from a member who holds it directly."""
        self.edit_member(by, member, roles={*self._cast.access.members[member.id].roles} - {self._cast.roles[role]})

    def edit_member(
        self, by: Origin, member: Member, *, roles: set[str] | None = None, name: str | None = None
    ) -> None:
        seen = self._cast.access.members[member.id]
        details = details_of_member(seen)
        kept = details.roles if roles is None else tuple(sorted(roles))
        with suppress(NotPermitted):
            wanted = replace(details, roles=kept, name=name or details.name)
            self._members.edit(self._journal.caller(by, "member.updated"), seen, wanted)
        self._learn()

    def create_group(self, by: Origin, handle: str, name: str, description: str, roles: Sequence[str] = ()) -> None:
        details = GroupDetails(name, description, tuple(sorted(self._cast.roles[role] for role in roles)))
        with suppress(NotPermitted):
            self._cast.groups[handle] = self._groups.create(self._journal.caller(by, "group.created"), details).id
        self._learn()

    def edit_group(
        self, by: Origin, handle: str, *, name: str | None = None, roles: Sequence[str] | None = None
    ) -> None:
        """A group has this name and these roles from now on."""
        details = details_of_group(self._cast.access.groups[self._cast.groups[handle]])
        held = details.roles if roles is None else tuple(sorted(self._cast.roles[role] for role in roles))
        self._edit_group(by, handle, replace(details, name=name or details.name, roles=held))

    def delete_group(self, by: Origin, handle: str) -> None:
        """A group goes, whoever is in it."""
        caller = self._journal.caller(by, "group.deleted")
        self._groups.delete(caller, self._cast.groups.pop(handle), even_in_use=True)
        self._learn()

    def add_to_group(self, by: Origin, handle: str, member: Member) -> None:
        details = details_of_group(self._cast.access.groups[self._cast.groups[handle]])
        self._edit_group(by, handle, replace(details, members=tuple(sorted({*details.members, member.id}))))

    def remove_from_group(self, by: Origin, handle: str, member: Member) -> None:
        details = details_of_group(self._cast.access.groups[self._cast.groups[handle]])
        self._edit_group(by, handle, replace(details, members=tuple(sorted({*details.members} - {member.id}))))

    def invite(
        self, by: Origin, *addresses: str, roles: Sequence[str] = (), groups: Sequence[str] = ()
    ) -> Invitation | None:
        """Sends invitations, and gives the first of them; None if that is refused."""
        invited: tuple[Invitation, ...] = ()
        with suppress(NotPermitted):
            ids = [self._cast.roles[role] for role in roles], [self._cast.groups[group] for group in groups]
            found = self._invitations.invite(self._journal.caller(by, "invitation.sent"), addresses, *ids)
            invited = tuple(one.invitation for one in found)
        if not invited:
            return None
        self._agenda.after(LASTS + _A_LITTLE_LATER, self._note_expired)
        self._deliver()
        return invited[0]

    def refuse_mail(self, address: str, *errors: MailError) -> None:
        """The next mails to this address are not taken."""
        self.post.refuse(address, *errors)

    def resend(self, by: Origin, invitation: Invitation) -> None:
        """Sends it again, with a new code and a new end."""
        self._invitations.resend(self._journal.caller(by, "invitation.resent"), invitation.id)
        self._agenda.after(LASTS + _A_LITTLE_LATER, self._note_expired)
        self._deliver()

    def revoke_invitation(self, by: Origin, invitation: Invitation) -> None:
        self._invitations.revoke(self._journal.caller(by, "invitation.revoked"), invitation.id)

    def accept(self, handle: str, member: Member) -> None:
        """Somebody who was invited joins with a key, and holds what was promised."""
        self._join(self.post.code_for(member.email), handle, member)

    def suspend(self, by: Origin, member: Member, reason: str) -> None:
        """Bars a member; their sessions end."""
        with suppress(NotPermitted):
            self._members.suspend(self._journal.caller(by, "member.suspended"), member.id, reason)
            self._sessions.end(by, member, reason)
        self._learn()

    def reinstate(self, by: Origin, member: Member, reason: str) -> None:
        self._members.reinstate(self._journal.caller(by, "member.reinstated"), member.id, reason)
        self._learn()

    def remove(self, by: Origin, member: Member, reason: str) -> None:
        self._members.remove(self._journal.caller(by, "member.removed"), member.id, reason)
        self._learn()

    def register_key(self, by: Origin, member: Member, kind: str) -> None:
        member.key = new_key(self._entropy, _comment(member), kind)
        line = f"{member.key.line} {member.key.comment}"
        self._keys.register(self._journal.caller(by, "member.key_registered"), member.id, line)

    def remove_key(self, by: Origin, member: Member, reason: str) -> None:
        """Removes the key that a member comes in with; they may still try."""
        caller = self._journal.caller(by, "member.key_removed")
        self._keys.remove(caller, member.id, member.key_held.fingerprint, reason)

    def _edit_group(self, by: Origin, handle: str, wanted: GroupDetails) -> None:
        seen = self._cast.access.groups[self._cast.groups[handle]]
        with suppress(NotPermitted):
            self._groups.edit(self._journal.caller(by, "group.updated"), seen, wanted)
        self._learn()

    def _join(self, code: str, handle: str, member: Member) -> None:
        member.key = new_key(self._entropy, _comment(member), ORDINARY)
        self._journal.step()
        line = f"{member.key.line} {member.key.comment}"
        member.id = self._invitations.accept(code, member.name, Joining(key_line=line, address=member.addresses[0])).id
        self._cast.members[handle] = member
        self._learn()

    def _deliver(self) -> None:
        """The keeper sends what is due, and again what was not taken."""
        self._journal.step()
        if self._invitations.send_due().failed:
            for one in self._log.access.read().invitations:
                if one.delivery is Delivery.FAILED and one.next_try_at is not None:
                    self._agenda.at(max(one.next_try_at, self._agenda.now), self._deliver)

    def _note_expired(self) -> None:
        self._journal.step()
        self._invitations.note_expired()

    def _learn(self) -> None:
        self._cast.learn(self._log.access.read().access)


def _permissions(words: str) -> tuple[Permission, ...]:
    return tuple(sorted(Permission(word) for word in words.split()))


def _comment(member: Member) -> str:
    return member.email

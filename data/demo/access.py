"""Who may do what: roles, groups, invitations and members, each act with its event."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Unpack

from data.demo.agenda import Agenda
from data.demo.calendar import on
from data.demo.cast import Cast, Group, Invitation, Member, Role, amend
from data.demo.journal import KEEPER, Journal, Origin, Telling
from data.demo.register import Register
from data.demo.sessions import Sessions
from data.records import ANONYMOUS, Change, Json

WRITE = "access:write"
INVITATION_DAYS = 7
OWN_ACCESS = "nobody changes their own access"


class Access:
    """The register of access. Acts that not only administrators try ask for the permission; refused ones change nothing."""

    def __init__(self, cast: Cast, agenda: Agenda, journal: Journal, sessions: Sessions, register: Register) -> None:
        self._cast = cast
        self._agenda = agenda
        self._journal = journal
        self._sessions = sessions
        self._register = register

    def create_role(self, by: Origin, handle: str, name: str, permissions: str) -> None:
        role = Role(self._cast.next_id("r"), name, tuple(permissions.split()))
        self._cast.roles[handle] = role
        self._write_role("created", by, role)

    def update_role(self, by: Origin, role: Role, **after: object) -> None:
        refusal = by.refusal(WRITE)
        self._write_role("updated", by, role, refusal=refusal, changes=() if refusal else amend(role, **after))

    def delete_role(self, by: Origin, handle: str) -> None:
        self._write_role("deleted", by, self._cast.roles.pop(handle))

    def grant(self, by: Origin, role: Role, grantee: Member | Group) -> None:
        """Gives a role. Nobody gives one to themselves."""
        refusal = OWN_ACCESS if by.actor.id == grantee.id else by.refusal(WRITE)
        if not refusal:
            grantee.roles.append(role)
        self._write_role("granted", by, role, refusal=refusal, grantee=grantee)

    def withdraw(self, by: Origin, role: Role, grantee: Member | Group, refusal: str | None = None) -> None:
        """Takes a role that is held. A `refusal` is a rule that stands against it."""
        refusal = refusal or by.refusal(WRITE)
        if not refusal:
            grantee.roles.remove(role)
        self._write_role("withdrawn", by, role, refusal=refusal, grantee=grantee)

    def create_group(self, by: Origin, handle: str, name: str, description: str) -> None:
        group = Group(self._cast.next_id("g"), name, description, [])
        self._cast.groups[handle] = group
        self._write_group("created", by, group)

    def update_group(self, by: Origin, group: Group, **after: object) -> None:
        self._write_group("updated", by, group, changes=amend(group, **after))

    def delete_group(self, by: Origin, handle: str) -> None:
        group = self._cast.groups.pop(handle)
        for member in list(self._members_of(group)):
            self.remove_from_group(by, group, member)
        self._write_group("deleted", by, group)

    def add_to_group(self, by: Origin, group: Group, member: Member) -> None:
        refusal = OWN_ACCESS if by.actor.id == member.id else by.refusal(WRITE)
        if not refusal:
            member.groups.append(group)
        self._write_membership("member_added", by, group, member, refusal)

    def remove_from_group(self, by: Origin, group: Group, member: Member) -> None:
        member.groups.remove(group)
        self._write_membership("member_removed", by, group, member)

    def invite(self, by: Origin, email: str, role: Role, because: str | None = None) -> Invitation:
        """Sends an invitation; `because` tells why its mail could not be handed over."""
        expires = self._journal.today + timedelta(days=INVITATION_DAYS)
        invitation = Invitation(self._cast.next_id("i"), email, role, expires)
        refusal = by.refusal(WRITE)
        invitation.open = refusal is None
        self._write_invitation("sent", by, invitation, refusal=refusal, failure=because)
        self._watch_invitation(invitation)
        return invitation

    def resend(self, by: Origin, invitation: Invitation) -> None:
        """Sends it again, with a new code and a new end."""
        changes = amend(invitation, expires=self._journal.today + timedelta(days=INVITATION_DAYS))
        self._write_invitation("resent", by, invitation, changes=changes)
        self._watch_invitation(invitation)

    def return_mail(self, invitation: Invitation, because: str) -> None:
        """The mail server gives the invitation back after it had taken it."""
        self._write_invitation("delivery_failed", KEEPER, invitation, failure=because)

    def revoke_invitation(self, by: Origin, invitation: Invitation, reason: str) -> None:
        invitation.open = False
        self._write_invitation("revoked", by, invitation, reason=reason)

    def accept(self, invitation: Invitation, handle: str, member: Member) -> None:
        """Somebody who was invited joins, registers a key and holds the role that was promised."""
        invitation.open = False
        member.roles.append(invitation.role)
        stranger = Origin(ANONYMOUS, "console", member.addresses[0], "OpenSSH_9.6")
        request = self._journal.request_id()
        self._write_invitation("accepted", stranger, invitation, request_id=request)
        self._cast.members[handle] = member
        self._register.enrol(member.reference, member.email, self._journal.now)
        by = Origin(member.reference, "console", member.addresses[0], "OpenSSH_9.6")
        self._write_member("joined", by, member, request_id=request)
        self._write_member("key_registered", by, member, request_id=request)

    def update_member(self, by: Origin, member: Member, **after: object) -> None:
        self._write_member("updated", by, member, changes=amend(member, **after))

    def suspend(self, by: Origin, member: Member, reason: str, refusal: str | None = None) -> None:
        """Bars a member and ends their sessions. A `refusal` is a rule that stands against it."""
        refusal = refusal or by.refusal(WRITE)
        changes = () if refusal else amend(member, status="suspended")
        self._write_member("suspended", by, member, refusal=refusal, reason=reason, changes=changes)
        if not refusal:
            self._sessions.end(by, member, reason)

    def reinstate(self, by: Origin, member: Member, reason: str) -> None:
        changes = amend(member, status="active")
        self._write_member("reinstated", by, member, reason=reason, changes=changes)

    def remove(self, by: Origin, member: Member, reason: str) -> None:
        changes = amend(member, status="removed")
        self._write_member("removed", by, member, reason=reason, changes=changes)

    def register_key(self, by: Origin, member: Member, key_type: str) -> None:
        member.key_type = key_type
        self._write_member("key_registered", by, member)

    def remove_key(self, by: Origin, member: Member, reason: str) -> None:
        self._write_member("key_removed", by, member, reason=reason)
        member.key_type = None

    def _members_of(self, group: Group) -> Iterator[Member]:
        return (member for member in self._cast.members.values() if group in member.groups)

    def _watch_invitation(self, invitation: Invitation) -> None:
        end = on(invitation.expires + timedelta(days=1), "00:00:40")
        self._agenda.at(end, partial(self._expire, invitation, end))

    def _expire(self, invitation: Invitation, end: object) -> None:
        if invitation.open and on(invitation.expires + timedelta(days=1), "00:00:40") == end:
            invitation.open = False
            self._write_invitation("expired", KEEPER, invitation)

    def _write_role(
        self,
        act: str,
        by: Origin,
        role: Role,
        *,
        refusal: str | None = None,
        changes: tuple[Change, ...] = (),
        grantee: Member | Group | None = None,
    ) -> None:
        holders = sum(role in member.all_roles for member in self._cast.members.values() if member.status == "active")
        data: dict[str, Json] = {"members": holders, "permissions": [*role.permissions]}
        if grantee is not None:
            data |= {"grantee": grantee.name, "grantee_id": grantee.id, "grantee_type": grantee.reference.type}
        self._journal.write(f"role.{act}", by, role.reference, refusal=refusal, changes=changes, data=data)

    def _write_group(self, act: str, by: Origin, group: Group, changes: tuple[Change, ...] = ()) -> None:
        data: dict[str, Json] = {"members": sum(1 for _ in self._members_of(group))}
        self._journal.write(f"group.{act}", by, group.reference, changes=changes, data=data)

    def _write_membership(self, act: str, by: Origin, group: Group, member: Member, refusal: str | None = None) -> None:
        members = sum(1 for _ in self._members_of(group))
        data: dict[str, Json] = {"group": group.name, "group_id": group.id, "members": members}
        self._journal.write(f"group.{act}", by, member.reference, refusal=refusal, data=data)

    def _write_invitation(
        self,
        act: str,
        by: Origin,
        invitation: Invitation,
        **telling: Unpack[Telling],
    ) -> None:
        data: dict[str, Json] = {"role": invitation.role.name, "expires": invitation.expires.isoformat()}
        self._journal.write(
            f"invitation.{act}",
            by,
            invitation.reference,
            data=data,
            **telling,
        )

    def _write_member(
        self,
        act: str,
        by: Origin,
        member: Member,
        **telling: Unpack[Telling],
    ) -> None:
        data: dict[str, Json] = {"status": member.status}
        if act.startswith("key_"):
            data["key_type"] = member.key_type
        self._journal.write(
            f"member.{act}",
            by,
            member.reference,
            data=data,
            **telling,
        )

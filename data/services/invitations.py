"""Invitations: sent, sent again, revoked, over; and accepted, by which somebody becomes a member."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.access.codes import JoinCode, new_code
from data.access.details import plain_address, reason_if_any
from data.access.errors import AccessError, AccessWrong
from data.access.joining import Invited, Joining, Sent, invitation_text, with_newcomer
from data.access.model import ADMINISTRATOR_ROLE, Delivery, Invitation, InvitationStatus, Member
from data.caller import Caller
from data.mail.model import Mailer
from data.services.access_changes import AccessService, named_by_id
from data.services.acts import INVITE, INVITE_FIRST, NOTE_INVITATIONS_OVER, RESEND_INVITATION, REVOKE_INVITATION
from data.services.delivery import Delivering
from data.services.gate import Gate
from data.services.invitation_events import invitation_event
from data.services.invitation_steps import address_problems, given_problems, note_over, open_invitation, revoke
from data.services.joins import Joins
from data.services.new_ids import new_id
from data.store import UnitOfWork
from data.tokens import Entropy

LASTS = timedelta(days=7)
"""From its sending to its end."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What an invitation gives: ids, sorted and each once."""

    roles: tuple[str, ...]
    groups: tuple[str, ...]

    @classmethod
    def of(cls, roles: Sequence[str], groups: Sequence[str]) -> "_Given":
        return cls(tuple(sorted(set(roles))), tuple(sorted(set(groups))))


class Invitations(AccessService):
    """The invitations of one organisation.

    Every method may raise NotPermitted, and the errors of `data.errors`. Those that change an invitation raise
    AccessNotFound, and AccessError with a plain sentence for one that nothing can be done with any more; nothing is
    changed then. `by` is who asks, which the events tell.
    """

    def __init__(
        self,
        gate: Gate,
        entropy: Entropy = secrets.token_bytes,
        *,
        mailer: Mailer | None = None,
        join_command: str | None = None,
    ) -> None:
        """Without a `mailer`, whoever invites passes the text on. `join_command` is what the text tells to type."""
        super().__init__(gate, entropy)
        self._has_mail = mailer is not None
        self._join_command = join_command
        self._joins = Joins(gate, entropy)
        self._delivering = Delivering(gate, entropy, mailer, join_command)

    def invite(
        self, by: Caller, addresses: Sequence[str], roles: Sequence[str] = (), groups: Sequence[str] = ()
    ) -> tuple[Invited, ...]:
        """Invite people at these addresses, each with these roles and groups (ids): all of them, or nobody.

        Raises AccessWrong with a sentence for each address that cannot be invited, under the address as it was given;
        for roles and groups that are not there under `roles` and `groups`, and for no address at all under `addresses`.
        """
        given = _Given.of(roles, groups)
        with self._changing(by, INVITE, None) as change:
            work, access = change.work, change.before
            problems = {
                **address_problems(work, addresses, access, change.at),
                **given_problems(given.roles, given.groups, access),
            }
            if problems:
                raise AccessWrong(problems)
            change.judge(with_newcomer(access, given.roles, given.groups))
            invited = tuple(self._invite(work, by, address, given, change.at) for address in addresses)
            work.commit()
            return invited

    def resend(self, by: Caller, invitation_id: str, *, by_hand: bool = False) -> Invited:
        """Send an open invitation again, with a new code and as many days as a new one: the code before works no more.

        With `by_hand`, or without mail, its text is to be passed on. From then on it is `by` who invites, and has to hold
        what it gives.
        """
        with self._changing(by, RESEND_INVITATION, named_by_id("invitation", invitation_id)) as change:
            work, now = change.work, change.at
            invitation = open_invitation(work, invitation_id, now)
            change.about = invitation.reference
            change.judge(with_newcomer(change.before, invitation.roles, invitation.groups))
            again = replace(
                invitation,
                invited_by=by.actor,
                expires_at=now + LASTS,
                attempts=0,
                last_error=None,
                next_try_at=None,
                sent_at=None,
                revision=invitation.revision + 1,
            )
            invited = self._put(work, again, by_hand=by_hand)
            work.events.append(invitation_event("resent", by, invited.invitation, now))
            work.commit()
            return invited

    def revoke(self, by: Caller, invitation_id: str, reason: str = "") -> Invitation:
        """End an open invitation: nobody joins with its code any more. AccessWrong is for the `reason`."""
        with self._gate.writing(by, REVOKE_INVITATION, named_by_id("invitation", invitation_id)) as work:
            why = reason_if_any(reason)
            now = work.events.moment_after_all(self._gate.clock())
            revoked = revoke(work, by, open_invitation(work, invitation_id, now), now, why)
            work.commit()
            return revoked

    def accept(self, code: str, name: str, joining: Joining) -> Member:
        """Make whoever typed this code a member, under this name, or what the address lets one guess if it is empty.

        Nobody has to be signed in for it. Raises CodeRefused for a code that nobody joins with, and AccessWrong for a
        `name`, a `login` or a `key` that cannot be; the code can then be used all the same.
        """
        return self._joins.accept(code, name, joining)

    def send_due(self) -> Sent:
        """Send the mails that are due, each with a code of its own; what goes wrong stands on the invitation.

        That takes as long as the mail server takes, half a minute and one mail at most; what is left then, is for the
        next call. Two calls at once send nothing twice.
        """
        return self._delivering.send_due()

    def note_expired(self) -> int:
        """Log every invitation whose time is over and of which the log does not know it yet; how many."""
        with self._gate.reading(NOTE_INVITATIONS_OVER) as transaction:
            if not transaction.invitations.over(self._gate.clock()):
                return 0  # nobody who changes access waits for it, once a minute
        with self._gate.writing(None, NOTE_INVITATIONS_OVER) as work:
            noted = note_over(work, work.invitations.over(self._gate.clock()))
            if noted:
                work.commit()
            return noted

    def first_administrator(self, by: Caller, email: str) -> Invited:
        """Invite the first administrator of an organisation that has none, by hand; `by` is the system.

        An invitation of this kind that was sent before, whose code may be lost, is revoked. Raises AccessWrong for the
        address, AccessError if there is an active administrator.
        """
        with self._gate.writing(by, INVITE_FIRST) as work:
            now = work.events.moment_after_all(self._gate.clock())
            access = work.access.all()
            if access.administrators:
                names = ", ".join(sorted(access.members[one].name for one in access.administrators)[:3])
                raise AccessError(f"There is an administrator already, who can invite others: {names}.")
            for older in work.invitations.all():
                if older.invited_by.type == by.actor.type and older.status(now) is InvitationStatus.OPEN:
                    revoke(work, by, older, now)
            problems = address_problems(work, [email], access, now)
            if problems:
                raise AccessWrong(problems)
            invited = self._invite(work, by, email, _Given((ADMINISTRATOR_ROLE,), ()), now, by_hand=True)
            work.commit()
            return invited

    def _invite(
        self, work: UnitOfWork, by: Caller, address: str, given: _Given, now: datetime, *, by_hand: bool = False
    ) -> Invited:
        invitation = Invitation(
            id=new_id("i", self._entropy, work.invitations.find),
            email=plain_address(address),
            invited_by=by.actor,
            invited_at=now,
            expires_at=now + LASTS,
            roles=given.roles,
            groups=given.groups,
        )
        invited = self._put(work, invitation, by_hand=by_hand)
        work.events.append(invitation_event("sent", by, invited.invitation, now))
        return invited

    def _put(self, work: UnitOfWork, invitation: Invitation, *, by_hand: bool) -> Invited:
        """Keep an invitation with a new code: made now, or as the mail is sent."""
        if self._has_mail and not by_hand:
            waiting = replace(invitation, delivery=Delivery.WAITING)
            work.invitations.put(waiting)
            work.invitations.forget_code(waiting.id)
            return Invited(waiting)
        by_hand_now = replace(invitation, delivery=Delivery.BY_HAND)
        code = new_code(self._entropy)
        work.invitations.put(by_hand_now, code.digest)
        return Invited(by_hand_now, code, self._text(work, by_hand_now, code))

    def _text(self, work: UnitOfWork, invitation: Invitation, code: JoinCode) -> str:
        inviter = invitation.invited_by.label
        zone = work.policy_in_force.zone
        return invitation_text(inviter, code, invitation.expires_at, zone, self._join_command)

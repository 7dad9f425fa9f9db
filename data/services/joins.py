"""Joining: a code that somebody types makes them a member, once; and wrong codes cannot be typed without end."""

from dataclasses import replace
from datetime import datetime, timedelta

from data.access.codes import JoinCode, MistypedCode, NoCode, read_code
from data.access.errors import AccessWrong, NotSignedIn
from data.access.joining import CodeRefused, Joining, name_from, with_newcomer
from data.access.model import Access, Invitation, InvitationStatus, Member, MemberStatus
from data.access.rules import problem_of
from data.access.ssh_keys import PublicKey, read_public_key
from data.caller import Caller
from data.naming.texts import name_problem, plain_name
from data.permissions import Permission
from data.records import ANONYMOUS, SYSTEM, ActorType, Json, Reference
from data.services.access_changes import keep
from data.services.access_events import access_events
from data.services.acts import JOIN, LOOK_AT_LIMITS
from data.services.gate import Gate
from data.services.identity import Transaction
from data.services.invitation_events import (
    code_refused_event,
    invitation_event,
    joined_event,
)
from data.services.new_ids import new_id
from data.services.ssh_keys import add_key
from data.store import UnitOfWork
from data.store.access import folded_address
from data.tokens import Entropy

WINDOW = timedelta(minutes=15)
MOST_WRONG = 10
"""So many wrong codes one may type within the window: one key, one login, one address."""

MOST_WRONG_IN_ALL = 200
"""So many wrong codes are counted and logged within the window, whoever types them."""

_EVERYBODY = "everybody"
_WAIT = "Too many wrong codes were typed from here. Try again in a quarter of an hour."
_NOT_OVER_SSH = "Nobody joins over SSH here: the organisation's rules say so. Ask whoever invited you."
_UNKNOWN = "No invitation has this code. Each mail brings a new one, and the newest alone works."
_OVER = {
    InvitationStatus.ACCEPTED: "This code was used already.",
    InvitationStatus.REVOKED: "This invitation was revoked. Ask whoever invited you.",
    InvitationStatus.EXPIRED: "This invitation is over. Ask for a new one.",
}


class Joins:
    """Lets people join one organisation."""

    def __init__(self, gate: Gate, entropy: Entropy) -> None:
        self._gate = gate
        self._entropy = entropy

    def accept(self, code: str, name: str, joining: Joining) -> Member:
        """See `data.services.invitations.Invitations.accept`."""
        key = None if joining.key_line is None else read_public_key(joining.key_line)
        typed: JoinCode | str
        try:
            typed = read_code(code)
        except (NoCode, MistypedCode) as error:
            typed = str(error)
        by_system = Caller(SYSTEM, "join", joining.address)
        with self._gate.reading(LOOK_AT_LIMITS, by=by_system) as transaction:
            if key is not None and not transaction.policy_in_force.ssh_join:
                raise CodeRefused(_NOT_OVER_SSH)
            whos = self._whos(transaction, joining, key)
            self._refuse_one_too_many(transaction, whos, typed)
        with self._gate.writing(by_system, JOIN) as work:
            self._refuse_one_too_many(work, whos, typed)  # once more: many may have come at once
            now = work.events.moment_after_all(self._gate.clock())
            invitation = None if isinstance(typed, str) else work.invitations.with_code(typed.digest)
            refusal = typed if isinstance(typed, str) else self._refusal(invitation, now)
            if refusal is None:
                assert invitation is not None
                refusal = self._inviter_problem(work, invitation)
            if refusal is not None:
                self._note_wrong(work, whos, joining, key, refusal, invitation, now)
                work.commit()
                raise CodeRefused(refusal)
            assert invitation is not None
            member = self._member(work, invitation, name, joining, key, now)
            joined = _join(work, member, key, invitation, joining, now)
            work.commit()
            return joined

    def _refuse_one_too_many(self, transaction: Transaction, whos: tuple[str, ...], typed: JoinCode | str) -> None:
        """A right code is kept out by the limit of whoever types it, never by what all others have typed."""
        now, invitations = self._gate.clock(), transaction.invitations
        if any(invitations.attempts_of(who, now, WINDOW) >= MOST_WRONG for who in whos):
            raise CodeRefused(_WAIT)
        if invitations.attempts_of(_EVERYBODY, now, WINDOW) < MOST_WRONG_IN_ALL:
            return
        if isinstance(typed, str) or self._refusal(invitations.with_code(typed.digest), now) is not None:
            raise CodeRefused(_WAIT)

    def _refusal(self, invitation: Invitation | None, now: datetime) -> str | None:
        return _UNKNOWN if invitation is None else _OVER.get(invitation.status(now))

    def _inviter_problem(self, work: UnitOfWork, invitation: Invitation) -> str | None:
        """Why nobody gives any more what this invitation gives.

        It is given as somebody joins, and not before: so whoever invited has to be there, may still manage members, and
        holds it at that moment, as for every other grant. Otherwise one who is about to be removed could leave a way in
        behind, for others or for themselves. Then nobody joins with it, rather than with less than they were told;
        whoever sends it again answers for it from then on. A role or group that was deleted since is simply not given:
        that was somebody's decision.
        """
        inviter, access = invitation.invited_by, work.access.all()
        if inviter.type == ActorType.SYSTEM:
            return (
                "The organisation has an administrator by now; ask them for an invitation."
                if access.administrators
                else None
            )
        try:
            standing = self._gate.standing_now(work, inviter)
        except NotSignedIn:
            return f"{inviter.label}, who invited you, is no active member any more. Ask for a new invitation."
        joined = with_newcomer(access, invitation.roles, invitation.groups)
        if not standing.may(Permission.ACCESS_WRITE) or problem_of(access, joined, standing) is not None:
            return (
                f"{inviter.label}, who invited you, may not give any more what this invitation gives. "
                "Ask for a new one."
            )
        return None

    def _note_wrong(
        self,
        work: UnitOfWork,
        whos: tuple[str, ...],
        joining: Joining,
        key: PublicKey | None,
        refusal: str,
        invitation: Invitation | None,
        now: datetime,
    ) -> None:
        """Count it; the log is told of all that were once codes, of the others of the first and of the last."""
        typed_at = self._gate.clock()
        before = max(work.invitations.attempts_of(who, typed_at, WINDOW) for who in whos)
        for who in (*whos, _EVERYBODY):
            work.invitations.note_attempt(who, typed_at, WINDOW)
        if invitation is not None or before in (0, MOST_WRONG - 1):
            name = key.fingerprint if key is not None else self._login(work, joining)
            by = Caller(Reference(ActorType.ANONYMOUS, name=name) if name else ANONYMOUS, "join", joining.address)
            work.events.append(code_refused_event(by, now, refusal, invitation))

    def _whos(self, transaction: Transaction, joining: Joining, key: PublicKey | None) -> tuple[str, ...]:
        """Whose wrong codes are counted: those of whoever types, and of everybody at their address."""
        own = f"key {key.fingerprint}" if key is not None else f"login {joining.login or transaction.login}"
        return (own,) if joining.address is None else (own, f"address {joining.address}")

    def _login(self, work: UnitOfWork, joining: Joining) -> str | None:
        """The PostgreSQL login by which they will come in; on an embedded database nobody comes in by one."""
        return work.login if joining.login is None and not self._gate.database.location.is_embedded else joining.login

    def _member(
        self,
        work: UnitOfWork,
        invitation: Invitation,
        name: str,
        joining: Joining,
        key: PublicKey | None,
        now: datetime,
    ) -> Member:
        """The member that comes of it. Raises AccessWrong."""
        access = work.access.all()
        plain = plain_name(name) or name_from(invitation.email)
        login = None if key is not None else self._login(work, joining)
        problems = {
            "name": name_problem(plain, "member"),
            "email": _email_problem(invitation.email, access),
            "login": None if login is None else _login_problem(work, login),
            "key": None if key is None else _key_problem(work, key),
        }
        wrong = {field: problem for field, problem in problems.items() if problem is not None}
        if wrong:
            raise AccessWrong(wrong)
        return Member(
            id=new_id("m", self._entropy, lambda one: work.access.has_id(Member, one)),
            name=plain,
            email=invitation.email,
            joined_at=now,
            roles=tuple(one for one in invitation.roles if one in access.roles),
            groups=tuple(one for one in invitation.groups if one in access.groups),
            login=login,
        )


def _join(
    work: UnitOfWork, member: Member, key: PublicKey | None, invitation: Invitation, joining: Joining, now: datetime
) -> Member:
    """Make them a member with this key, and with what the invitation gives, which is given by whoever invited."""
    access = work.access.all()
    by = Caller(member.reference, "join", joining.address)
    giver = Caller(invitation.invited_by, "join")
    bare = with_newcomer(access, (), (), member)
    after = with_newcomer(access, member.roles, member.groups, member)
    keep(work, access, after, now)
    work.events.append(joined_event(by, member, key, invitation, now))
    keys = () if key is None else (add_key(work, by, member, key, now),)
    work.events.append(*access_events(bare, after, giver, now))
    accepted = replace(
        invitation,
        accepted_at=now,
        accepted_by=member.id,
        next_try_at=None,
        revision=invitation.revision + 1,
    )
    work.invitations.put(accepted)
    data: dict[str, Json] = {} if joining.terminal is None else {"terminal": joining.terminal}
    work.events.append(invitation_event("accepted", by, accepted, now, data=data))
    return replace(member, keys=keys)


def _email_problem(email: str, access: Access) -> str | None:
    for member in access.members.values():
        if member.status is not MemberStatus.REMOVED and folded_address(member.email) == folded_address(email):
            return f"There is a member with the address {email} already."
    return None


def _login_problem(work: UnitOfWork, login: str) -> str | None:
    owner = work.access.member_of_login(login)
    return None if owner is None else f"The login {login} is {owner.name}'s already; a member has a login of their own."


def _key_problem(work: UnitOfWork, key: PublicKey) -> str | None:
    owner = work.access.member_of_key(key.fingerprint)
    return None if owner is None else f"The key {key.fingerprint} is a member's already; join with a key of your own."

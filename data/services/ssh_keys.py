"""The public keys of members: registered and removed, each with its event in one unit of work; and what sshd asks of them."""

from dataclasses import dataclass
from datetime import datetime

from data.access.details import reason_if_any
from data.access.errors import AccessNotFound, AccessWrong, NotPermitted
from data.access.model import Member, MemberStatus, SshKey
from data.access.rules import outranked_problem, permissions_when_active
from data.access.ssh_keys import FIELD, PublicKey, read_public_key
from data.caller import Caller
from data.naming.texts import REASON_WANTED
from data.records import ActorType, Draft, Json
from data.services.access_changes import named_by_id
from data.services.acts import (
    READ_KEY_STANDING,
    READ_OWN_KEYS,
    REGISTER_ANOTHERS_KEY,
    REGISTER_OWN_KEY,
    REMOVE_ANOTHERS_KEY,
    REMOVE_OWN_KEY,
)
from data.services.gate import Gate, Refused, refusal_event
from data.services.new_ids import can_be_id
from data.services.sessions import end_sessions
from data.store import UnitOfWork

MOST_KEYS = 20
"""A member has at most so many."""
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """What a key opens: `member` is whose it is, whatever became of them; with None, `may_join` says if an invitation may
    be accepted with it.
    """

    member: Member | None
    may_join: bool = False


class SshKeys:
    """The keys of one database's members.

    Every method may raise NotPermitted and NotSignedIn, and the errors of `data.errors`. Nothing is changed then.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def register(self, by: Caller, member_id: str, line: str) -> SshKey:
        """Register a key, given as `id_ed25519.pub` has it, for a member: everybody for themselves, others' by access:write.

        Whoever registers a key for somebody else may use it: they have to hold all that this member holds. Raises
        AccessNotFound for one who is no member, and AccessWrong with the problem of `key`, also if it is registered.
        """
        key = read_public_key(line)
        is_own = _is(by, member_id)
        act = REGISTER_OWN_KEY if is_own else REGISTER_ANOTHERS_KEY
        with self._gate.writing(by, act, named_by_id(ActorType.MEMBER, member_id)) as work:
            now = work.events.moment_after_all(self._gate.clock())
            member = _member(work, member_id)
            if not is_own:
                self._refuse_to_exceed(work, by, member, now)
            _refuse_registered(work, member, key)
            if len(member.keys) >= MOST_KEYS:
                raise AccessWrong({FIELD: f"{member.name} has {MOST_KEYS} keys already; remove one first."})
            added = add_key(work, by, member, key, now)
            work.commit()
            return added

    def remove(self, by: Caller, member_id: str, fingerprint: str, reason: str = "") -> None:
        """Remove a key: everybody their own, others' by access:write and for a reason, unless these may do
        more than whoever asks. Sessions that it opened end.

        Raises AccessNotFound for one who is no member, or has no such key, and AccessWrong with the problem of `reason`.
        """
        is_own = _is(by, member_id)
        why = reason_if_any(reason)
        if why is None and not is_own:
            raise AccessWrong({"reason": REASON_WANTED})
        act = REMOVE_OWN_KEY if is_own else REMOVE_ANOTHERS_KEY
        with self._gate.writing(by, act, named_by_id(ActorType.MEMBER, member_id)) as work:
            now = work.events.moment_after_all(self._gate.clock())
            member = _member(work, member_id)
            key = next((one for one in member.keys if one.fingerprint == fingerprint), None)
            if key is None:
                raise AccessNotFound(f"{member.name} has no key {fingerprint[:_SHOWN_CHARACTERS]}.")
            problem = None if is_own else outranked_problem(work.access.all(), member, self._gate.standing_of(work, by))
            if problem is not None:
                event = refusal_event(act.tag, by, now, problem, member.reference)
                raise Refused(NotPermitted(problem), event)
            work.access.remove_key(key.fingerprint)
            work.events.append(_key_event("removed", by, member, key, now, why))
            opened = work.sessions.going_on(fingerprint=key.fingerprint)
            end_sessions(work, by, opened, now, f"the key {key.fingerprint} was removed")
            work.commit()

    def own(self) -> Member | None:
        """The member who asks, with their keys; everybody may see these. None for the owner of an embedded database."""
        with self._gate.reading(READ_OWN_KEYS) as transaction:
            own = self._gate.caller_in(transaction).actor.id
            return None if own is None else transaction.access.member(own)

    def standing_of(self, key: PublicKey) -> KeyStanding:
        """What this key opens; for sshd, which asks before anybody has come in."""
        with self._gate.reading(READ_KEY_STANDING) as transaction:
            member = transaction.access.member_of_key(key.fingerprint)
            return KeyStanding(member, member is None and transaction.policy_in_force.ssh_join)

    def _refuse_to_exceed(self, work: UnitOfWork, by: Caller, member: Member, now: datetime) -> None:
        beyond = permissions_when_active(work.access.all(), member) - self._gate.standing_of(work, by).permissions
        if beyond:
            words = ", ".join(sorted(beyond))
            sentence = f"{member.name} holds {words}, which {by.actor.label} does not: whoever has a key of theirs could use it."
            event = refusal_event(REGISTER_ANOTHERS_KEY.tag, by, now, sentence, member.reference)
            raise Refused(NotPermitted(sentence), event)


def add_key(work: UnitOfWork, by: Caller, member: Member, key: PublicKey, now: datetime) -> SshKey:
    """Add a key that nobody has registered, and its event, in a unit of work that whoever calls commits."""
    added = SshKey(key.fingerprint, key.kind, key.bits, key.blob, key.comment, now)
    work.access.add_key(member.id, added)
    work.events.append(_key_event("registered", by, member, added, now))
    return added


def _is(by: Caller, member_id: str) -> bool:
    return by.actor.type == ActorType.MEMBER and by.actor.id == member_id


def _member(work: UnitOfWork, member_id: str) -> Member:
    member = work.access.member(member_id) if can_be_id(member_id) else None
    if member is None or member.status is MemberStatus.REMOVED:
        raise AccessNotFound(f"There is no member {member_id[:_SHOWN_CHARACTERS]}, who could have a key.")
    return member


def _refuse_registered(work: UnitOfWork, member: Member, key: PublicKey) -> None:
    holder = work.access.member_of_key(key.fingerprint)
    if holder is None:
        return
    whose = f"{member.name}'s already" if holder.id == member.id else "registered by somebody else"
    raise AccessWrong({FIELD: f"The key {key.fingerprint} is {whose}."})


def _key_event(act: str, by: Caller, member: Member, key: SshKey, at: datetime, reason: str | None = None) -> Draft:
    data: dict[str, Json] = {
        "fingerprint": key.fingerprint,
        "key_type": key.kind,
        "bits": key.bits,
        "comment": key.comment,
    }
    return by.draft(f"member.key_{act}", at, target=member.reference, reason=reason, data=data)

"""What is lost, and by whom, when something of who may do what comes to its end: said before it is done."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from data.access.editing import without_group, without_role
from data.access.model import Access, AccessList, Invitation, InvitationStatus, Member, Session, SshKey
from data.access.rules import gains, losses, permissions_when_active
from data.permissions import Permission
from tui.presenters.access_losses import gain_sentences, loss_sentences, member_names, permission_words
from tui.presenters.form import listed
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text, minute_text
from tui.terminal import safe, wrap

_VALUE_AT, _NARROW_AT = 16, 4
_WIDE = 64
_MOST_CHARACTERS = 4_000
_MOST_SESSIONS = 6
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class EndLine:
    """One thing that stops, or goes on, under its label."""

    label: str
    text: str
    role: Role = Role.TEXT


@dataclass(frozen=True, slots=True)
class Consequences:
    """What it means in a sentence, and what stops: two of them are equal where nothing of it has changed."""

    meaning: str
    lines: tuple[EndLine, ...]
    heading: str = "What stops"


def role_consequences(found: AccessList, role_id: str) -> Consequences:
    """Of deleting a role."""
    access, role = found.access, found.access.roles[role_id]
    direct = [one.id for one in access.members.values() if role_id in one.roles]
    groups = sorted(one.name for one in access.groups.values() if role_id in one.roles)
    lines = [
        EndLine("permissions", permission_words(role.permissions) if role.permissions else "none"),
        EndLine("members", member_names(access, direct) if direct else "nobody holds it directly"),
        EndLine("groups", listed(groups) if groups else "no group has it"),
        *_invited(found, lambda one: role_id in one.roles),
        *_lost(access, without_role(access, role_id)),
    ]
    return Consequences("It is gone for good, and its name becomes free. What was done with it stays.", tuple(lines))


def group_consequences(found: AccessList, group_id: str) -> Consequences:
    """Of deleting a group."""
    access, group = found.access, found.access.groups[group_id]
    roles = sorted(access.roles[one].name for one in group.roles if one in access.roles)
    lines = [
        EndLine("members", member_names(access, group.members) if group.members else "nobody is in it"),
        EndLine("roles", listed(roles) if roles else "it has none"),
        *_invited(found, lambda one: group_id in one.groups),
        *_lost(access, without_group(access, group_id)),
    ]
    return Consequences("It is gone for good, and its name becomes free. Its members stay members.", tuple(lines))


def removal_consequences(found: AccessList, member_id: str, zone: ZoneInfo) -> Consequences:
    """Of removing a member."""
    access, member = found.access, found.access.members[member_id]
    lines = [
        *_sessions(found.sessions, member_id, zone),
        EndLine("keys", _number(len(member.keys), "key") + (" goes" if len(member.keys) == 1 else " go"))
        if member.keys
        else EndLine("keys", "none"),
        *_links(access, member),
        *_inviting(found, member_id),
        _loses(access.permissions_of(member_id)),
    ]
    return Consequences(
        "They never come in again but by a new invitation. Their name stays on what they did.", tuple(lines)
    )


def suspension_consequences(found: AccessList, member_id: str, zone: ZoneInfo) -> Consequences:
    """Of suspending a member."""
    access, member = found.access, found.access.members[member_id]
    lines = [
        *_sessions(found.sessions, member_id, zone),
        *_inviting(found, member_id),
        _loses(access.permissions_of(member_id)),
        EndLine("stays", f"roles, groups and {_number(len(member.keys), 'key')}, for when they are let in again"),
    ]
    return Consequences("They cannot come in until they are reinstated.", tuple(lines))


def reinstatement_consequences(found: AccessList, member_id: str) -> Consequences:
    """Of letting a suspended member in again."""
    access, member = found.access, found.access.members[member_id]
    held = permissions_when_active(access, member)
    lines = (
        EndLine("permissions", permission_words(held) if held else "none", Role.DENIED if held else Role.TEXT),
        *_links(access, member),
        EndLine("keys", _number(len(member.keys), "key") if member.keys else "none"),
    )
    return Consequences("They can come in again, with all that they had.", lines, "What they have again")


def session_consequences(session: Session, zone: ZoneInfo) -> Consequences:
    """Of ending a session."""
    lines = (
        EndLine("member", session.member.label),
        EndLine("since", minute_text(session.began_at, zone)),
        EndLine("from", session.address or "not known"),
        EndLine("terminal", session.terminal or "not known"),
    )
    return Consequences("That console locks within five seconds. Its member can sign in again.", lines)


def revocation_consequences(found: AccessList, invitation: Invitation, zone: ZoneInfo) -> Consequences:
    """Of revoking an invitation."""
    access = found.access
    roles = [access.roles[one].name for one in invitation.roles if one in access.roles]
    groups = [access.groups[one].name for one in invitation.groups if one in access.groups]
    lines = (
        EndLine("joins with", listed(sorted([*roles, *groups])) if roles or groups else "no role and no group"),
        EndLine("invited by", f"{invitation.invited_by.label}, {minute_text(invitation.invited_at, zone)}"),
    )
    return Consequences("Nobody joins with its code any more; they can be invited anew.", lines)


def key_consequences(found: AccessList | None, member: Member, key: SshKey, zone: ZoneInfo) -> Consequences:
    """Of removing a key; `found` is None where one may see no more than one's own keys."""
    sessions = () if found is None else found.sessions
    others = len(member.keys) - 1
    lines = [
        EndLine("key", f"{key.kind}, {key.bits} bits  {key.comment}".rstrip()),
        EndLine("registered", minute_text(key.registered_at, zone)),
        *_sessions([one for one in sessions if one.fingerprint == key.fingerprint], member.id, zone),
        EndLine("others", f"{_number(others, 'other key')} of {member.name}", Role.TEXT if others else Role.DENIED),
    ]
    return Consequences("Nobody comes in with it again; it can be registered anew.", tuple(lines))


def consequence_rows(told: Consequences, width: int) -> Iterator[Row]:
    """What is said of it, on as many rows as it takes."""
    yield from _wrapped(told.meaning, 2, Role.DENIED, width)
    yield ()
    yield Line(width).at(2).add(told.heading, Role.MUTED, bold=True).row()
    at = _VALUE_AT if width >= _WIDE else _NARROW_AT
    for one in told.lines:
        parts = wrap(safe(one.text, limit=_MOST_CHARACTERS), max(width - at - 1, 1))
        if at == _NARROW_AT and one.label:
            yield Line(width).at(2).add(one.label, Role.FAINT).row()
        for number, part in enumerate(parts):
            line = Line(width).at(2)
            if at == _VALUE_AT and number == 0:
                line.add(one.label, Role.FAINT, until=at - 1)
            yield line.at(at).add(part, one.role).row()


def _lost(before: Access, after: Access) -> Iterator[EndLine]:
    sentences = [*loss_sentences(before, losses(before, after)), *gain_sentences(before, gains(before, after))]
    if not sentences:
        yield EndLine("loses", "nobody loses a permission by it")
    for number, sentence in enumerate(sentences):
        yield EndLine("" if number else "loses", sentence, Role.DENIED)


def _invited(found: AccessList, is_meant: Callable[[Invitation], bool]) -> Iterator[EndLine]:
    addresses = sorted(
        one.email for one in found.invitations if one.status(found.now) is InvitationStatus.OPEN and is_meant(one)
    )
    if addresses:
        yield EndLine("invited", f"{_some(addresses)}: their invitations give it no more", Role.DENIED)


def _sessions(sessions: Iterable[Session], member_id: str, zone: ZoneInfo) -> Iterator[EndLine]:
    mine = [one for one in sessions if one.member.id == member_id and one.ended_at is None]
    number = len(mine)
    if not number:
        yield EndLine("sessions", "none")
        return
    ends = "1 session ends" if number == 1 else f"{count_text(number)} sessions end"
    begun = [f"{one.address or 'address not known'}, since {minute_text(one.began_at, zone)}" for one in mine]
    more = [f"{number - _MOST_SESSIONS} more"] if number > _MOST_SESSIONS else []
    yield EndLine("sessions", f"{ends}: {'; '.join([*begun[:_MOST_SESSIONS], *more])}", Role.DENIED)


def _inviting(found: AccessList, member_id: str) -> Iterator[EndLine]:
    """Whom a member has invited: what an invitation gives is given as somebody joins, by whoever invited."""
    addresses = sorted(
        one.email
        for one in found.invitations
        if one.invited_by.id == member_id and one.status(found.now) is InvitationStatus.OPEN
    )
    if addresses:
        it, them = ("this invitation", "it") if len(addresses) == 1 else ("these invitations", "them")
        text = f"{_some(addresses)}: nobody joins with {it} until somebody else sends {them} again"
        yield EndLine("invited", text, Role.DENIED)


def _links(access: Access, member: Member) -> Iterator[EndLine]:
    """What a member is in and holds, by names."""
    groups = sorted(access.groups[one].name for one in member.groups if one in access.groups)
    roles = sorted(access.roles[one].name for one in member.roles if one in access.roles)
    yield EndLine("groups", listed(groups) if groups else "none")
    yield EndLine("roles", listed(roles) if roles else "none of their own")


def _loses(held: Collection[Permission]) -> EndLine:
    return EndLine("loses", permission_words(held) if held else "no permission", Role.DENIED if held else Role.TEXT)


def _some(texts: Sequence[str]) -> str:
    """So many of them as can be read."""
    more = [f"{count_text(len(texts) - _MOST_NAMED)} more"] if len(texts) > _MOST_NAMED else []
    return listed([*texts[:_MOST_NAMED], *more])


def _number(number: int, noun: str) -> str:
    return f"no {noun}" if number == 0 else f"1 {noun}" if number == 1 else f"{count_text(number)} {noun}s"


def _wrapped(text: str, at: int, role: Role, width: int) -> Iterator[Row]:
    for part in wrap(safe(text, limit=_MOST_CHARACTERS), max(width - at - 1, 1)):
        yield Line(width).at(at).add(part, role).row()

"""The events that tell what became of members, groups and roles: of a pure fold over them comes who may do what again."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from data.access.model import Access, Group, Member, MemberStatus, Role
from data.caller import Caller
from data.records import Change, Draft, Json

STATUS = "status"
_ACTS = {MemberStatus.SUSPENDED: "suspended", MemberStatus.ACTIVE: "reinstated", MemberStatus.REMOVED: "removed"}


def access_events(
    before: Access,
    after: Access,
    by: Caller,
    at: datetime,
    *,
    reason: str | None = None,
    invitations: Iterable[str] = (),
) -> tuple[Draft, ...]:
    """What tells of every difference, in an order in which it can be done: things first, then the links between them.

    Links end without events of their own with what they led from or to: the event of that names them. `reason` is why
    members have another status, or why a thing was deleted; `invitations` are the open ones, by id, that named what is
    deleted. How a new member joined tells whoever lets them in.
    """
    drafts = [
        *_deletions(before, after, by, at, [*invitations], reason),
        *_things(before, after, by, at),
        *_members(before, after, by, at, reason),
        *_links(before, after, by, at),
    ]
    return tuple(drafts)


def _deletions(
    before: Access, after: Access, by: Caller, at: datetime, invitations: list[Json], reason: str | None
) -> Iterator[Draft]:
    for key, role in before.roles.items():
        if key not in after.roles:
            data: dict[str, Json] = {
                "members": [one.id for one in before.members.values() if key in one.roles],
                "groups": [one.id for one in before.groups.values() if key in one.roles],
                "invitations": invitations,
            }
            yield by.draft("role.deleted", at, target=role.reference, reason=reason, data=data)
    for key, group in before.groups.items():
        if key not in after.groups:
            data = {"members": [*group.members], "roles": [*group.roles], "invitations": invitations}
            yield by.draft("group.deleted", at, target=group.reference, reason=reason, data=data)


def _things(before: Access, after: Access, by: Caller, at: datetime) -> Iterator[Draft]:
    for role in after.roles.values():
        yield from _thing("role", before.roles.get(role.id), role, by, at)
    for group in after.groups.values():
        yield from _thing("group", before.groups.get(group.id), group, by, at)


def _thing(kind: str, before: Role | Group | None, after: Role | Group, by: Caller, at: datetime) -> Iterator[Draft]:
    earlier = {} if before is None else _fields(before)
    changes = _changes(earlier, _fields(after))
    if changes:
        act = "created" if before is None else "updated"
        yield by.draft(f"{kind}.{act}", at, target=after.reference, changes=changes)


def _members(before: Access, after: Access, by: Caller, at: datetime, reason: str | None) -> Iterator[Draft]:
    for member in after.members.values():
        was = before.members.get(member.id)
        if was is None or was == member:
            continue
        changes = _changes({"name": was.name, "email": was.email}, {"name": member.name, "email": member.email})
        if changes:
            yield by.draft("member.updated", at, target=member.reference, changes=changes)
        if was.status is not member.status:
            lost: dict[str, Json] = {}
            if member.status is MemberStatus.REMOVED:
                keys: list[Json] = [key.fingerprint for key in was.keys]
                lost = {"roles": [*was.roles], "groups": [*was.groups], "keys": keys}
            change = Change(STATUS, was.status, member.status)
            tag = f"member.{_ACTS[member.status]}"
            yield by.draft(tag, at, target=member.reference, reason=reason, changes=(change,), data=lost)


def _links(before: Access, after: Access, by: Caller, at: datetime) -> Iterator[Draft]:
    """Of roles that are there before and after, and of what holds them: first what was taken, then what was given."""
    for group in after.groups.values():
        earlier = before.groups.get(group.id)
        yield from _grants(after, () if earlier is None else earlier.roles, group, "group", by, at)
    for member in after.members.values():
        if member.status is not MemberStatus.REMOVED:
            was = before.members.get(member.id)
            yield from _grants(after, () if was is None else was.roles, member, "member", by, at)
    for group in after.groups.values():
        earlier = before.groups.get(group.id)
        there, here = set(() if earlier is None else earlier.members), set(group.members)
        for act, ids in (("member_removed", there - here), ("member_added", here - there)):
            for member in (after.members[one] for one in sorted(ids)):
                if member.status is not MemberStatus.REMOVED:
                    data: dict[str, Json] = {"member": member.id, "member_name": member.name}
                    yield by.draft(f"group.{act}", at, target=group.reference, data=data)


def _grants(
    after: Access,
    earlier: tuple[str, ...],
    grantee: Member | Group,
    kind: str,
    by: Caller,
    at: datetime,
) -> Iterator[Draft]:
    data: dict[str, Json] = {"grantee_type": kind, "grantee": grantee.id, "grantee_name": grantee.name}
    there, here = set(earlier), set(grantee.roles)
    for role in sorted((there - here) & after.roles.keys()):
        yield by.draft("role.withdrawn", at, target=after.roles[role].reference, data=data)
    for role in sorted(here - there):
        yield by.draft("role.granted", at, target=after.roles[role].reference, data=data)


def _fields(thing: Role | Group) -> dict[str, Json]:
    """A role's or group's own fields as events tell them; None where one is empty."""
    fields: dict[str, Json] = {"name": thing.name, "description": thing.description or None}
    if isinstance(thing, Role):
        fields["permissions"] = [str(one) for one in thing.permissions] or None
    return fields


def _changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[Change, ...]:
    return tuple(
        Change(field, before.get(field), value) for field, value in after.items() if before.get(field) != value
    )

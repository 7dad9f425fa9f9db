"""A small organisation: two administrators, one who manages access alone, and those whom it is about."""

from dataclasses import replace
from datetime import UTC, datetime

from data.access.editing import with_group, with_member, with_role
from data.access.model import Access, Group, Member, MemberStatus, Role, Standing
from data.permissions import Permission

JOINED = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
AUDIT = (Permission.AUDIT_READ, Permission.AUDIT_WRITE)
MANAGING = (Permission.ACCESS_READ, Permission.ACCESS_WRITE, Permission.REQUESTS_READ)

ROLES = (
    Role("administrator", "Organisation administrator", "", (Permission.ADMIN,), built_in=True),
    Role("r-log", "Log people", "", AUDIT),
    Role("r-manager", "Access manager", "", MANAGING),
    Role("r-monitor", "Monitor", "", (Permission.REQUESTS_READ,)),
    Role("r-unused", "Settings", "", (Permission.SETTINGS_WRITE,)),
)


def person(name: str, *roles: str, status: MemberStatus = MemberStatus.ACTIVE) -> Member:
    """A member whose id comes of the name."""
    return Member(f"m-{name.lower()}", name, f"{name.lower()}@example.org", JOINED, status, tuple(sorted(roles)))


PEOPLE = (
    person("Ann", "administrator"),
    person("Ben", "administrator"),
    person("Mia", "r-manager"),
    person("Max", "r-manager"),
    person("Leo", "r-log"),
    person("Sue", "administrator", status=MemberStatus.SUSPENDED),
    person("Guy", "r-monitor", status=MemberStatus.SUSPENDED),
    person("Rex", status=MemberStatus.REMOVED),
    person("New"),
)
GROUPS = (
    Group("g-day", "Day shift", "", ("r-monitor",), ("m-leo", "m-mia")),
    Group("g-log", "Log shift", "", ("r-log",), ()),
    Group("g-none", "Nobody", "", (), ()),
)


def organisation() -> Access:
    """All of it."""
    access = Access()
    for role in ROLES:
        access = with_role(access, role)
    for member in PEOPLE:
        access = with_member(access, member)
    for group in GROUPS:
        access = with_group(access, group)
    return access


ORGANISATION = organisation()


def standing(member_id: str, access: Access = ORGANISATION) -> Standing:
    """What a member may do there."""
    return Standing(access.members[member_id].reference, access.permissions_of(member_id))


def changed_member(member_id: str, **fields: object) -> Access:
    """The organisation with one member changed."""
    return with_member(ORGANISATION, replace(ORGANISATION.members[member_id], **fields))  # type: ignore[arg-type]


def changed_group(group_id: str, **fields: object) -> Access:
    """The organisation with one group changed."""
    return with_group(ORGANISATION, replace(ORGANISATION.groups[group_id], **fields))  # type: ignore[arg-type]


def changed_role(role_id: str, **fields: object) -> Access:
    """The organisation with one role changed."""
    return with_role(ORGANISATION, replace(ORGANISATION.roles[role_id], **fields))  # type: ignore[arg-type]

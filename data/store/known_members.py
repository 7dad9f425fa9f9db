"""Whoever asks, found among the members with all that they hold: one select, for every call of a service."""

from dataclasses import dataclass

import sqlalchemy as sa

from data.access.model import MemberStatus
from data.permissions import Permission
from data.records import ActorType, Reference
from data.store.tables import group_member, group_role, member, member_role, role, ssh_key


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member, as far as it matters what they may do. `held` is what their roles have, whatever their status is."""

    reference: Reference
    status: MemberStatus
    login: str | None
    held: frozenset[Permission]


_holding = sa.union(
    sa.select(member_role.c.member_id, member_role.c.role_id),
    sa.select(group_member.c.member_id, group_role.c.role_id).join(
        group_role, group_role.c.group_id == group_member.c.group_id
    ),
).subquery()
_KNOWN = sa.select(member.c.id, member.c.name, member.c.status, member.c.login, role.c.permissions).select_from(
    member.outerjoin(_holding, _holding.c.member_id == member.c.id).outerjoin(
        role, sa.and_(role.c.id == _holding.c.role_id, role.c.deleted_at.is_(None))
    )
)
BY_ID = _KNOWN.where(member.c.id == sa.bindparam("wanted"))
OF_THIS_LOGIN = _KNOWN.where(
    member.c.login == sa.cast(sa.literal_column("session_user"), sa.Text), member.c.status != MemberStatus.REMOVED
)
OF_KEY = _KNOWN.where(
    member.c.id
    == sa.select(ssh_key.c.member_id).where(ssh_key.c.fingerprint == sa.bindparam("wanted")).scalar_subquery()
)


def known_member(
    connection: sa.Connection, wanted: sa.Select[tuple[str, str, str, str | None, str | None]], value: str | None = None
) -> KnownMember | None:
    """The member that one of the selects above finds."""
    rows = connection.execute(wanted, {} if value is None else {"wanted": value}).all()
    if not rows:
        return None
    known = set(Permission)  # a role's row may name one of a newer program
    words = {word for row in rows for word in (row.permissions or "").split()}
    first = rows[0]
    return KnownMember(
        Reference(ActorType.MEMBER, first.id, first.name),
        MemberStatus(first.status),
        first.login,
        frozenset(one for one in known if one in words),
    )

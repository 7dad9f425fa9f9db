"""Who may do what: reading it, and writing it inside a unit of work. Never commits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data.access.model import Access, Group, Member, MemberStatus, Role, SshKey
from data.clock import from_microseconds, to_microseconds
from data.naming.look_alikes import skeleton
from data.permissions import Permission
from data.store.known_members import BY_ID, OF_KEY, OF_THIS_LOGIN, KnownMember, known_member
from data.store.tables import group_member, group_role, member, member_group, member_role, role, ssh_key

_WRITE_LOCK = int.from_bytes(b"adckaccs")
"""The number of the lock under which access is written on PostgreSQL; any that nobody else would think of."""


def hold_access_still(connection: sa.Connection) -> None:
    """From here on, until the transaction ends, nobody changes who may do what: what was checked stays so."""
    if connection.dialect.name == "postgresql":  # on an embedded database the unit of work is alone already
        connection.execute(sa.text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _WRITE_LOCK})


class AccessReader:
    """Members, groups and roles as they are in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._known: dict[str, KnownMember] = {}

    def all(self) -> Access:
        """Everything, but for what was deleted; of members those who were removed, too."""
        roles_of, groups_of, members_of, roles_in = (defaultdict[str, list[str]](list) for _ in range(4))
        for row in self._connection.execute(sa.select(member_role)):
            roles_of[row.member_id].append(row.role_id)
        for row in self._connection.execute(sa.select(group_member)):
            groups_of[row.member_id].append(row.group_id)
            members_of[row.group_id].append(row.member_id)
        for row in self._connection.execute(sa.select(group_role)):
            roles_in[row.group_id].append(row.role_id)
        keys = self._keys()
        return Access(
            members={
                row.id: _member(row, roles_of[row.id], groups_of[row.id], keys.get(row.id, ()))
                for row in self._connection.execute(sa.select(member).order_by(member.c.id))
            },
            groups={
                row.id: Group(
                    id=row.id,
                    name=row.name,
                    description=row.description,
                    roles=tuple(sorted(roles_in[row.id])),
                    members=tuple(sorted(members_of[row.id])),
                    revision=row.revision,
                )
                for row in self._connection.execute(
                    sa.select(member_group).where(member_group.c.deleted_at.is_(None)).order_by(member_group.c.id)
                )
            },
            roles={
                row.id: _role(row)
                for row in self._connection.execute(
                    sa.select(role).where(role.c.deleted_at.is_(None)).order_by(role.c.id)
                )
            },
        )

    def member(self, member_id: str) -> Member | None:
        """The member with this id, a removed one too."""
        return self._one_member(member.c.id == member_id)

    def member_of_login(self, login: str) -> Member | None:
        """The member whose PostgreSQL login this is, if they were not removed."""
        return self._one_member(member.c.login == login, member.c.status != MemberStatus.REMOVED)

    def member_of_key(self, fingerprint: str) -> Member | None:
        """The member who registered this key."""
        owner = sa.select(ssh_key.c.member_id).where(ssh_key.c.fingerprint == fingerprint).scalar_subquery()
        return self._one_member(member.c.id == owner)

    def known(self, member_id: str) -> KnownMember | None:
        """The member with this id, a removed one too, with what they hold; looked up once in a transaction."""
        found = self._known.get(member_id)
        return found or self._remember(known_member(self._connection, BY_ID, member_id))

    def known_by_login(self) -> KnownMember | None:
        """The member whose PostgreSQL login this connection has, if they were not removed."""
        return self._remember(known_member(self._connection, OF_THIS_LOGIN))

    def known_by_key(self, fingerprint: str) -> KnownMember | None:
        """The member who registered this key."""
        return self._remember(known_member(self._connection, OF_KEY, fingerprint))

    def _remember(self, found: KnownMember | None) -> KnownMember | None:
        if found is not None and found.reference.id is not None:
            self._known[found.reference.id] = found
        return found

    def _one_member(self, *conditions: sa.ColumnElement[bool]) -> Member | None:
        row = self._connection.execute(sa.select(member).where(*conditions)).first()
        if row is None:
            return None
        roles = sa.select(member_role.c.role_id).where(member_role.c.member_id == row.id)
        groups = sa.select(group_member.c.group_id).where(group_member.c.member_id == row.id)
        return _member(
            row,
            self._connection.execute(roles).scalars(),
            self._connection.execute(groups).scalars(),
            self._keys(row.id).get(row.id, ()),
        )

    def _keys(self, member_id: str | None = None) -> dict[str, tuple[SshKey, ...]]:
        """Keys by their member, in the order of their registration."""
        wanted = sa.select(ssh_key).order_by(ssh_key.c.registered_at, ssh_key.c.fingerprint)
        if member_id is not None:
            wanted = wanted.where(ssh_key.c.member_id == member_id)
        found: dict[str, tuple[SshKey, ...]] = {}
        for row in self._connection.execute(wanted):
            key = SshKey(
                row.fingerprint, row.kind, row.bits, row.blob, row.comment, from_microseconds(row.registered_at)
            )
            found[row.member_id] = (*found.get(row.member_id, ()), key)
        return found


class AccessWriter(AccessReader):
    """Writes who may do what, one writer at a time: what was looked at within the unit of work is still so when it is
    changed.
    """

    def __init__(self, connection: sa.Connection) -> None:
        if connection.dialect.name == "postgresql":  # on an embedded database the unit of work is alone already
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
        super().__init__(connection)

    def put_member(self, wanted: Member) -> None:
        """Add a member, or make the stored one of this id this one, with the roles that they hold directly.

        Groups and keys are kept by `put_group`, `add_key` and `remove_key`.
        """
        values = {
            "name": wanted.name,
            "email": wanted.email,
            "folded": folded_address(wanted.email),
            "login": wanted.login,
            "status": str(wanted.status),
            "joined_at": to_microseconds(wanted.joined_at),
            "revision": wanted.revision,
        }
        self._put(member, wanted.id, values, once=("login", "joined_at"))
        self._link(member_role.c.member_id, wanted.id, member_role.c.role_id, wanted.roles)

    def put_role(self, wanted: Role) -> None:
        """Add a role, or make the stored one of this id this one."""
        values = {
            "name": wanted.name,
            "skeleton": skeleton(wanted.name),
            "description": wanted.description,
            "permissions": " ".join(wanted.permissions),
            "built_in": wanted.built_in,
            "revision": wanted.revision,
        }
        self._put(role, wanted.id, values, once=("built_in",))

    def put_group(self, wanted: Group) -> None:
        """Add a group, or make the stored one of this id this one, with its roles and members."""
        values = {
            "name": wanted.name,
            "skeleton": skeleton(wanted.name),
            "description": wanted.description,
            "revision": wanted.revision,
        }
        self._put(member_group, wanted.id, values)
        self._link(group_role.c.group_id, wanted.id, group_role.c.role_id, wanted.roles)
        self._link(group_member.c.group_id, wanted.id, group_member.c.member_id, wanted.members)

    def delete_role(self, role_id: str, at: datetime) -> None:
        """Delete a role and whatever leads to it."""
        for links in (member_role, group_role):
            self._connection.execute(sa.delete(links).where(links.c.role_id == role_id))
        self._connection.execute(sa.update(role).where(role.c.id == role_id).values(deleted_at=to_microseconds(at)))

    def delete_group(self, group_id: str, at: datetime) -> None:
        """Delete a group and whatever leads to it or from it."""
        for links in (group_role, group_member):
            self._connection.execute(sa.delete(links).where(links.c.group_id == group_id))
        self._connection.execute(
            sa.update(member_group).where(member_group.c.id == group_id).values(deleted_at=to_microseconds(at))
        )

    def add_key(self, member_id: str, key: SshKey) -> None:
        """Add a key, which nobody may have registered yet."""
        self._connection.execute(
            sa.insert(ssh_key).values(
                fingerprint=key.fingerprint,
                member_id=member_id,
                kind=key.kind,
                bits=key.bits,
                blob=key.blob,
                comment=key.comment,
                registered_at=to_microseconds(key.registered_at),
            )
        )

    def remove_key(self, fingerprint: str) -> None:
        """Forget a key."""
        self._connection.execute(sa.delete(ssh_key).where(ssh_key.c.fingerprint == fingerprint))

    def has_id(self, table_of: type[Member] | type[Group] | type[Role], candidate: str) -> bool:
        """Whether a member, group or role has, or ever had, this id."""
        table = {Member: member, Group: member_group, Role: role}[table_of]
        return self._connection.execute(sa.select(table.c.id).where(table.c.id == candidate)).first() is not None

    def _put(self, table: sa.Table, key: str, values: dict[str, Any], *, once: Collection[str] = ()) -> None:
        """Add a row or change the one that is there, but for what is said `once`, when it is added."""
        later = {name: value for name, value in values.items() if name not in once}
        changed = self._connection.execute(sa.update(table).where(table.c.id == key).values(**later))
        if not changed.rowcount:
            self._connection.execute(sa.insert(table).values(id=key, **values))

    def _link(self, near: sa.Column[str], key: str, far: sa.Column[str], wanted: Iterable[str]) -> None:
        """Make the links of one thing these; those that stay are not touched."""
        there = set(self._connection.execute(sa.select(far).where(near == key)).scalars())
        gone, new = there - set(wanted), sorted(set(wanted) - there)
        if gone:
            self._connection.execute(sa.delete(near.table).where(near == key, far.in_(gone)))
        if new:
            self._connection.execute(sa.insert(near.table), [{near.name: key, far.name: one} for one in new])


def folded_address(email: str) -> str:
    """A mail address as two of them are compared: in small letters, whatever a mail server would make of that."""
    return email.strip().casefold()


def _member(row: sa.Row[Any], roles: Iterable[str], groups: Iterable[str], keys: tuple[SshKey, ...]) -> Member:
    return Member(
        id=row.id,
        name=row.name,
        email=row.email,
        joined_at=from_microseconds(row.joined_at),
        status=MemberStatus(row.status),
        roles=tuple(sorted(roles)),
        groups=tuple(sorted(groups)),
        keys=keys,
        login=row.login,
        revision=row.revision,
    )


def _role(row: sa.Row[Any]) -> Role:
    return Role(
        id=row.id,
        name=row.name,
        description=row.description,
        permissions=tuple(_permissions(row.permissions)),
        built_in=bool(row.built_in),
        revision=row.revision,
    )


def _permissions(text: str) -> Iterator[Permission]:
    """The permissions that a role's row names; one of a newer program is passed over."""
    known = set(Permission)
    return (Permission(word) for word in text.split() if word in known)

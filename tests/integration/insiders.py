"""Whoever runs the tests as a member of a shared database; on an embedded one they are its owner anyway."""

from contextlib import closing

from data.access.model import Member, Role
from data.permissions import Permission
from data.store import Database
from tests.hand_clock import NOW

ID = "m-insider"


def let_in(address: str, *permissions: Permission, login: str | None = None) -> None:
    """Make a PostgreSQL login, by default the one that tests connect with, that of a member who holds exactly these."""
    with closing(Database(address)) as database:
        if database.location.is_embedded:
            return
        with database.writing() as work:
            name = login or work.login
            known = work.access.member_of_login(name)
            member_id = ID if known is None else known.id
            role = Role(f"r-{member_id[2:]}", f"Of {member_id}", permissions=permissions)
            work.access.put_role(role)
            work.access.put_member(
                Member(member_id, "Ida Berg", f"{member_id}@example.org", NOW, roles=(role.id,), login=name)
            )
            work.commit()

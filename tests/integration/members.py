"""Members of a database, put there without any service: for tests whose subject is something else."""

from collections.abc import Iterable

from data.access.model import Member, MemberStatus, Role, SshKey
from data.caller import Caller
from data.permissions import Permission
from data.store import Database
from tests.hand_clock import NOW


def put_member(
    database: Database,
    member_id: str,
    name: str,
    permissions: Iterable[Permission] = (),
    status: MemberStatus = MemberStatus.ACTIVE,
    login: str | None = None,
) -> Caller:
    """Put a member there with exactly these permissions, by a role of their own; the member as a caller."""
    role = Role(f"r-{member_id[2:]}", f"Of {name}", permissions=tuple(permissions))
    email = f"{name.split()[0].lower()}@example.org"
    member = Member(member_id, name, email, NOW, status, roles=(role.id,), login=login)
    with database.writing() as work:
        work.access.put_role(role)
        work.access.put_member(member)
        work.commit()
    return Caller(member.reference)


def put_key(database: Database, member_id: str, fingerprint: str) -> None:
    """Put a key of a member there, of which the fingerprint alone is right."""
    with database.writing() as work:
        work.access.add_key(member_id, SshKey(fingerprint, "ssh-ed25519", 256, "AAAA", "", NOW))
        work.commit()

"""Members for tests, made by rows: whoever asks for something in a test may do everything, unless it is about that."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from data.access.model import ADMINISTRATOR_ROLE, Member
from data.records import Reference
from data.store import Database
from tests.hand_clock import NOW

ALICE = Reference("member", "m-1", "Alice Moss")
BO = Reference("member", "m-2", "Bo Lind")
STAFF = (ALICE, BO, Reference("member", "m-7", "Bo Lind"), Reference("member", "m-42", "Alice Moss"))
"""Those in whose name tests ask."""

LOCAL = "m-local"
"""The id of the member whose login the tests' connections have on PostgreSQL."""


def enrol(
    database: Database, people: Iterable[Reference] = STAFF, *, roles: Iterable[str] = (ADMINISTRATOR_ROLE,)
) -> None:
    """Make these people members who hold these roles; those who are members already stay as they are."""
    with database.writing() as work:
        for one in people:
            assert one.id is not None
            if work.access.member(one.id) is None:
                work.access.put_member(Member(one.id, one.label, f"{one.id}@example.org", NOW, roles=tuple(roles)))
        work.commit()


def enrol_login(
    database: Database,
    login: str | None = None,
    member_id: str = LOCAL,
    *,
    roles: Iterable[str] = (ADMINISTRATOR_ROLE,),
) -> None:
    """Make a PostgreSQL login, by default the one that `database` connects with, that of a member of the same name."""
    with database.writing() as work:
        name = login or work.login
        work.access.put_member(Member(member_id, name, f"{member_id}@example.org", NOW, roles=tuple(roles), login=name))
        work.commit()


@dataclass(frozen=True, slots=True)
class As:
    """An identity that is believed: the process works for this member."""

    member: Reference
    address: str | None = None
    fingerprint: str | None = None

    def who(self, transaction: object, path: Path | None) -> Reference:
        return self.member

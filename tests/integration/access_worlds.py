"""What tests of roles, groups and members share: an organisation in a database, its services, and what the log tells."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes
from uuid import UUID

import pytest

from data.access.model import Access, Group, Member, Role, SshKey
from data.caller import Caller
from data.clock import Clock
from data.errors import AuditdeckError
from data.permissions import Permission
from data.records import Event, Outcome
from data.services.gate import Gate
from data.services.groups import Groups
from data.services.identity import Local
from data.services.members import Members
from data.services.roles import Roles
from data.store import Database
from data.tokens import Entropy
from tests.hand_clock import NOW
from tests.integration.events import all_events

AUDIT = (Permission.AUDIT_READ, Permission.AUDIT_WRITE)
MANAGER = Role(
    "r-manager",
    "Access manager",
    "",
    (Permission.ACCESS_READ, Permission.ACCESS_WRITE, Permission.AUDIT_READ),
)
LOG_PEOPLE = Role("r-log", "Log people", "Who look after the log.", AUDIT)
ANN = Member("m-ann", "Ann Moss", "ann@example.org", NOW, roles=("administrator",))
BEN = Member("m-ben", "Ben Ito", "ben@example.org", NOW, roles=("administrator",))
MIA = Member("m-mia", "Mia Holm", "mia@example.org", NOW, roles=(MANAGER.id,))
LEO = Member("m-leo", "Leo Roth", "leo@example.org", NOW, roles=("reviewer",))
NIGHT = Group("g-night", "Night shift", "", ("reviewer",), (LEO.id,))
LEOS_KEY = SshKey("SHA256:leo", "ssh-ed25519", 256, "AAAA", "leo@laptop", NOW)

_FAMILIES = ("role", "group", "member", "session", "invitation")


def asks(member: Member) -> Caller:
    """A member who asks for something."""
    return Caller(member.reference, ip="192.0.2.7")


@dataclass(frozen=True, slots=True)
class Organisation:
    """The services over one database."""

    database: Database
    gate: Gate
    roles: Roles
    groups: Groups
    members: Members
    before: frozenset[UUID]
    """The events that were there before the organisation was."""

    def access(self) -> Access:
        """Who may do what, as it is in the tables."""
        with self.database.asking() as transaction:
            return transaction.access.all()

    def told(self) -> list[Event]:
        """What happened to members, groups, roles, sessions and invitations, in the order of the log: the oldest first."""
        found = (event for event in all_events(self.database) if event.type.partition(".")[0] in _FAMILIES)
        return sorted((event for event in found if event.id not in self.before), key=lambda event: event.id)

    def refused(self, ask: Callable[[], object], kind: type[AuditdeckError]) -> AuditdeckError:
        """The error of a request that must be refused, and that must have changed nothing and told nothing."""
        before, told = self.access(), self.told()
        with pytest.raises(kind) as raised:
            ask()
        assert type(raised.value) is kind
        assert (self.access(), self.told()) == (before, told)
        assert 0 < len(str(raised.value)) < 300
        return raised.value

    def denied(self, ask: Callable[[], object], kind: type[AuditdeckError]) -> Event:
        """The one event of a request that must be denied, and that must have changed nothing."""
        before, told = self.access(), self.told()
        with pytest.raises(kind) as raised:
            ask()
        assert self.access() == before
        (event,) = (one for one in self.told() if one not in told)
        assert (event.outcome, event.reason) == (Outcome.DENIED, str(raised.value))
        assert event.changes == ()
        return event


class Counting:
    """Entropy that gives the same ids in each run, and no two alike."""

    def __init__(self) -> None:
        self._given = 0

    def __call__(self, size: int) -> bytes:
        self._given += 1
        return self._given.to_bytes(size)


def services_over(database: Database, clock: Clock | None = None, entropy: Entropy = token_bytes) -> Organisation:
    """The services over a database, as one more process has them."""
    gate = Gate(database, lambda: None, clock or database.clock, Local())
    before = frozenset(event.id for event in all_events(database))
    return Organisation(database, gate, Roles(gate, entropy), Groups(gate, entropy), Members(gate, entropy), before)


def organisation(database: Database) -> Organisation:
    """An organisation of four in a database that has no members."""
    with database.writing() as work:
        for role in (MANAGER, LOG_PEOPLE):
            work.access.put_role(role)
        for member in (ANN, BEN, MIA, LEO):
            work.access.put_member(member)
        work.access.add_key(LEO.id, LEOS_KEY)
        work.access.put_group(NIGHT)
        work.commit()
    return services_over(database)

"""What tests of invitations share: an organisation of two in a database, its services, and what the log tells."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import UUID

from data.access.joining import Invited, Joining
from data.access.model import Group, Invitation, Member, Role
from data.caller import Caller
from data.clock import Clock
from data.mail.model import Mailer
from data.permissions import Permission
from data.records import Event
from data.services.audit_log import AuditLog
from tests.hand_clock import NOW
from tests.integration.events import UTC_ZONE, all_events
from tests.integration.raw_access import run_raw

INVITER = Role("r-inviter", "Inviter", "", (Permission.ACCESS_WRITE, Permission.AUDIT_READ))
ANN = Member("m-ann", "Ann Moss", "ann@example.org", NOW, roles=("administrator",))
MIA = Member("m-mia", "Mia Holm", "mia@example.org", NOW, roles=(INVITER.id,))
NIGHT = Group("g-night", "Night shift", "", ("reviewer",), (MIA.id,))
BO = "bo.lind@example.org"
CY = "cy@example.org"
BY_ANN, BY_MIA = (Caller(one.reference, ip="192.0.2.7") for one in (ANN, MIA))


class Organisation:
    """The services over one database, and what the log tells since the organisation was there."""

    def __init__(self, log: AuditLog) -> None:
        self.log = log
        self.invitations = log.invitations
        self._before: frozenset[UUID] = frozenset(event.id for event in all_events(log.gate.database))

    def found(self, invited: Invited | Invitation) -> Invitation:
        """An invitation as it is now."""
        wanted = invited.invitation.id if isinstance(invited, Invited) else invited.id
        with self.log.gate.database.asking() as transaction:
            found = transaction.invitations.find(wanted)
        assert found is not None
        return found

    def member(self, member_id: str) -> Member:
        """A member as they are now."""
        with self.log.gate.database.asking() as transaction:
            found = transaction.access.member(member_id)
        assert found is not None
        return found

    def told(self) -> list[Event]:
        """What was logged, the oldest first."""
        events = sorted(all_events(self.log.gate.database), key=lambda event: event.id)
        return [event for event in events if event.id not in self._before]

    def types(self) -> list[str]:
        """The types of what was logged, the oldest first."""
        return [event.type for event in self.told()]

    def join(self, invited: Invited, login: str = "bo", name: str = "") -> Member:
        """Accept an invitation that was passed on by hand."""
        return self.invitations.accept(code_of(invited), name, joining(login))


def without_members(address: str) -> str:
    """The database at this address, once nobody is a member of its organisation any more."""
    run_raw(address, "DELETE FROM member_role", "DELETE FROM group_member", "DELETE FROM member")
    return address


def joining(login: str) -> Joining:
    """Somebody with a login of their own, on either engine."""
    return Joining(login=login, address="198.51.100.7", terminal="xterm")


def code_of(invited: Invited) -> str:
    """The code that was shown."""
    assert invited.code is not None
    return invited.code.reveal()


@contextmanager
def organisation(address: str, clock: Clock, mailer: Mailer | None = None) -> Iterator[Organisation]:
    """An organisation in a database that has no members."""
    with closing(AuditLog(address, UTC_ZONE, clock=clock, mailer=mailer)) as log:
        log.open()
        with log.gate.database.writing() as work:
            work.access.put_role(INVITER)
            for member in (ANN, MIA):
                work.access.put_member(member)
            work.access.put_group(NIGHT)
            work.commit()
        yield Organisation(log)


@contextmanager
def organisation_again(address: str, clock: Clock, mailer: Mailer | None = None) -> Iterator[Organisation]:
    """The same, as another program has it open."""
    with closing(AuditLog(address, UTC_ZONE, clock=clock, mailer=mailer)) as log:
        log.open()
        yield Organisation(log)

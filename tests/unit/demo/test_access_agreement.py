"""What the events tell of who may do what is what there is of it, and it is an organisation that one can believe."""

from contextlib import closing
from pathlib import Path

import pytest

from data.access.history import AccessHistory
from data.access.model import AccessList, Delivery, InvitationStatus, MemberStatus
from data.demo.calendar import ZONE
from data.permissions import effective
from data.records import Event
from data.services.audit_log import AuditLog
from tests.demo_database import END


@pytest.fixture(scope="module")
def organisation(demo_path: Path) -> AccessList:
    with closing(AuditLog(str(demo_path), ZONE, clock=lambda: END)) as log:
        return log.access.read()


def test_the_events_of_every_member_fold_to_what_the_tables_give_them(
    demo: tuple[Event, ...], organisation: AccessList
) -> None:
    access = organisation.access
    history = AccessHistory((role.reference, role.permissions) for role in access.roles.values() if role.built_in)
    for event in demo:
        history.take(event)
    members = {
        key: (one.name, one.status, set(one.roles), access.permissions_of(key)) for key, one in access.members.items()
    }
    assert len(members) == 14
    assert members == {
        key: (one.reference.name, one.status, set(one.roles), history.permissions_of(key))
        for key, one in history.members.items()
    }
    assert {key: (one.name, set(one.roles), set(one.members)) for key, one in access.groups.items()} == {
        key: (one.reference.name, set(one.roles), set(one.members)) for key, one in history.groups.items()
    }
    assert {key: (one.name, effective(one.permissions)) for key, one in access.roles.items()} == {
        key: (one.reference.name, effective(one.permissions)) for key, one in history.roles.items()
    }


def test_there_are_people_of_every_kind(organisation: AccessList) -> None:
    access = organisation.access
    statuses = [one.status for one in access.members.values()]
    assert statuses.count(MemberStatus.SUSPENDED) == 1 and statuses.count(MemberStatus.REMOVED) == 1
    assert len(access.administrators) == 2
    assert {one.name for one in access.groups.values()} == {"Audit", "Platform", "Support"}
    assert all(one.roles and one.members for one in access.groups.values())
    assert {len(one.keys) for one in access.members.values() if one.status is not MemberStatus.REMOVED} == {1}
    assert [one.name for one in access.roles.values() if not one.built_in] == ["Integration manager"]


def test_one_invitation_is_open_and_its_mail_did_not_arrive(organisation: AccessList) -> None:
    (invitation,) = [one for one in organisation.invitations if one.status(END) is InvitationStatus.OPEN]
    assert (invitation.email, invitation.delivery) == ("dana@example.org", Delivery.FAILED)
    assert invitation.last_error is not None and "550" in invitation.last_error
    others = {one.status(END) for one in organisation.invitations if one is not invitation}
    assert others == {InvitationStatus.ACCEPTED, InvitationStatus.EXPIRED, InvitationStatus.REVOKED}


def test_a_few_are_at_their_consoles_and_were_heard_of_a_moment_ago(organisation: AccessList) -> None:
    here = [one for one in organisation.sessions if one.ended_at is None]
    assert 3 < len(here) < 13
    assert {(END - one.seen_at).total_seconds() < 60 for one in here} == {True}
    assert all(one.address and one.terminal and one.program_version and one.fingerprint for one in here)
    assert {one.ending for one in organisation.sessions} >= {"signed out", None}

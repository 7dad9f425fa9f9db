"""Members over a real database: each change with its events, and nothing half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest

from data.access.details import MemberDetails, details_of_group, details_of_member
from data.access.errors import AccessChanged, AccessError, AccessNotFound, AccessWrong, NotPermitted, NotSignedIn
from data.access.model import Member, MemberStatus, Session, SessionEnd
from data.permissions import Permission
from data.records import Change, Reference
from data.store import Database
from tests.hand_clock import NOW
from tests.integration.access_worlds import (
    ANN,
    BEN,
    LEO,
    LEOS_KEY,
    MIA,
    NIGHT,
    Organisation,
    asks,
    organisation,
    services_over,
)

SESSION = Session("s-1", LEO.reference, NOW, NOW, "192.0.2.9", "xterm", "1.2.3", LEOS_KEY.fingerprint)


@pytest.fixture
def world(database_without_people: Database) -> Organisation:
    return organisation(database_without_people)


@pytest.fixture
def leo(world: Organisation) -> Member:
    """Leo as he is there: with his key, in his group, and at two consoles."""
    with world.database.writing() as work:
        work.sessions.add(SESSION)
        work.sessions.add(replace(SESSION, id="s-2", terminal=None))
        work.sessions.add(replace(SESSION, id="s-3", member=ANN.reference))
        work.commit()
    return world.access().members[LEO.id]


def sessions(world: Organisation) -> dict[str, Session]:
    with world.database.asking() as transaction:
        return {one.id: one for one in transaction.sessions.newest(10)}


def test_a_members_details(world: Organisation, leo: Member) -> None:
    wanted = MemberDetails(" Leo  Roth-Holm", "Leo@example.org ", ("r-log", "reviewer"), ())
    edited = world.members.edit(asks(ANN), leo, wanted)
    access = world.access()
    assert access.members[LEO.id] == edited
    assert (edited.name, edited.email, edited.roles, edited.groups) == (
        *("Leo Roth-Holm", "Leo@example.org"),
        *(("r-log", "reviewer"), ()),
    )
    assert (edited.keys, edited.revision, access.groups[NIGHT.id].members) == (leo.keys, 2, ())
    assert Permission.AUDIT_WRITE in access.permissions_of(LEO.id)
    updated, granted, left = world.told()
    assert (updated.type, updated.target) == ("member.updated", edited.reference)
    assert updated.changes == (
        Change("name", "Leo Roth", "Leo Roth-Holm"),
        Change("email", "leo@example.org", "Leo@example.org"),
    )
    assert (granted.type, granted.target) == ("role.granted", Reference("role", "r-log", "Log people"))
    assert granted.data == {"grantee_type": "member", "grantee": LEO.id, "grantee_name": "Leo Roth-Holm"}
    assert (left.type, left.target) == ("group.member_removed", NIGHT.reference)
    assert left.data == {"member": LEO.id, "member_name": "Leo Roth-Holm"}

    back = world.members.edit(asks(ANN), edited, replace(wanted, roles=("reviewer",), groups=(NIGHT.id,)))
    assert [event.type for event in world.told()[3:]] == ["role.withdrawn", "group.member_added"]
    assert world.access().groups[NIGHT.id].members == (LEO.id,)
    assert world.members.edit(asks(ANN), back, details_of_member(back)) == back
    assert len(world.told()) == 5, "nothing is logged when nothing changes"
    assert {one.ended_at for one in sessions(world).values()} == {None}


def test_suspension_ends_sessions_and_leaves_the_links(world: Organisation, leo: Member) -> None:
    barred = world.members.suspend(asks(MIA), LEO.id, " laptop stolen ")
    assert barred == replace(leo, status=MemberStatus.SUSPENDED, revision=2) == world.access().members[LEO.id]
    suspended, first, second = world.told()
    assert (suspended.type, suspended.reason, suspended.target) == ("member.suspended", "laptop stolen", LEO.reference)
    assert (suspended.changes, suspended.data) == ((Change("status", "active", "suspended"),), {})
    for event, session in ((first, "s-1"), (second, "s-2")):
        assert (event.type, event.session_id, event.target) == ("session.ended", session, LEO.reference)
        assert (event.actor, event.reason) == (MIA.reference, "laptop stolen")
    ended = sessions(world)
    assert [ended[one].ending for one in ("s-1", "s-2", "s-3")] == [SessionEnd.ENDED, SessionEnd.ENDED, None]
    with pytest.raises(NotSignedIn):
        world.roles.delete(asks(LEO), "r-log")

    again = world.members.reinstate(asks(MIA), LEO.id, "found")
    assert again == replace(leo, revision=3) == world.access().members[LEO.id]
    reinstated = world.told()[-1]
    assert (reinstated.type, reinstated.changes) == ("member.reinstated", (Change("status", "suspended", "active"),))


def test_who_was_removed_holds_nothing_and_keeps_the_name(world: Organisation, leo: Member) -> None:
    gone = world.members.remove(asks(ANN), LEO.id, "left")
    assert gone == replace(leo, status=MemberStatus.REMOVED, roles=(), groups=(), keys=(), revision=2)
    access = world.access()
    assert access.members[LEO.id] == gone and access.groups[NIGHT.id].members == ()
    removed, *ended = world.told()
    assert (removed.type, removed.reason, removed.changes) == (
        *("member.removed", "left"),
        (Change("status", "active", "removed"),),
    )
    assert removed.data == {"roles": ["reviewer"], "groups": [NIGHT.id], "keys": [LEOS_KEY.fingerprint]}
    assert [event.session_id for event in ended] == ["s-1", "s-2"]
    with world.database.asking() as transaction:
        assert transaction.access.member_of_key(LEOS_KEY.fingerprint) is None
    for ask in (
        lambda: world.members.remove(asks(ANN), LEO.id, "again"),
        lambda: world.members.suspend(asks(ANN), LEO.id, "again"),
        lambda: world.members.reinstate(asks(ANN), LEO.id, "again"),
        lambda: world.members.edit(asks(ANN), gone, details_of_member(gone)),
    ):
        assert str(world.refused(ask, AccessError)) == "Leo Roth was removed already."
    ben = world.access().members[BEN.id]
    world.members.edit(asks(ANN), ben, replace(details_of_member(ben), email=LEO.email))  # the address is free


def test_what_was_done_is_not_done_again(world: Organisation) -> None:
    world.members.suspend(asks(ANN), LEO.id, "x")
    error = world.refused(lambda: world.members.suspend(asks(ANN), LEO.id, "x"), AccessError)
    assert str(error) == "Leo Roth is suspended already."
    error = world.refused(lambda: world.members.reinstate(asks(ANN), MIA.id, "x"), AccessError)
    assert str(error) == "Mia Holm is not suspended."


def test_a_member_whom_somebody_changed_meanwhile_is_looked_at_again(world: Organisation, leo: Member) -> None:
    world.groups.edit(asks(ANN), NIGHT, replace(details_of_group(NIGHT), members=()))
    error = world.refused(lambda: world.members.edit(asks(ANN), leo, details_of_member(leo)), AccessChanged)
    assert isinstance(error, AccessChanged) and error.now == world.access().members[LEO.id]
    nobody = replace(leo, id="m-nobody")
    world.refused(lambda: world.members.edit(asks(ANN), nobody, details_of_member(nobody)), AccessChanged)


def test_what_the_rules_refuse_is_told_and_changes_nothing(world: Organisation, leo: Member) -> None:
    mia, ann = world.access().members[MIA.id], world.access().members[ANN.id]
    wide = replace(details_of_member(leo), roles=("r-log", "reviewer"))
    cases: list[tuple[str, Member, Callable[[], object]]] = [
        ("member.updated", leo, partial(world.members.edit, asks(MIA), leo, wide)),
        ("member.updated", mia, partial(world.members.edit, asks(MIA), mia, replace(details_of_member(mia), roles=()))),
        ("member.updated", ann, partial(world.members.edit, asks(MIA), ann, replace(details_of_member(ann), roles=()))),
        ("member.suspended", ann, partial(world.members.suspend, asks(MIA), ANN.id, "x")),
        ("member.removed", ann, partial(world.members.remove, asks(MIA), ANN.id, "x")),
        ("member.suspended", mia, partial(world.members.suspend, asks(MIA), MIA.id, "x")),
        ("member.removed", ann, partial(world.members.remove, asks(ANN), ANN.id, "x")),
    ]
    for tag, about, ask in cases:
        event = world.denied(ask, NotPermitted)
        assert (event.type, event.target) == (tag, about.reference)
    world.members.suspend(asks(ANN), BEN.id, "x")
    event = world.denied(lambda: world.members.reinstate(asks(MIA), BEN.id, "x"), NotPermitted)
    assert (event.type, event.target) == ("member.reinstated", BEN.reference)
    for ask in (
        lambda: world.members.edit(asks(LEO), mia, details_of_member(mia)),
        lambda: world.members.suspend(asks(LEO), MIA.id, "x"),
        lambda: world.members.reinstate(asks(LEO), MIA.id, "x"),
        lambda: world.members.remove(asks(LEO), MIA.id, "x"),
    ):
        assert str(world.denied(ask, NotPermitted).reason).startswith("This needs access:write")
    assert {one.ended_at for one in sessions(world).values()} == {None}


def test_wrong_details_do_not_change_a_member(world: Organisation, leo: Member) -> None:
    right = details_of_member(leo)
    megabyte = "x" * 1_000_000
    for wrong, problems in (
        (replace(right, name=""), {"name": "A member needs a name."}),
        (replace(right, name="Leo\x1b[2J"), {"name": "This holds an invisible or control character."}),
        (replace(right, name=megabyte), {"name": "At most 100 characters, this has 1,000,000."}),
        (replace(right, email="leo"), {"email": "'leo' is not a mail address such as ada@example.org."}),
        (replace(right, email="ANN@Example.org"), {"email": "This is the address of Ann Moss already."}),
        (replace(right, email=megabyte), {"email": "At most 254 characters, this has 1,000,000."}),
        (replace(right, roles=("r-none",)), {"roles": "There is no role 'r-none'."}),
        (replace(right, groups=("r-log",)), {"groups": "There is no group 'r-log'."}),
    ):
        error = world.refused(partial(world.members.edit, asks(ANN), leo, wrong), AccessWrong)
        assert isinstance(error, AccessWrong) and error.problems == problems


def test_whoever_is_barred_or_removed_is_so_for_a_reason(world: Organisation) -> None:
    for act in (world.members.suspend, world.members.remove):
        for reason in ("", " \n", "a\0b", "x" * 1_001):
            error = world.refused(partial(act, asks(ANN), LEO.id, reason), AccessWrong)
            assert isinstance(error, AccessWrong) and [*error.problems] == ["reason"]


def test_a_member_who_is_not_there(world: Organisation) -> None:
    for key in ("", "m-none", "owner", "a\0b", "a\ud800b", "x" * 1_000_000):
        for act in (world.members.suspend, world.members.reinstate, world.members.remove):
            world.refused(partial(act, asks(ANN), key, "x"), AccessNotFound)


def test_of_two_administrators_who_remove_each_other_at_the_same_moment_one_stays(
    world: Organisation, kept_address: str
) -> None:
    meeting = Barrier(2)

    def clock() -> datetime:
        # Each has looked at who there is, and waits for the other: who comes second must not have looked yet.
        with suppress(BrokenBarrierError):
            meeting.wait(0.5)
        return NOW

    def remove(by: Member, other: Member) -> str:
        with closing(Database(kept_address, durable=False)) as own:
            members = services_over(own, clock).members
            try:
                members.remove(asks(by), other.id, "mine alone")
            except NotPermitted as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(remove, (ANN, BEN), (BEN, ANN), timeout=60)]
    assert sorted(found) == ["NotSignedIn", "done"]
    assert len(world.access().administrators) == 1
    assert sorted(event.type for event in world.told()) == ["member.removed", "session.refused"]

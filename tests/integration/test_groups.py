"""Groups over a real database: each change with its events, and nothing half done."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from data.access.details import GroupDetails, details_of_group
from data.access.errors import AccessChanged, AccessNotFound, AccessWrong, InUse, NotPermitted
from data.permissions import Permission
from data.records import Change, Reference
from data.store import Database
from tests.integration.access_worlds import ANN, BEN, LEO, MIA, NIGHT, Organisation, asks, organisation

DAY = GroupDetails("Day shift", "From six.", ("r-log", "reviewer"), (MIA.id, LEO.id))


@pytest.fixture
def world(database_without_people: Database) -> Organisation:
    return organisation(database_without_people)


def told(world: Organisation) -> list[tuple[str, str, str | None]]:
    """What happened since: type, what it was done to, and the other end of the link if it was about one."""
    return [
        (event.type, event.target.label if event.target else "", _other_end(event.data.get("grantee_name"), event.data))
        for event in world.told()
    ]


def _other_end(grantee: object, data: object) -> str | None:
    assert isinstance(data, dict)
    found = grantee or data.get("member_name")
    return None if found is None else str(found)


def test_the_life_of_a_group(world: Organisation) -> None:
    made = world.groups.create(asks(ANN), DAY)
    access = world.access()
    assert access.groups[made.id] == made and details_of_group(made) == replace(DAY, members=(LEO.id, MIA.id))
    assert access.members[LEO.id].groups == tuple(sorted((NIGHT.id, made.id)))
    assert Permission.AUDIT_WRITE in access.permissions_of(LEO.id)
    assert told(world) == [
        ("group.created", "Day shift", None),
        ("role.granted", "Log people", "Day shift"),
        ("role.granted", "Reviewer", "Day shift"),
        ("group.member_added", "Day shift", "Leo Roth"),
        ("group.member_added", "Day shift", "Mia Holm"),
    ]
    created, granted, _, added, _ = world.told()
    assert created.changes == (Change("name", None, "Day shift"), Change("description", None, "From six."))
    assert granted.data == {"grantee_type": "group", "grantee": made.id, "grantee_name": "Day shift"}
    assert added.data == {"member": LEO.id, "member_name": "Leo Roth"}

    wanted = GroupDetails("Early shift", "", ("reviewer", "support"), (MIA.id, BEN.id))
    edited = world.groups.edit(asks(ANN), made, wanted)
    access = world.access()
    assert access.groups[made.id] == edited == replace(edited, name="Early shift", revision=2)
    assert access.members[LEO.id].groups == (NIGHT.id,)
    assert told(world)[5:] == [
        ("group.updated", "Early shift", None),
        ("role.withdrawn", "Log people", "Early shift"),
        ("role.granted", "Support", "Early shift"),
        ("group.member_removed", "Early shift", "Leo Roth"),
        ("group.member_added", "Early shift", "Ben Ito"),
    ]
    assert world.told()[5].changes == (Change("name", "Day shift", "Early shift"), Change("description", "From six."))

    world.denied(lambda: world.groups.delete(asks(ANN), made.id), InUse)
    world.groups.delete(asks(ANN), made.id, even_in_use=True)
    deleted = world.told()[-1]
    assert (deleted.type, deleted.changes) == ("group.deleted", ())
    assert deleted.data == {"members": [BEN.id, MIA.id], "roles": ["reviewer", "support"], "invitations": []}
    access = world.access()
    assert made.id not in access.groups and access.members[BEN.id].groups == ()
    world.refused(lambda: world.groups.delete(asks(ANN), made.id), AccessNotFound)
    world.groups.create(asks(ANN), replace(wanted, members=()))  # the name is free


def test_nothing_is_logged_when_nothing_changes(world: Organisation) -> None:
    assert world.groups.edit(asks(ANN), NIGHT, GroupDetails(" Night  shift", "", NIGHT.roles, NIGHT.members)) == NIGHT
    assert world.told() == []


def test_a_group_without_members_is_not_in_use(world: Organisation) -> None:
    made = world.groups.create(asks(ANN), replace(DAY, members=()))
    world.groups.delete(asks(MIA), made.id)
    assert made.id not in world.access().groups


def test_a_group_that_somebody_changed_meanwhile_is_looked_at_again(world: Organisation) -> None:
    first = world.groups.edit(asks(ANN), NIGHT, replace(details_of_group(NIGHT), description="x"))
    error = world.refused(lambda: world.groups.edit(asks(ANN), NIGHT, DAY), AccessChanged)
    assert isinstance(error, AccessChanged) and (error.seen, error.now) == (NIGHT, first)
    # A member who was taken out elsewhere is not put back by a form that was opened before.
    leo = world.access().members[LEO.id]
    world.members.remove(asks(ANN), leo.id, "left")
    world.refused(lambda: world.groups.edit(asks(ANN), first, details_of_group(first)), AccessChanged)


def test_what_the_rules_refuse_is_told_and_changes_nothing(world: Organisation) -> None:
    day = world.groups.create(asks(ANN), replace(DAY, roles=("reviewer",)))
    log_people = GroupDetails("Wide", "", ("r-log",))
    cases: list[tuple[str, Reference, Callable[[], object]]] = [
        ("group.created", Reference("group", None, "Wide"), partial(world.groups.create, asks(MIA), log_people)),
        ("group.updated", NIGHT.reference, partial(world.groups.edit, asks(MIA), NIGHT, log_people)),
        (
            "group.updated",
            NIGHT.reference,
            partial(world.groups.edit, asks(MIA), NIGHT, replace(details_of_group(NIGHT), members=(LEO.id, MIA.id))),
        ),
        ("group.deleted", day.reference, partial(world.groups.delete, asks(MIA), day.id, even_in_use=True)),
        ("group.deleted", Reference("group", NIGHT.id), partial(world.groups.delete, asks(LEO), NIGHT.id)),
    ]
    for tag, about, ask in cases:
        event = world.denied(ask, NotPermitted)
        assert (event.type, event.target) == (tag, about)


def test_wrong_details_neither_make_nor_change_a_group(world: Organisation) -> None:
    world.members.remove(asks(ANN), BEN.id, "left")
    megabyte = "x" * 1_000_000
    for wrong, problems in (
        (GroupDetails(""), {"name": "A group needs a name."}),
        (GroupDetails("a\u202eb"), {"name": "This holds an invisible or control character."}),
        (GroupDetails(megabyte), {"name": "At most 100 characters, this has 1,000,000."}),
        (GroupDetails("Day", "", ("r-none",)), {"roles": "There is no role 'r-none'."}),
        (GroupDetails("Day", "", (NIGHT.id,)), {"roles": "There is no role 'g-night'."}),
        (GroupDetails("Day", "", (), ("a\0b",)), {"members": "There is no member 'a\\x00b'."}),
        (GroupDetails("Day", "", (), ("a\ud800",)), {"members": "There is no member 'a\\ud800'."}),
        (GroupDetails("Day", "", (), (BEN.id,)), {"members": "There is no member 'm-ben'."}),  # who was removed
        (GroupDetails("Day", "", (), (megabyte,)), {"members": f"There is no member {'x' * 40!r}."}),
    ):
        for ask in (
            partial(world.groups.create, asks(ANN), wrong),
            partial(world.groups.edit, asks(ANN), NIGHT, wrong),
        ):
            error = world.refused(ask, AccessWrong)
            assert isinstance(error, AccessWrong) and error.problems == problems
    taken = world.refused(lambda: world.groups.create(asks(ANN), GroupDetails("NIGHT shift")), AccessWrong)
    alike = world.refused(lambda: world.groups.create(asks(ANN), GroupDetails("N1ght shift")), AccessWrong)
    assert str(taken) == "There is a group named Night shift already."
    assert str(alike) == "This looks like Night shift, which is another group."

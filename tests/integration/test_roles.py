"""Roles over a real database: each change with its event, and nothing half done."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from data.access.details import RoleDetails, details_of_role
from data.access.errors import AccessChanged, AccessNotFound, AccessWrong, InUse, NotPermitted, NotSignedIn
from data.access.model import Invitation
from data.permissions import Permission
from data.records import Change, Outcome, Reference
from data.store import Database
from tests.hand_clock import NOW, HandClock
from tests.integration.access_worlds import ANN, AUDIT, LEO, LOG_PEOPLE, MANAGER, MIA, Organisation, asks, organisation

MONITOR = RoleDetails("Monitor", "Who watch requests.", (Permission.REQUESTS_READ,))


@pytest.fixture
def world(database_without_people: Database) -> Organisation:
    return organisation(database_without_people)


def test_the_life_of_a_role(world: Organisation) -> None:
    made = world.roles.create(asks(ANN), replace(MONITOR, name="  Monitor "))
    assert world.access().roles[made.id] == made
    assert (details_of_role(made), made.built_in, made.revision) == (MONITOR, False, 1)
    edited = world.roles.edit(asks(ANN), made, replace(MONITOR, name="Watch", permissions=AUDIT, description=""))
    assert world.access().roles[made.id] == edited == replace(edited, revision=2, permissions=AUDIT)
    world.roles.delete(asks(ANN), made.id)
    assert made.id not in world.access().roles
    created, updated, deleted = world.told()
    assert [one.type for one in world.told()] == ["role.created", "role.updated", "role.deleted"]
    assert created.changes == (
        Change("name", None, "Monitor"),
        Change("description", None, "Who watch requests."),
        Change("permissions", None, ["requests:read"]),
    )
    assert updated.changes == (
        Change("name", "Monitor", "Watch"),
        Change("description", "Who watch requests.", None),
        Change("permissions", ["requests:read"], ["audit:read", "audit:write"]),
    )
    assert (deleted.changes, deleted.data) == ((), {"members": [], "groups": [], "invitations": []})
    assert created.target == Reference("role", made.id, "Monitor") and deleted.target == edited.reference
    for event in world.told():
        assert (event.actor, event.ip, event.outcome) == (ANN.reference, "192.0.2.7", Outcome.SUCCESS)


def test_nothing_is_logged_when_nothing_changes(world: Organisation) -> None:
    same = world.roles.edit(asks(ANN), LOG_PEOPLE, RoleDetails(" Log people", LOG_PEOPLE.description, AUDIT[::-1]))
    administrator = world.access().roles["administrator"]
    assert world.roles.edit(asks(MIA), administrator, details_of_role(administrator)) == administrator
    assert same == LOG_PEOPLE and world.told() == []


def test_events_are_told_in_the_order_in_which_things_were_done(world: Organisation) -> None:
    role = world.roles.create(asks(ANN), MONITOR)  # the clock stands still
    for number in range(5):
        role = world.roles.edit(asks(ANN), role, replace(MONITOR, description=f"{number}"))
    told = [change.after for event in world.told() for change in event.changes if change.field == "description"]
    assert told == [MONITOR.description, "0", "1", "2", "3", "4"]


def test_a_clock_that_is_a_little_slow_does_not_turn_the_order_round(world: Organisation, clock: HandClock) -> None:
    role = world.roles.create(asks(ANN), MONITOR)
    clock.move(seconds=-50)
    role = world.roles.edit(asks(ANN), role, replace(MONITOR, name="Watch"))
    assert [event.type for event in world.told()] == ["role.created", "role.updated"]
    clock.move(hours=-3)  # that is no difference of clocks, and is believed
    world.roles.edit(asks(ANN), role, MONITOR)
    assert world.told()[0].occurred_at == clock.now


def test_a_role_that_somebody_changed_meanwhile_is_looked_at_again(world: Organisation) -> None:
    role = world.roles.create(asks(ANN), MONITOR)
    first = world.roles.edit(asks(ANN), role, replace(MONITOR, description="x"))
    error = world.refused(lambda: world.roles.edit(asks(ANN), role, MONITOR), AccessChanged)
    assert isinstance(error, AccessChanged) and (error.seen, error.now) == (role, first)
    world.roles.delete(asks(ANN), role.id)
    error = world.refused(lambda: world.roles.edit(asks(ANN), first, MONITOR), AccessChanged)
    assert isinstance(error, AccessChanged) and error.now is None
    world.refused(lambda: world.roles.delete(asks(ANN), role.id), AccessNotFound)


def test_a_role_in_use_goes_only_when_that_is_said(world: Organisation) -> None:
    before = world.access()
    event = world.denied(lambda: world.roles.delete(asks(ANN), MANAGER.id), InUse)
    assert (event.type, event.target, event.actor) == ("role.deleted", MANAGER.reference, ANN.reference)
    with pytest.raises(InUse, match="Access manager is in use: 1 member loses permissions") as raised:
        world.roles.delete(asks(ANN), MANAGER.id)
    assert raised.value.losses == {MIA.id: {*MANAGER.permissions}} and raised.value.access == before
    world.roles.delete(asks(ANN), MANAGER.id, even_in_use=True)
    after = world.access()
    assert (after.members[MIA.id].roles, after.permissions_of(MIA.id)) == ((), frozenset())
    assert after.members[MIA.id].revision == MIA.revision + 1
    assert world.told()[-1].data == {"members": [MIA.id], "groups": [], "invitations": []}
    assert [one.type for one in world.told()].count("role.deleted") == 3, "links end without events of their own"
    world.roles.create(asks(ANN), RoleDetails("Access manager"))  # the name is free


def test_what_only_an_invitation_names_is_in_use_too(world: Organisation) -> None:
    promised = Invitation(
        "i-1", "zoe@example.org", ANN.reference, NOW, NOW + timedelta(days=7), roles=("r-log", "support")
    )
    over = replace(promised, id="i-2", expires_at=NOW)
    with world.database.writing() as work:
        work.invitations.put(promised, b"1" * 32)
        work.invitations.put(over, b"2" * 32)
        work.commit()
    event = world.denied(lambda: world.roles.delete(asks(ANN), "r-log"), InUse)
    assert event.reason == "Log people is in use: nobody loses permissions. Say that it is to be deleted all the same."
    world.roles.delete(asks(ANN), "r-log", even_in_use=True)
    assert world.told()[-1].data["invitations"] == ["i-1"]
    with world.database.asking() as transaction:
        left = {one.id: one for one in transaction.invitations.all()}
    assert left == {"i-1": replace(promised, roles=("support",), revision=2), "i-2": over}


def test_what_the_rules_refuse_is_told_and_changes_nothing(world: Organisation) -> None:
    administrator = world.access().roles["administrator"]
    wide = RoleDetails("Wide", "", (Permission.SETTINGS_WRITE,))
    cases = [
        (lambda: world.roles.create(asks(MIA), wide), "role.created", Reference("role", None, "Wide")),
        (lambda: world.roles.edit(asks(MIA), LOG_PEOPLE, wide), "role.updated", LOG_PEOPLE.reference),
        (lambda: world.roles.edit(asks(MIA), MANAGER, wide), "role.updated", MANAGER.reference),
        (lambda: world.roles.edit(asks(ANN), administrator, wide), "role.updated", administrator.reference),
        (lambda: world.roles.delete(asks(ANN), "reviewer", even_in_use=True), "role.deleted", None),
    ]
    for ask, tag, about in cases:
        event = world.denied(ask, NotPermitted)
        assert (event.type, event.service) == (tag, "console")
        assert event.target == (about or world.access().roles["reviewer"].reference)


def test_whoever_may_not_manage_access_or_come_in_is_refused(world: Organisation) -> None:
    for ask in (
        lambda: world.roles.create(asks(LEO), MONITOR),
        lambda: world.roles.edit(asks(LEO), LOG_PEOPLE, MONITOR),
        lambda: world.roles.delete(asks(LEO), "r-log"),
    ):
        event = world.denied(ask, NotPermitted)
        assert event.reason is not None and event.reason.startswith("This needs access:write")
    world.denied(lambda: world.roles.create(asks(replace(LEO, id="m-nobody")), MONITOR), NotSignedIn)


def test_wrong_details_neither_make_nor_change_a_role(world: Organisation) -> None:
    megabyte = "x" * 1_000_000
    for wrong, problems in (
        (RoleDetails(""), {"name": "A role needs a name."}),
        (RoleDetails("a\0b"), {"name": "This holds an invisible or control character."}),
        (RoleDetails("a\ud800b"), {"name": "This holds an invisible or control character."}),
        (RoleDetails(megabyte), {"name": "At most 100 characters, this has 1,000,000."}),
        (RoleDetails("x", megabyte), {"description": "At most 1,000 characters, this has 1,000,000."}),
        (RoleDetails("REVIEWER"), {"name": "There is a role named Reviewer already."}),
        (RoleDetails("Rеvіewer"), {"name": "This looks like Reviewer, which is another role."}),  # Cyrillic е, і
        (RoleDetails("\u3164"), {"name": "Of this name nothing can be seen."}),
    ):
        for ask in (
            partial(world.roles.create, asks(ANN), wrong),
            partial(world.roles.edit, asks(ANN), LOG_PEOPLE, wrong),
        ):
            error = world.refused(ask, AccessWrong)
            assert isinstance(error, AccessWrong) and error.problems == problems


def test_a_role_that_is_not_there_cannot_be_deleted(world: Organisation) -> None:
    for key in ("", "r-none", "r-log ", "a\0b", "a\ud800b", "\u202e", "adk_Ab3dE5gH", "x" * 1_000_000):
        world.refused(partial(world.roles.delete, asks(ANN), key), AccessNotFound)
        event = world.denied(partial(world.roles.delete, asks(LEO), key), NotPermitted)
        assert event.target in (None, Reference("role", "r-none")), "what cannot be an id is not repeated"


def test_the_readme_says_what_the_built_in_roles_hold(world: Organisation) -> None:
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())
    built_in = [role for role in world.access().roles.values() if role.built_in]
    assert len(built_in) == 4
    for role in built_in:
        assert f"{role.name} ({', '.join(f'`{one}`' for one in role.permissions)})" in readme

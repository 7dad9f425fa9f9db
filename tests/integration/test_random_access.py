"""A property of the services: whatever members ask for in whichever order, tables, log and rules say the same."""

import shutil
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.access.details import GroupDetails, RoleDetails, details_of_member
from data.access.errors import InUse, NotPermitted
from data.access.model import Access, Group, Member
from data.permissions import Permission
from data.records import Event, Outcome
from data.store import Database
from tests.hand_clock import HandClock
from tests.integration.access_worlds import Counting, Organisation, asks, organisation, services_over
from tests.strategies.grants import STEPS, Asked, Step, check_step, outcome


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database with an organisation, to be copied: to make one takes most of the time of an example."""
    path = tmp_path_factory.mktemp("prepared") / "audit.db"
    with closing(Database(str(path), clock=HandClock(), durable=False)) as database:
        database.open()
        organisation(database)
    return path


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_tables_log_and_rules_say_the_same(prepared: Path, tmp_path: Path, steps: list[Step]) -> None:
    path = tmp_path / "audit.db"
    shutil.copy(prepared, path)
    with closing(Database(str(path), clock=HandClock(), durable=False)) as database:
        world = services_over(database, entropy=Counting())
        start = access = world.access()
        told: list[Event] = []
        for number, step in enumerate(steps):
            access, told = _taken(world, step, number, access, told)
        assert folded(start, [event for event in told if event.outcome is Outcome.SUCCESS]) == links(access)


def _taken(
    world: Organisation, step: Step, number: int, before: Access, told: list[Event]
) -> tuple[Access, list[Event]]:
    """What is there, and was told, once this was asked for; as it has to be."""
    expected = outcome(step, before, number)
    if expected is None:
        return before, told
    actor, error = step.actor(before), None
    try:
        _ask(world, step, before, actor, number)
    except (NotPermitted, InUse) as refusal:
        error = refusal
    after, since = world.access(), world.told()
    new = [event for event in since if event not in told]
    assert len(new) == len(since) - len(told)
    if error is not None:
        assert after == before
        assert [(event.outcome, event.reason, event.actor) for event in new] == [
            (Outcome.DENIED, str(error), actor.reference)
        ]
        return after, since
    assert Permission.ACCESS_WRITE in before.permissions_of(actor.id)
    check_step(before, after, actor)
    assert by_names(after) == by_names(expected)
    assert bool(new) is (after != before)
    assert {event.outcome for event in new} <= {Outcome.SUCCESS}
    return after, since


def _ask(world: Organisation, step: Step, access: Access, actor: Member, number: int) -> None:
    by, permissions = asks(actor), tuple(step.permissions)
    roles, members = step.roles_in(access), step.members_in(access)
    role, group, member = step.role(access), step.group(access), step.member(access)
    match step.asked:
        case Asked.CREATE_ROLE:
            world.roles.create(by, RoleDetails(f"Role {number}", "", permissions))
        case Asked.CREATE_GROUP:
            world.groups.create(by, GroupDetails(f"Group {number}", "", roles, members))
        case Asked.EDIT_ROLE if role is not None:
            world.roles.edit(by, role, RoleDetails(role.name, role.description, permissions))
        case Asked.DELETE_ROLE if role is not None:
            world.roles.delete(by, role.id, even_in_use=step.even_in_use)
        case Asked.EDIT_GROUP if group is not None:
            world.groups.edit(by, group, GroupDetails(group.name, group.description, roles, members))
        case Asked.DELETE_GROUP if group is not None:
            world.groups.delete(by, group.id, even_in_use=step.even_in_use)
        case Asked.EDIT_MEMBER if member is not None:
            wanted = replace(details_of_member(member), roles=roles, groups=step.groups_in(access))
            world.members.edit(by, member, wanted)
        case Asked.SUSPEND if member is not None:
            world.members.suspend(by, member.id, "x")
        case Asked.REINSTATE if member is not None:
            world.members.reinstate(by, member.id, "x")
        case _:
            assert member is not None
            world.members.remove(by, member.id, "x")


@dataclass
class Links:
    """Who may do what, without what counts changes and without keys."""

    statuses: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    permissions: dict[str, list[object]] = field(default_factory=dict)
    held: set[tuple[str, str]] = field(default_factory=set)
    """A member or group, and a role of theirs."""
    inside: set[tuple[str, str]] = field(default_factory=set)
    """A member, and a group of theirs."""


def links(access: Access) -> Links:
    things: list[Member | Group] = [*access.members.values(), *access.groups.values()]
    return Links(
        {one.id: str(one.status) for one in access.members.values()},
        {one.id: one.name for one in things} | {one.id: one.name for one in access.roles.values()},
        {one.id: [*one.permissions] for one in access.roles.values()},
        {(one.id, role) for one in things for role in one.roles},
        {(one.id, group) for one in access.members.values() for group in one.groups},
    )


def by_names(access: Access) -> Links:
    """The same, by names in place of ids, which are made up for what is new."""
    found = links(access)
    name = found.names
    return Links(
        found.statuses,
        {one: one for one in name.values()},
        {name[one]: held for one, held in found.permissions.items()},
        {(name[one], name[role]) for one, role in found.held},
        {(name[one], name[group]) for one, group in found.inside},
    )


def folded(start: Access, told: list[Event]) -> Links:
    """What the log's events make of what there was at the start: they tell all of it."""
    found = links(start)
    for event in told:
        assert event.target is not None and event.target.id is not None
        target, data = event.target.id, event.data
        for change in event.changes:
            if change.field == "name":
                found.names[target] = str(change.after)
            elif change.field == "permissions":
                assert change.before in (None, found.permissions.get(target))
                found.permissions[target] = [*change.after] if isinstance(change.after, list) else []
            elif change.field == "status":
                assert change.before == found.statuses[target]
                found.statuses[target] = str(change.after)
        match event.type:
            case "role.created":
                found.permissions.setdefault(target, [])
            case "role.deleted":
                gone = {(str(one), target) for one in _ids(event, "members") | _ids(event, "groups")}
                assert gone == {link for link in found.held if link[1] == target}
                found.held -= gone
                del found.permissions[target], found.names[target]
            case "group.deleted":
                roles, members = {(target, one) for one in _ids(event, "roles")}, _ids(event, "members")
                assert roles == {link for link in found.held if link[0] == target}
                found.held -= roles
                found.inside -= {(one, target) for one in members}
                del found.names[target]
            case "member.removed":
                found.held -= {(target, one) for one in _ids(event, "roles")}
                found.inside -= {(target, one) for one in _ids(event, "groups")}
            case "role.granted":
                found.held.add((str(data["grantee"]), target))
            case "role.withdrawn":
                found.held.remove((str(data["grantee"]), target))
            case "group.member_added":
                found.inside.add((str(data["member"]), target))
            case "group.member_removed":
                found.inside.remove((str(data["member"]), target))
    return found


def _ids(event: Event, name: str) -> set[str]:
    found = event.data[name]
    assert isinstance(found, list)
    return {str(one) for one in found}

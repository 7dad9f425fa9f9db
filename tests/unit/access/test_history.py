"""Who may do what, folded from events: every link with what made it, what was lost, and as of when."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from data.access.history import AccessHistory, Explanation, explained
from data.access.model import Access, Member, MemberStatus
from data.caller import Caller
from data.permissions import Permission
from data.records import Change, Draft, Event, Json, Outcome, Reference
from data.services.access_events import access_events
from tests.strategies.grants import STEPS, Step, outcome
from tests.unit.access.organisation import ORGANISATION

BEGIN = datetime(2026, 11, 20, 8, tzinfo=UTC)
ALICE, BO = Reference("member", "m-1", "Alice Moss"), Reference("member", "m-2", "Bo Lind")
READERS, KEEPERS = Reference("role", "r-1", "Readers"), Reference("role", "r-2", "Keepers")
DESK = Reference("group", "g-1", "Desk")
BUILT_IN = ((Reference("role", "administrator", "Organisation administrator"), (Permission.ADMIN,)),)


class Told:
    """Events, one a minute."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def that(self, tag: str, target: Reference, *changes: Change, **data: Json) -> Event:
        at = BEGIN + timedelta(minutes=len(self.events))
        self.events.append(_event(Caller(ALICE).draft(tag, at, target=target, changes=changes, data=data)))
        return self.events[-1]

    def of(self, permission: Permission, at: datetime | None = None) -> Explanation:
        """Why Bo has this permission, or why not."""
        moment = BEGIN + timedelta(days=1) if at is None else at
        until = [event for event in self.events if event.occurred_at <= moment]
        return next(one for one in explained(until, BUILT_IN, BO, moment) if one.permission is permission)


_numbers = count(1)


def _event(draft: Draft) -> Event:
    values = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    return Event(**{**values, "id": UUID(int=next(_numbers)), "recorded_at": draft.occurred_at})


def _can(*permissions: Permission, before: list[Json] | None = None) -> Change:
    return Change("permissions", before, [str(one) for one in permissions])


def _in_the_desk() -> tuple[Told, Event, Event, Event]:
    told = Told()
    made = told.that("role.created", READERS, Change("name", None, "Readers"), _can(Permission.AUDIT_READ))
    told.that("group.created", DESK, Change("name", None, "Desk"))
    told.that("member.joined", BO)
    given_to = told.that("role.granted", READERS, grantee_type="group", grantee="g-1", grantee_name="Desk")
    joined = told.that("group.member_added", DESK, member="m-2", member_name="Bo Lind")
    return told, made, given_to, joined


def test_a_path_has_the_event_of_each_of_its_links() -> None:
    told, made, given_to, joined = _in_the_desk()
    found = told.of(Permission.AUDIT_READ)
    (way,) = found.ways
    assert (way.joined, way.granted, way.given) == (joined, given_to, made)
    assert (way.group, way.role) == (DESK, READERS)
    assert found.holds and found.lost is None
    assert not told.of(Permission.AUDIT_WRITE).holds


def test_as_of_a_moment_only_what_was_done_until_then_counts() -> None:
    told, _, given_to, joined = _in_the_desk()
    assert not told.of(Permission.AUDIT_READ, given_to.occurred_at).holds
    assert told.of(Permission.AUDIT_READ, joined.occurred_at).holds


def test_what_was_lost_names_the_event_that_took_it_last() -> None:
    told, *_ = _in_the_desk()
    told.that("role.updated", READERS, _can(Permission.REQUESTS_READ, before=["audit:read"]))
    told.that("role.updated", READERS, _can(Permission.AUDIT_READ, before=["requests:read"]))
    for tag, target, data in (
        ("group.member_removed", DESK, {"member": "m-2"}),
        ("role.withdrawn", READERS, {"grantee_type": "group", "grantee": "g-1"}),
        ("role.deleted", READERS, {}),
        ("group.deleted", DESK, {}),
        ("member.suspended", BO, {}),
        ("member.removed", BO, {}),
    ):
        one = Told()
        one.events = list(told.events)
        taken = one.that(tag, target, **data)
        found = one.of(Permission.AUDIT_READ)
        assert not found.holds and found.lost == taken, tag


def test_a_permission_that_stays_in_a_role_keeps_the_event_that_put_it_there() -> None:
    told, made, *_ = _in_the_desk()
    more = told.that("role.updated", READERS, _can(Permission.AUDIT_READ, Permission.CLIENTS_READ))
    assert told.of(Permission.AUDIT_READ).ways[0].given == made
    assert told.of(Permission.CLIENTS_READ).ways[0].given == more


def test_what_was_refused_or_failed_gives_nothing() -> None:
    told, *_ = _in_the_desk()
    for bad in (Outcome.DENIED, Outcome.FAILURE):
        event = told.that("role.updated", READERS, _can(Permission.ADMIN))
        told.events[-1] = replace(event, outcome=bad)
    assert not told.of(Permission.AUDIT_WRITE).holds


def test_one_who_is_suspended_may_nothing_and_keeps_their_ways() -> None:
    told, *_ = _in_the_desk()
    barred = told.that("member.suspended", BO, Change("status", "active", "suspended"))
    found = told.of(Permission.AUDIT_READ)
    assert (found.status, found.since, found.holds) == (MemberStatus.SUSPENDED, barred, False)
    assert len(found.ways) == 1
    told.that("member.reinstated", BO, Change("status", "suspended", "active"))
    assert told.of(Permission.AUDIT_READ).holds


def test_everything_comes_with_admin_and_is_told_by_that_word() -> None:
    told, *_ = _in_the_desk()
    told.that("role.granted", BUILT_IN[0][0], grantee_type="member", grantee="m-2", grantee_name="Bo Lind")
    found = told.of(Permission.SETTINGS_WRITE)
    (way,) = found.ways
    assert (way.permission, way.given, way.group) == (Permission.ADMIN, None, None)
    assert len(told.of(Permission.AUDIT_READ).ways) == 2


def test_the_roles_that_would_give_it_are_told_by_name_as_they_are_called_since() -> None:
    told, *_ = _in_the_desk()
    told.that("role.created", KEEPERS, Change("name", None, "Keepers"), _can(Permission.AUDIT_WRITE))
    told.that("role.updated", KEEPERS, Change("name", "Keepers", "Archivists"))
    names = [one.label for one in told.of(Permission.AUDIT_WRITE).would_give]
    assert names == ["Archivists", "Organisation administrator"]


def test_before_they_joined_they_were_nobody() -> None:
    told, *_ = _in_the_desk()
    found = told.of(Permission.AUDIT_READ, BEGIN)
    assert (found.status, found.since, found.ways) == (None, None, ())


@settings(deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_whatever_is_done_the_fold_agrees_with_the_tables(steps: list[Step]) -> None:
    history = AccessHistory((one.reference, one.permissions) for one in ORGANISATION.roles.values() if one.built_in)
    for event in _from_nothing():
        history.take(event)
    access = ORGANISATION
    _agrees(history, access)
    for number, step in enumerate(steps):
        after = outcome(step, access, number)
        if after is not None:
            for draft in access_events(access, after, Caller(ALICE), BEGIN):
                history.take(_event(draft))
            access = after
            _agrees(history, access)


def _from_nothing() -> Iterable[Event]:
    """What tells how the organisation of the steps came to be."""
    shipped = {key: role for key, role in ORGANISATION.roles.items() if role.built_in}
    bare = {
        key: Member(key, one.name, one.email, one.joined_at, MemberStatus.ACTIVE)
        for key, one in ORGANISATION.members.items()
    }
    yield from (
        _event(Caller(one.reference).draft("member.joined", BEGIN, target=one.reference)) for one in bare.values()
    )
    yield from map(_event, _drafts(Access(bare, {}, shipped), ORGANISATION))


def _drafts(before: Access, after: Access) -> Iterator[Draft]:
    yield from access_events(before, after, Caller(ALICE), BEGIN)


def _agrees(history: AccessHistory, access: Access) -> None:
    assert {key: (access.permissions_of(key), one.status) for key, one in access.members.items()} == {
        key: (history.permissions_of(key), one.status) for key, one in history.members.items()
    }
    assert {key: set(one.members) for key, one in access.groups.items()} == {
        key: set(one.members) for key, one in history.groups.items()
    }

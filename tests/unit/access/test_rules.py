"""Tests of data.access.rules: who may change what, and what everybody loses and gains by it."""

from dataclasses import replace

import pytest

from data.access.editing import with_group, with_member, with_role, without_group, without_member, without_role
from data.access.model import OWNER_ID, Access, Group, MemberStatus, Role, Standing
from data.access.rules import gains, losses, permissions_when_active, problem_of
from data.permissions import Permission
from data.records import ActorType, Reference
from tests.unit.access.organisation import (
    AUDIT,
    MANAGING,
    ORGANISATION,
    changed_group,
    changed_member,
    changed_role,
    person,
    standing,
)

OWN = "Nobody changes their own access; somebody else who manages access can."
LAST = "There would be no administrator left. Make somebody else one first."
EVERYTHING = frozenset(Permission)
SUSPENDED, ACTIVE, REMOVED = MemberStatus.SUSPENDED, MemberStatus.ACTIVE, MemberStatus.REMOVED
MONITORING = (Permission.REQUESTS_READ,)


def gives(words: str) -> str:
    return f"Nobody gives what they do not hold; this gives {words}."


def takes(name: str) -> str:
    return f"{name} may do all that you may and more; nobody takes from one who may do more."


def built_in(name: str) -> str:
    return f"{name} is built in: it is never changed nor deleted. Make a role of your own."


def judged(after: Access, by: str, before: Access = ORGANISATION) -> str | None:
    return problem_of(before, after, standing(by, before))


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("a role made", with_role(ORGANISATION, Role("r-new", "New", "", (Permission.ADMIN,)))),
        ("a role widened", changed_role("r-monitor", permissions=(*AUDIT, *MONITORING))),
        ("a role emptied", changed_role("r-manager", permissions=())),
        ("a role deleted", without_role(ORGANISATION, "r-log")),
        ("a group with roles", with_group(ORGANISATION, Group("g-x", "X", "", ("administrator",), ("m-leo",)))),
        ("a group given a role", changed_group("g-day", roles=("administrator", "r-monitor"))),
        ("a group deleted", without_group(ORGANISATION, "g-day")),
        ("a member granted a role", changed_member("m-leo", roles=("administrator", "r-log"))),
        ("a role withdrawn", changed_member("m-ben", roles=())),
        ("another administrator barred", changed_member("m-ben", status=SUSPENDED)),
        ("another administrator removed", without_member(ORGANISATION, "m-ben")),
        ("one who was an administrator reinstated", changed_member("m-sue", status=ACTIVE)),
        ("somebody joining", with_member(ORGANISATION, person("Zoe", "administrator"))),
        ("nothing", ORGANISATION),
    ],
)
def test_an_administrator_may_do_what_is_not_about_themself(what: str, after: Access) -> None:
    assert judged(after, "m-ann") is None
    owner = Standing(Reference(ActorType.MEMBER, OWNER_ID, "ann"), EVERYTHING)
    assert problem_of(ORGANISATION, after, owner) is None


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("gives themself a role", changed_member("m-mia", roles=("r-log", "r-manager"))),
        ("gives themself what they hold already", changed_member("m-mia", roles=("r-manager", "r-monitor"))),
        ("takes a role from themself", changed_member("m-mia", roles=())),
        ("joins a group", changed_group("g-none", members=("m-mia",))),
        ("leaves a group", changed_group("g-day", members=("m-leo",))),
        ("widens a role of theirs", changed_role("r-manager", permissions=(*MANAGING, Permission.AUDIT_READ))),
        ("narrows a role of theirs", changed_role("r-manager", permissions=MANAGING[:2])),
        ("widens a role of a group of theirs", changed_role("r-monitor", permissions=(*MONITORING, *MANAGING))),
        ("gives a group of theirs a role", changed_group("g-day", roles=("r-log", "r-monitor"))),
        ("takes a role from a group of theirs", changed_group("g-day", roles=())),
        ("deletes a group of theirs", without_group(ORGANISATION, "g-day")),
        ("deletes a role of theirs", without_role(ORGANISATION, "r-manager")),
        ("deletes a role of a group of theirs", without_role(ORGANISATION, "r-monitor")),
        ("bars themself", changed_member("m-mia", status=SUSPENDED)),
        ("removes themself", without_member(ORGANISATION, "m-mia")),
    ],
)
def test_nobody_changes_their_own_access(what: str, after: Access) -> None:
    assert judged(after, "m-mia") == OWN


def test_an_administrator_does_not_change_their_own_access_either() -> None:
    assert judged(changed_member("m-ann", roles=("administrator", "r-log")), "m-ann") == OWN
    assert judged(without_member(ORGANISATION, "m-ann"), "m-ann") == OWN


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("their own name", changed_member("m-mia", name="Mia Holm", email="holm@example.org")),
        ("the name of a role of theirs", changed_role("r-manager", name="Who manages access", description="x")),
        ("the name of a group of theirs", changed_group("g-day", name="Late shift")),
        ("who else is in a group of theirs", changed_group("g-day", members=("m-mia", "m-new"))),
        ("who else holds a role of theirs", changed_member("m-new", roles=("r-manager",))),
        ("that nobody else holds a role of theirs", changed_member("m-max", roles=())),
    ],
)
def test_what_is_not_their_own_access(what: str, after: Access) -> None:
    assert judged(after, "m-mia") is None


@pytest.mark.parametrize(
    ("what", "after", "words"),
    [
        ("makes a role", with_role(ORGANISATION, Role("r-new", "New", "", AUDIT)), "audit:read"),
        ("widens a role", changed_role("r-unused", permissions=(Permission.ADMIN,)), "admin"),
        ("grants a role", changed_member("m-new", roles=("r-log",)), "audit:read, audit:write"),
        ("grants admin", changed_member("m-new", roles=("administrator",)), "admin"),
        ("grants it to one who has it already", changed_group("g-log", members=("m-leo",)), "audit:read, audit:write"),
        ("grants it to one who is barred", changed_member("m-guy", roles=("r-log",)), "audit:read, audit:write"),
        ("gives a group a role", changed_group("g-none", roles=("r-log",)), "audit:read, audit:write"),
        ("adds to a group", changed_group("g-log", members=("m-new",)), "audit:read, audit:write"),
        ("adds by the member", changed_member("m-new", groups=("g-log",)), "audit:read, audit:write"),
        ("lets somebody in again", changed_member("m-sue", status=ACTIVE), "admin"),
        ("invites", with_member(ORGANISATION, person("Zoe", "r-log")), "audit:read, audit:write"),
        ("a new group", with_group(ORGANISATION, Group("g-x", "X", "", ("r-unused",))), "settings:write"),
    ],
)
def test_nobody_gives_what_they_do_not_hold(what: str, after: Access, words: str) -> None:
    assert judged(after, "m-mia") == gives(words)


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("makes a role", with_role(ORGANISATION, Role("r-new", "New", "", MONITORING))),
        ("makes a role of nothing", with_role(ORGANISATION, Role("r-new", "New"))),
        ("grants a role", changed_member("m-new", roles=("r-monitor",))),
        ("adds to a group", changed_group("g-day", members=("m-leo", "m-mia", "m-new"))),
        ("adds to a group without roles", changed_group("g-none", members=("m-new",))),
        ("lets somebody in again", changed_member("m-guy", status=ACTIVE)),
        ("invites", with_member(ORGANISATION, person("Zoe", "r-monitor"))),
    ],
)
def test_what_one_holds_one_may_give(what: str, after: Access) -> None:
    assert judged(after, "m-mia") is None


def test_to_hold_everything_but_admin_is_not_to_hold_admin() -> None:
    nearly = Role("r-nearly", "Nearly", "", tuple(sorted(EVERYTHING - {Permission.ADMIN})))
    before = with_member(with_role(ORGANISATION, nearly), person("Kim", "r-nearly"))
    after = with_member(before, replace(before.members["m-new"], roles=("administrator",)))
    assert judged(after, "m-kim", before) == gives("admin")


@pytest.mark.parametrize(
    ("what", "after", "name"),
    [
        ("withdraws", changed_member("m-ann", roles=()), "Ann"),
        ("bars", changed_member("m-ann", status=SUSPENDED), "Ann"),
        ("removes", without_member(ORGANISATION, "m-ann"), "Ann"),
        ("withdraws from one who is barred", changed_member("m-sue", roles=()), "Sue"),
        ("removes one who is barred", without_member(ORGANISATION, "m-sue"), "Sue"),
    ],
)
def test_nobody_takes_from_one_who_may_do_more(what: str, after: Access, name: str) -> None:
    assert judged(after, "m-mia") == takes(name)


def test_nor_by_a_group_or_a_role() -> None:
    boss = Role("r-boss", "Boss", "", (Permission.ADMIN,))
    before = with_member(with_role(ORGANISATION, boss), person("Kim", "r-boss"))
    before = with_group(before, Group("g-boss", "Bosses", "", ("r-boss",), ("m-kim",)))
    for after in (
        without_role(before, "r-boss"),
        with_role(before, replace(boss, permissions=())),
        without_group(before, "g-boss"),  # they would keep the role, but not both ways to it
        with_group(before, replace(before.groups["g-boss"], members=())),
    ):
        assert judged(after, "m-mia", before) == takes("Kim")
        assert judged(after, "m-ann", before) is None


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("withdraws", changed_member("m-leo", roles=())),
        ("takes out of a group", changed_group("g-day", members=("m-mia",))),
        ("bars", changed_member("m-leo", status=SUSPENDED)),
        ("removes", without_member(ORGANISATION, "m-leo")),
        ("deletes a role that they do not hold", without_role(ORGANISATION, "r-log")),
        ("deletes a role that nobody holds", without_role(ORGANISATION, "r-unused")),
        ("narrows a role", changed_role("r-log", permissions=AUDIT[:1])),
        ("bars one who may do the same", changed_member("m-max", status=SUSPENDED)),
    ],
)
def test_what_one_does_not_hold_may_be_taken_from_one_who_may_not_do_more(what: str, after: Access) -> None:
    assert judged(after, "m-mia") is None


def test_an_administrator_whom_a_shared_role_leaves_untouched_is_no_hindrance() -> None:
    before = changed_group("g-log", members=("m-ann", "m-leo"))
    after = with_group(before, replace(before.groups["g-log"], roles=()))
    assert judged(after, "m-mia", before) is None


@pytest.mark.parametrize(
    "after",
    [
        lambda before: with_member(before, replace(before.members["m-ann"], roles=())),
        lambda before: with_member(before, replace(before.members["m-ann"], status=SUSPENDED)),
        lambda before: without_member(before, "m-ann"),
    ],
    ids=["withdrawn", "barred", "removed"],
)
def test_the_last_administrator_stays(after: object) -> None:
    assert callable(after)
    before = without_member(ORGANISATION, "m-ben")
    owner = Standing(Reference(ActorType.MEMBER, OWNER_ID, "ann"), EVERYTHING)
    assert problem_of(before, after(before), owner) == LAST
    assert problem_of(ORGANISATION, after(ORGANISATION), owner) is None


def test_the_last_way_to_be_an_administrator_stays() -> None:
    boss = Role("r-boss", "Boss", "", (Permission.ADMIN,))
    before = Access(roles={"r-boss": boss})
    before = with_group(with_member(before, person("Kim")), Group("g-boss", "Bosses", "", ("r-boss",), ("m-kim",)))
    owner = Standing(Reference(ActorType.MEMBER, OWNER_ID, "ann"), EVERYTHING)
    for after in (
        without_role(before, "r-boss"),
        without_group(before, "g-boss"),
        with_role(before, replace(boss, permissions=AUDIT)),
        with_group(before, replace(before.groups["g-boss"], roles=())),
    ):
        assert problem_of(before, after, owner) == LAST


def test_where_there_never_was_an_administrator_there_need_be_none() -> None:
    before = Access(roles=dict(ORGANISATION.roles))
    owner = Standing(Reference(ActorType.MEMBER, OWNER_ID, "ann"), EVERYTHING)
    assert problem_of(before, with_member(before, person("Leo", "r-log")), owner) is None


@pytest.mark.parametrize(
    "after",
    [
        without_role(ORGANISATION, "administrator"),
        changed_role("administrator", name="Boss"),
        changed_role("administrator", description="x"),
        changed_role("administrator", permissions=AUDIT),
        changed_role("administrator", built_in=False),
    ],
)
def test_what_is_built_in_stays(after: Access) -> None:
    for by in ("m-ann", "m-mia"):
        assert judged(after, by) == built_in("Organisation administrator")


def test_what_everybody_loses_and_gains() -> None:
    after = changed_group("g-day", roles=("r-log",), members=("m-mia", "m-new"))
    assert losses(ORGANISATION, after) == {"m-leo": {Permission.REQUESTS_READ}}
    assert gains(ORGANISATION, after) == {"m-mia": {*AUDIT}, "m-new": {*AUDIT}}
    # Who has it by another way loses nothing, nor does one who is barred, and an administrator loses all at once.
    assert losses(ORGANISATION, without_group(ORGANISATION, "g-day")) == {"m-leo": {Permission.REQUESTS_READ}}
    assert losses(ORGANISATION, without_member(ORGANISATION, "m-sue")) == {}
    assert losses(ORGANISATION, changed_member("m-ben", status=SUSPENDED)) == {"m-ben": EVERYTHING}
    assert gains(ORGANISATION, with_member(ORGANISATION, person("Zoe", "r-log"))) == {"m-zoe": {*AUDIT}}


def test_what_one_who_is_barred_would_have_again() -> None:
    assert permissions_when_active(ORGANISATION, ORGANISATION.members["m-guy"]) == {*MONITORING}
    assert ORGANISATION.permissions_of("m-guy") == frozenset()

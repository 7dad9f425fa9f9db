"""Tests of what the forms and ends of who may do what say: options, losses, consequences, and what is read from fields."""

from dataclasses import replace

import pytest

from data.access.editing import without_group
from data.access.model import Access, Standing
from data.access.rules import gains, losses
from data.permissions import Permission
from data.records import Reference
from tests.access_world import ALICE, ALICES, AUDIT, BOB, DANA, EMI, HUGO, LOG_KEEPERS, access_list
from tests.functional.console.demo_log import ZONE
from tests.unit.tui.made_up_events import HOSTILE
from tui.presenters.access_end import (
    consequence_rows,
    group_consequences,
    key_consequences,
    reinstatement_consequences,
    removal_consequences,
    revocation_consequences,
    role_consequences,
    session_consequences,
    suspension_consequences,
)
from tui.presenters.access_form import (
    addresses_in,
    read_addresses,
    read_group,
    read_member,
    read_role,
    texts_of_group,
    texts_of_member,
    texts_of_role,
)
from tui.presenters.access_losses import change_words, loss_sentences, permission_words
from tui.presenters.access_options import OWN, group_options, member_options, permission_options, role_options
from tui.presenters.pieces import plain_text
from tui.terminal import cells_of

FOUND = access_list()
ACCESS = FOUND.access
READER = Standing(Reference("member", HUGO.id, HUGO.name), frozenset({Permission.AUDIT_READ}))


def test_what_one_does_not_hold_cannot_be_given_and_says_why() -> None:
    refused = {option.id: option.refusal for option in permission_options(READER)}
    assert refused["audit:read"] is None and refused["admin"] == "you do not hold it"
    roles = {option.name: option.refusal for option in role_options(ACCESS, READER)}
    assert roles["Reviewer"] is None
    assert roles["Organisation administrator"] == "it has admin, which you do not hold"
    assert roles["Log keepers"] == "it has audit:write, which you do not hold"
    groups = {option.name: option.refusal for option in group_options(ACCESS, READER)}
    assert groups["Audit"] is None and groups["Support"] is not None
    assert all(option.refusal is None for option in permission_options(None)), "it is not known yet"


def test_one_s_own_access_stays_as_it_is() -> None:
    own = next(option for option in member_options(ACCESS, READER) if option.id == HUGO.id)
    assert own.refusal == OWN and own.is_fixed
    assert all(option.is_fixed for option in role_options(ACCESS, READER, is_own=True))
    assert "Ivan Petrov" not in {option.name for option in member_options(ACCESS, READER)}, "he was removed"
    assert next(one.remark for one in member_options(ACCESS, None) if one.id == EMI.id) == "emi@example.org, suspended"


def test_who_loses_what_is_said_by_name() -> None:
    after = without_group(ACCESS, AUDIT.id)
    assert list(loss_sentences(ACCESS, losses(ACCESS, after))) == [
        "2 members lose audit:read: Grace Lin and Jana Novak"
    ]
    words = change_words(ACCESS, losses(after, ACCESS), gains(after, ACCESS))
    assert words == "2 members gain audit:read: Grace Lin and Jana Novak"
    assert permission_words(frozenset(Permission)) == "admin"


def test_of_many_who_lose_something_so_many_are_named_as_can_be_read() -> None:
    members = {f"m-{number}": replace(BOB, id=f"m-{number}", name=f"N{number:03}") for number in range(200)}
    many = Access(members, ACCESS.groups, ACCESS.roles)
    (sentence,) = loss_sentences(many, dict.fromkeys(members, frozenset({Permission.AUDIT_READ})))
    assert sentence.startswith("200 members lose audit:read: N000, N001") and sentence.endswith("and 188 more")


def texts_of(rows: object) -> str:
    return "\n".join(plain_text(row) for row in rows)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (role_consequences(FOUND, "reviewer"), ("Audit", "dana@example.org", "2 members lose audit:read")),
        (role_consequences(FOUND, "r-Hollow00"), ("nobody holds it directly", "nobody loses a permission by it")),
        (group_consequences(FOUND, AUDIT.id), ("Grace Lin, Hugo Lind and Jana Novak", "Reviewer")),
        (
            removal_consequences(FOUND, ALICE.id, ZONE),
            ("2 keys go", "Organisation administrator", "loses         admin"),
        ),
        (suspension_consequences(FOUND, BOB.id, ZONE), ("1 session ends", "203.0.113.19")),
        (session_consequences(ALICES, ZONE), ("from          198.51.100.7", "terminal      xterm-256color")),
        (reinstatement_consequences(FOUND, EMI.id), ("clients:read, clients:write", "Platform")),
        (revocation_consequences(FOUND, DANA, ZONE), ("joins with    Audit and Reviewer", "Alice Moss")),
        (key_consequences(FOUND, BOB, BOB.keys[0], ZONE), ("ssh-ed25519, 256 bits", "no other key of Bob Okafor")),
    ],
    ids=lambda value: None if isinstance(value, tuple) else value.meaning[:20],
)
def test_what_stops_is_said_before_it_does(told: object, said: tuple[str, ...]) -> None:
    for width in (40, 80, 200):
        rows = [plain_text(row) for row in consequence_rows(told, width)]  # type: ignore[arg-type]
        assert all(cells_of(row) <= width for row in rows)
    assert all(one in texts_of(consequence_rows(told, 200)) for one in said)  # type: ignore[arg-type]


def test_the_open_invitations_of_one_who_is_barred_are_named() -> None:
    """By then nobody joins with them: see Joins.accept."""
    for told in (removal_consequences(FOUND, ALICE.id, ZONE), suspension_consequences(FOUND, ALICE.id, ZONE)):
        (line,) = [one for one in told.lines if one.label == "invited"]
        assert line.text.startswith("dana@example.org and erik@example.net: ") and "somebody else sends" in line.text
    assert not [one for one in removal_consequences(FOUND, HUGO.id, ZONE).lines if one.label == "invited"]


def test_a_hostile_name_drives_nothing_in_what_is_said() -> None:
    hostile = replace(FOUND, access=replace(ACCESS, members={**ACCESS.members, BOB.id: replace(BOB, name=HOSTILE)}))
    for row in consequence_rows(removal_consequences(hostile, BOB.id, ZONE), 80):
        assert plain_text(row).isprintable() or not plain_text(row)


def test_what_stands_in_a_form_is_read_back_as_the_same() -> None:
    role, problems = read_role(texts_of_role(LOG_KEEPERS), ACCESS, LOG_KEEPERS)
    assert problems == {} and role is not None and role.permissions == LOG_KEEPERS.permissions
    group, problems = read_group(texts_of_group(AUDIT), ACCESS, AUDIT)
    assert problems == {} and group is not None and (group.roles, group.members) == (AUDIT.roles, AUDIT.members)
    member, problems = read_member(texts_of_member(HUGO), ACCESS)
    assert problems == {} and member is not None and (member.roles, member.groups) == (HUGO.roles, HUGO.groups)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "A role needs a name."),
        ("log  KEEPERS", "There is a role named Log keepers already."),
        ("L\u03bfg keepers", "This looks like Log keepers"),
        ("a\u202eb", "invisible or control character"),
        ("x" * 1_000_000, "At most 100 characters"),
    ],
    ids=["empty", "there", "alike", "hostile", "long"],
)
def test_a_name_that_cannot_be_is_said(name: str, said: str) -> None:
    details, problems = read_role({**texts_of_role(None), "name": name}, ACCESS, None)
    assert details is None and said in problems["name"]


def test_addresses_are_parted_by_whatever_one_types_and_each_that_is_none_is_named() -> None:
    assert addresses_in(" a@example.org,b@example.org;\nc@example.org  a@example.org ") == (
        "a@example.org",
        "b@example.org",
        "c@example.org",
    )
    assert read_addresses("  ")[1] == "Whom do you invite? Write a mail address, or several."
    addresses, problem = read_addresses("a@example.org bo@ x")
    assert len(addresses) == 3 and problem is not None
    assert problem.startswith("2 of 3 cannot be invited.") and "'bo@'" in problem and "'x'" in problem

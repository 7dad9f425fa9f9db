"""Tests of data.access.editing: both sides of a link say the same, and what a change does not touch stays."""

from data.access.editing import with_group, with_member, without_group, without_member, without_role
from data.access.model import Access, Group, MemberStatus
from tests.unit.access.organisation import ORGANISATION, changed_group, changed_member, person


def agrees(access: Access) -> bool:
    """Whether groups and members tell the same of who is in which."""
    of_groups = {(key, one) for key, group in access.groups.items() for one in group.members}
    of_members = {(one, key) for key, member in access.members.items() for one in member.groups}
    sorted_links = all(
        list(ids) == sorted(set(ids))
        for ids in (
            *(one.groups for one in access.members.values()),
            *(one.members for one in access.groups.values()),
        )
    )
    return of_groups == of_members and sorted_links


def test_a_groups_members_are_in_it() -> None:
    after = changed_group("g-day", members=("m-ann", "m-leo"))
    assert agrees(after)
    assert after.members["m-ann"].groups == ("g-day",)
    assert after.members["m-mia"].groups == ()
    assert after.members["m-leo"] is ORGANISATION.members["m-leo"]


def test_a_members_groups_have_them() -> None:
    after = changed_member("m-mia", groups=("g-log", "g-none"))
    assert agrees(after)
    assert after.groups["g-day"].members == ("m-leo",)
    assert after.groups["g-log"].members == after.groups["g-none"].members == ("m-mia",)


def test_what_is_new_is_linked_too() -> None:
    after = with_group(ORGANISATION, Group("g-new", "New", "", (), ("m-leo",)))
    assert agrees(after) and after.members["m-leo"].groups == ("g-day", "g-new")
    joined = with_member(ORGANISATION, person("Zoe", "r-log"))
    assert agrees(joined) and joined.members.keys() - ORGANISATION.members.keys() == {"m-zoe"}


def test_whatever_led_to_a_role_that_is_gone_is_gone() -> None:
    after = without_role(ORGANISATION, "r-monitor")
    assert "r-monitor" not in after.roles
    assert after.groups["g-day"].roles == after.members["m-guy"].roles == ()
    assert after.members["m-leo"] is ORGANISATION.members["m-leo"]


def test_whatever_led_to_a_group_that_is_gone_is_gone() -> None:
    after = without_group(ORGANISATION, "g-day")
    assert agrees(after) and after.groups.keys() == {"g-log", "g-none"}
    assert after.members["m-mia"].roles == ("r-manager",)


def test_who_a_removed_member_was_stays() -> None:
    after = without_member(ORGANISATION, "m-leo")
    leo = after.members["m-leo"]
    assert agrees(after)
    assert (leo.name, leo.email, leo.status) == ("Leo", "leo@example.org", MemberStatus.REMOVED)
    assert (leo.roles, leo.groups, leo.keys) == ((), (), ())

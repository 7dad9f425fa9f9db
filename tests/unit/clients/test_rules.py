"""Tests of data.clients.rules: a plain sentence for each field that is wrong, and nothing that takes long."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from data.clients.errors import DetailsWrong
from data.clients.model import ClientDetails
from data.clients.rules import FIELDS, plain_details, problems_of, read_details
from data.policy import Policy

TODAY = date(2026, 11, 20)
POLICY = Policy(zone=ZoneInfo("Europe/Berlin"))
BEFORE = ClientDetails("Payroll sync", date(2026, 1, 31), scopes=("old:scope",))
MEGABYTE = 1_000_000
LONG = {
    "letters": "x" * MEGABYTE,
    "blanks": " " * MEGABYTE,
    "accents": "e" + "\u0315\u0300" * (MEGABYTE // 2),  # to put these in order takes the square of their number
    "digits": "9" * MEGABYTE,
    "words": " ".join(map(str, range(MEGABYTE // 7))),
    "gap": "1" + " " * MEGABYTE + "x",
    "prefix": "192.0.2.0/" + "0" * MEGABYTE,
    "controls": "\x1b" * MEGABYTE,
}
# Of blanks nothing is left, and these may be empty; `1` and `x` may be scopes.
RIGHT = {("scopes", "blanks"), ("networks", "blanks"), ("scopes", "gap")}


def wrong(typed: Mapping[str, str], policy: Policy = POLICY, before: ClientDetails | None = None) -> dict[str, str]:
    """The problems with what was typed for a client that is otherwise right."""
    with pytest.raises(DetailsWrong) as raised:
        read_details({"name": "Payroll sync", **typed}, policy, TODAY, before)
    return raised.value.problems


def test_what_a_person_types_is_read_into_details() -> None:
    details = read_details(
        {
            "name": "  Payroll \t sync ",
            "description": " Nightly. ",
            "owner": "Cafe\u0301",
            "scopes": "users:read, orders:read;users:read",
            "networks": "2001:DB8::/32 198.51.100.7, 10.0.0.0/8",
            "expires": "3 months",
        },
        POLICY,
        TODAY,
    )
    assert details == ClientDetails(
        "Payroll sync",
        date(2027, 2, 20),
        "Nightly.",
        "Café",
        ("orders:read", "users:read"),
        ("10.0.0.0/8", "198.51.100.7/32", "2001:db8::/32"),
    )


def test_without_a_last_day_the_policy_says_how_long() -> None:
    assert read_details({"name": "A"}, POLICY, TODAY).expires == date(2027, 5, 20)


def test_a_field_that_is_not_typed_keeps_its_value() -> None:
    edited = read_details({"owner": "Bo"}, replace(POLICY, scopes=("users:read",)), TODAY, BEFORE)
    assert edited == replace(BEFORE, owner="Bo")


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("name", "", "A client needs a name."),
        ("name", " \t\n\u3000", "A client needs a name."),
        ("name", "\u3164", "Of this name nothing can be seen."),
        ("name", "\ufe0f\u0301", "Of this name nothing can be seen."),
        ("name", "x" * 101, "At most 100 characters, this has 101."),
        ("name", "Pay\u202eroll", "This holds an invisible or control character."),
        ("name", "Pay\0roll", "This holds an invisible or control character."),
        ("name", "Pay\ud800roll", "This holds an invisible or control character."),
        ("name", "Pay\x1b[31mroll", "This holds an invisible or control character."),
        ("description", "x" * 1_001, "At most 1,000 characters, this has 1,001."),
        ("description", "one\ntwo", "This holds an invisible or control character."),
        ("owner", "\udc80", "This holds an invisible or control character."),
        ("scopes", "Users:read", "'Users:read' is not a scope such as orders:read."),
        ("scopes", "\ud800", r"'\ud800' is not a scope such as orders:read."),
        ("scopes", "a:b:c:d:e", "'a:b:c:d:e' is not a scope such as orders:read."),
        ("scopes", " ".join(f"s{one}" for one in range(101)), "At most 100 scopes, these are 101."),
        ("networks", "somewhere", "'somewhere' is not a network such as 198.51.100.0/24."),
        ("networks", "10.0.0.0/33", "'10.0.0.0/33' is not a network such as 198.51.100.0/24."),
        ("networks", "10.0.0", "'10.0.0' is not a network such as 198.51.100.0/24."),
        ("networks", "\0", r"'\x00' is not a network such as 198.51.100.0/24."),
        (
            "networks",
            "198.51.100.7/24",
            "198.51.100.7/24 names one address in a network: write 198.51.100.0/24, or 198.51.100.7 alone.",
        ),
        ("networks", "fe80::1%eth0", "'fe80::1%eth0' names an interface; a network is one such as 2001:db8::/32."),
        ("networks", " ".join(f"10.0.0.{one}" for one in range(101)), "At most 100 networks, these are 101."),
        ("expires", "", "This is not a day; write a date such as 2027-05-31, or 90 days, 6 months."),
        ("expires", "2027-02-30", "There is no 2027-02-30 in the calendar."),
        ("expires", "2026-11-19", "2026-11-19 is past; write a date such as 2027-05-31, or 90 days, 6 months."),
        ("expires", "2027-11-21", "At most 12 months from now, that is 2027-11-20."),
        ("expires", "9999-12-31", "At most 12 months from now, that is 2027-11-20."),
    ],
)
def test_each_field_says_what_is_wrong_with_it(field: str, text: str, problem: str) -> None:
    assert wrong({field: text}) == {field: problem}


@pytest.mark.parametrize(
    ("field", "kind"), [(field, kind) for field in FIELDS for kind in LONG if (field, kind) not in RIGHT]
)
def test_a_megabyte_is_refused_quickly_and_in_a_short_sentence(field: str, kind: str) -> None:
    began = time.process_time()
    (problem,) = wrong({field: LONG[kind]}).values()
    assert time.process_time() - began < 1
    assert len(problem) < 250


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_form() -> None:
    problems = wrong({"expires": "never", "networks": "x", "name": ""})
    assert list(problems) == ["name", "networks", "expires"]


def test_the_first_and_the_last_day_that_can_be_given() -> None:
    for text in ("2026-11-20", "2027-11-20"):
        assert read_details({"name": "A", "expires": text}, POLICY, TODAY).expires.isoformat() == text


def test_scopes_that_the_policy_does_not_know_are_refused_and_may_be_kept() -> None:
    policy = replace(POLICY, scopes=("orders:read", "users:read"))
    problem = "Unknown scope orders:write; there are orders:read, users:read."
    assert wrong({"scopes": "orders:write"}, policy) == {"scopes": problem}
    kept = read_details({"scopes": "old:scope users:read"}, policy, TODAY, BEFORE)
    assert kept.scopes == ("old:scope", "users:read")
    assert kept.expires == BEFORE.expires  # which is past, and was not typed


def test_details_are_kept_in_one_form() -> None:
    given = ClientDetails(
        " A  b", TODAY, " c ", "Cafe\u0301", ("b", "a", "b"), ("2001:DB8::/32", "10.0.0.0/8", "10.0.0.0/8")
    )
    kept = plain_details(given)
    assert kept == ClientDetails("A b", TODAY, "c", "Café", ("a", "b"), ("10.0.0.0/8", "2001:db8::/32"))
    assert plain_details(kept) == kept
    assert plain_details(replace(given, networks=("nowhere",))).networks == ("nowhere",)
    assert problems_of(replace(given, networks=("nowhere",)), POLICY, TODAY).keys() == {"networks"}

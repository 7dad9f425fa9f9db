"""Tests of data.access.details: a plain sentence for each field that is wrong, and nothing that takes long."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access.details import (
    GroupDetails,
    MemberDetails,
    RoleDetails,
    email_problem,
    group_problems,
    member_problems,
    plain_address,
    plain_group,
    plain_member,
    plain_role,
    role_problems,
)
from data.permissions import Permission

MEGABYTE = 1_000_000
AUDIT = (Permission.AUDIT_READ, Permission.AUDIT_WRITE)
NO_ADDRESS = "Write a mail address, such as ada@example.org."
INVISIBLE = "This holds an invisible or control character."
BLANKS = "A mail address holds no blanks; write one address."


def no_address(shown: str, why: str = "") -> str:
    return f"{shown!r} is not a mail address such as ada@example.org{why}."


NO_DOMAIN = ": what follows the @ is no domain"
NOT_LOCAL = ": the part before the @ cannot be written so"


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "Ada.Lovelace@Example.Org",
        "ada+audit@mail.example.co.uk",
        "o'brien@example.org",
        "a@b.cd",
        "1@2.example",
        "ada@xn--bcher-kva.example",
        f"{'a' * 64}@example.org",
        f"ada@{'a' * 63}.example",
    ],
)
def test_what_is_a_mail_address(address: str) -> None:
    assert email_problem(address) is None


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", NO_ADDRESS),
        (" \t", NO_ADDRESS),
        ("ada", no_address("ada")),
        ("@example.org", no_address("@example.org")),
        ("ada@", no_address("ada@")),
        ("ada@@example.org", no_address("ada@@example.org")),
        ("ada@bob@example.org", no_address("ada@bob@example.org")),
        ("ada lovelace@example.org", BLANKS),
        ("ada@example.org bob@example.org", BLANKS),
        ("ada@example.org,bob@example.org", no_address("ada@example.org,bob@example.org")),
        ("Ada <ada@example.org>", BLANKS),
        ("<ada@example.org>", no_address("<ada@example.org>", NOT_LOCAL)),
        ('"ada"@example.org', no_address('"ada"@example.org', NOT_LOCAL)),
        (".ada@example.org", no_address(".ada@example.org", NOT_LOCAL)),
        ("ada.@example.org", no_address("ada.@example.org", NOT_LOCAL)),
        ("ada..b@example.org", no_address("ada..b@example.org", NOT_LOCAL)),
        ("ada@example", no_address("ada@example", NO_DOMAIN)),
        ("ada@example.", no_address("ada@example.", NO_DOMAIN)),
        ("ada@.example", no_address("ada@.example", NO_DOMAIN)),
        ("ada@-example.org", no_address("ada@-example.org", NO_DOMAIN)),
        ("ada@exa_mple.org", no_address("ada@exa_mple.org", NO_DOMAIN)),
        ("ada@192.0.2.1", no_address("ada@192.0.2.1", NO_DOMAIN)),
        ("ada@[192.0.2.1]", no_address("ada@[192.0.2.1]", NO_DOMAIN)),
        (f"ada@{'a' * 64}.example", no_address(f"ada@{'a' * 36}", NO_DOMAIN)),
        (f"{'a' * 65}@example.org", "At most 64 characters before the @, these are 65."),
        (f"ada@{'a.' * 130}org", "At most 254 characters, this has 267."),
        ("ada@example.org\r\nBcc: eve@example.org", INVISIBLE),
        ("ada@example.org\n", INVISIBLE),
        ("ada\0@example.org", INVISIBLE),
        ("ada\u202e@example.org", INVISIBLE),
        ("ada\ud800@example.org", INVISIBLE),
        (
            "аda@example.org",  # a Cyrillic а
            "A mail address is of plain letters here, without accents; a domain that has others is written as xn--...",
        ),
        ("a" * MEGABYTE, "At most 254 characters, this has 1,000,000."),
    ],
    ids=lambda value: value[:30] if len(value) > 60 else value,
)
def test_what_is_none(address: str, problem: str) -> None:
    assert email_problem(address) == problem


@given(st.text(max_size=40) | st.from_regex(r"[a-z.@ -]{1,20}@[a-z.@-]{1,20}", fullmatch=True))
def test_an_address_that_is_taken_is_one_line_of_plain_characters(text: str) -> None:
    if email_problem(text) is None:
        assert text.isascii() and text.isprintable() and " " not in text
        assert text.count("@") == 1 and text == plain_address(text)
        assert not set(text) & set('<>,;:"()[]\\')


def test_details_are_kept_in_one_form() -> None:
    role = RoleDetails("  Log \t people ", " Cafe\u0301 ", (Permission.AUDIT_WRITE, *AUDIT))
    assert plain_role(role) == RoleDetails("Log people", "Café", AUDIT)
    group = GroupDetails(" Night  shift", "", ("r-2", "r-1", "r-2"), ("m-2", "m-1", "m-1"))
    assert plain_group(group) == GroupDetails("Night shift", "", ("r-1", "r-2"), ("m-1", "m-2"))
    member = MemberDetails(" Ada  L. ", " Ada@Example.org ", ("r-1", "r-1"), ("g-2", "g-1"))
    assert plain_member(member) == MemberDetails("Ada L.", "Ada@Example.org", ("r-1",), ("g-1", "g-2"))


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_form() -> None:
    assert [*role_problems(RoleDetails("", "\0"))] == ["name", "description"]
    group = group_problems(GroupDetails("", "\0", ("r-1",), ("m-1",)), (), ())
    assert [*group] == ["name", "description", "roles", "members"]
    assert group["roles"] == "There is no role 'r-1'."
    assert group["members"] == "There is no member 'm-1'."
    member = member_problems(MemberDetails("", "x", ("r-1",), ("g-1",)), ("r-2",), ("g-2",))
    assert [*member] == ["name", "email", "roles", "groups"]
    assert member["groups"] == "There is no group 'g-1'."


def test_what_is_right_has_no_problems() -> None:
    assert role_problems(RoleDetails("Log people", "Who read the log.", AUDIT)) == {}
    assert role_problems(RoleDetails("Nothing yet")) == {}
    assert group_problems(GroupDetails("Nights", "", ("r-1",), ("m-1",)), {"r-1"}, {"m-1"}) == {}
    assert member_problems(MemberDetails("Ada", "ada@example.org", ("r-1",), ("g-1",)), {"r-1"}, {"g-1"}) == {}


@pytest.mark.parametrize("text", ["x" * MEGABYTE, " " * MEGABYTE, "e" + "\u0315\u0300" * (MEGABYTE // 2)])
def test_a_megabyte_is_refused_quickly_and_in_short_sentences(text: str) -> None:
    began = time.process_time()
    details = plain_member(MemberDetails(text, text, (text,), (text,)))
    problems = member_problems(details, (), ())
    problems |= role_problems(plain_role(RoleDetails(text, text)))
    assert time.process_time() - began < 1
    assert problems.keys() == {"name", "email", "roles", "groups", "description"}
    assert all(len(problem) < 200 for problem in problems.values())


def test_a_permission_that_is_none_is_refused() -> None:
    wrong = replace(RoleDetails("Log people"), permissions=("everything",))  # type: ignore[arg-type]
    assert role_problems(wrong) == {"permissions": "'everything' is no permission."}

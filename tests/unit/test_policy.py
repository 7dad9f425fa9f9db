"""Tests of data.policy."""

import time
from dataclasses import replace

import pytest

from data.policy import (
    DEFAULT_POLICY,
    POLICY_KEYS,
    POLICY_SENTENCES,
    Policy,
    PolicyError,
    changed_policy,
    policy_from,
    policy_rows,
    rule_as_json,
)

MEGABYTE = 1_000_000
LONGEST_SENTENCE = 90


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("zone", "Europe/Berlin", "Europe/Berlin"),
        ("default_expiry_months", "012", "12"),
        ("max_expiry_months", "1200", "1200"),
        ("overlap_days", "0", "0"),
        ("ssh_join", "no", "off"),
        ("ssh_join", "True", "on"),
        ("record_reading", "OFF", "off"),
        ("live_days", "1", "1"),
        ("live_days", "36600", "36600"),
        ("archive_days", "0", "0"),
        ("scopes", "users:read, orders:*;users:read", "users:read orders:*"),
        ("scopes", "", ""),
        ("trusted_networks", "10.0.0.0/8 2001:DB8::/32,10.0.0.0/8", "10.0.0.0/8 2001:db8::/32"),
        ("trusted_networks", " ", ""),
    ],
)
def test_a_rule_is_changed_to_what_a_text_says(key: str, text: str, kept: str) -> None:
    changed = changed_policy(DEFAULT_POLICY, key, text)
    assert policy_rows(changed) == {**policy_rows(DEFAULT_POLICY), key: kept}
    assert policy_from(policy_rows(changed)) == changed


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        ("colour", "blue", "There is no rule named colour; there are zone, default_expiry_months"),
        ("zone", "", "'' is not a time zone; write an IANA name such as Europe/Berlin."),
        ("zone", "Berlin", "'Berlin' is not a time zone"),
        ("zone", "../etc/passwd", "is not a time zone"),
        ("zone", "Europe", "is not a time zone"),
        ("zone", "UTC\0", "is not a time zone"),
        ("zone", "\ud800", "is not a time zone"),
        ("zone", "localtime", "is not a time zone"),  # whatever the machine's own is
        ("zone", "right/UTC", "is not a time zone"),
        ("default_expiry_months", "0", "default_expiry_months is a whole number from 1 to 1200, not '0'."),
        ("default_expiry_months", "13", "A client cannot be valid for 13 months by default and for 12 at most."),
        ("max_expiry_months", "5", "A client cannot be valid for 6 months by default and for 5 at most."),
        ("max_expiry_months", "1201", "from 1 to 1200"),
        ("max_expiry_months", "-1", "from 1 to 1200"),
        ("max_expiry_months", "six", "from 1 to 1200"),
        ("max_expiry_months", "١٢", "from 1 to 1200"),
        ("overlap_days", "367", "from 0 to 366"),
        ("overlap_days", "1.5", "from 0 to 366"),
        ("live_days", "0", "live_days is a whole number from 1 to 36600, not '0'."),
        ("archive_days", "36601", "from 0 to 36600"),
        ("ssh_join", "", "ssh_join is on or off, not ''."),
        ("record_reading", "perhaps", "record_reading is on or off, not 'perhaps'."),
        ("scopes", "Users:read", "'Users:read' is not a scope such as orders:read."),
        ("scopes", "users:\x1b[31m", "is not a scope"),
        ("trusted_networks", "10.0.0.1/8", "'10.0.0.1/8' is not a network such as 192.0.2.0/24"),
        ("trusted_networks", "proxy.example.org", "is not a network"),
        ("trusted_networks", "fe80::1%eth0", "is not a network"),
    ],
)
def test_what_a_rule_cannot_be_is_said(key: str, text: str, problem: str) -> None:
    with pytest.raises(PolicyError, match=problem.replace("(", r"\(")):
        changed_policy(DEFAULT_POLICY, key, text)


@pytest.mark.parametrize("key", [*POLICY_KEYS, "colour"])
@pytest.mark.parametrize("kind", ["one", "many"])
def test_a_megabyte_is_refused_quickly_and_in_a_short_sentence(key: str, kind: str) -> None:
    text = "9" * MEGABYTE if kind == "one" else " ".join(map(str, range(MEGABYTE // 7)))
    began = time.process_time()
    with pytest.raises(PolicyError) as raised:
        changed_policy(DEFAULT_POLICY, key, text)
    assert time.process_time() - began < 1
    assert len(str(raised.value)) < 250


def test_the_name_of_a_rule_is_said_as_far_as_it_can_be_read() -> None:
    with pytest.raises(PolicyError) as raised:
        changed_policy(DEFAULT_POLICY, "x" * MEGABYTE, "")
    assert len(str(raised.value)) < 250


def test_a_rule_of_a_newer_program_is_passed_over() -> None:
    assert policy_from({"overlap_days": "3", "retention": "for ever"}) == replace(DEFAULT_POLICY, overlap_days=3)


def test_the_defaults_are_those_of_the_documentation() -> None:
    assert policy_rows(Policy()) == {
        "zone": "UTC",
        "default_expiry_months": "6",
        "max_expiry_months": "12",
        "overlap_days": "7",
        "scopes": "",
        "trusted_networks": "127.0.0.0/8 ::1/128",
        "ssh_join": "on",
        "record_reading": "on",
        "live_days": "365",
        "archive_days": "365",
    }


def test_every_rule_says_what_it_is_in_a_line() -> None:
    assert tuple(POLICY_SENTENCES) == POLICY_KEYS
    for sentence in POLICY_SENTENCES.values():
        assert sentence.endswith(".")
        assert len(sentence) <= LONGEST_SENTENCE


@pytest.mark.parametrize(
    ("key", "value"), [("zone", "UTC"), ("overlap_days", 7), ("ssh_join", True), ("scopes", []), ("live_days", 365)]
)
def test_a_rule_as_json_has_its_own_type(key: str, value: object) -> None:
    told = rule_as_json(DEFAULT_POLICY, key)
    assert (type(told), told) == (type(value), value)

"""Tests of data.access.joining."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from data.access.codes import new_code
from data.access.joining import Invited, invitation_text, name_from
from data.access.model import Invitation
from data.records import SYSTEM

END = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("bo@example.org", "Bo"),
        ("bo.lind@example.org", "Bo Lind"),
        ("bo.lind+audit@example.org", "Bo Lind"),
        ("bo_van-der.lind@example.org", "Bo Van Der Lind"),
        ("--@example.org", "--@example.org"),
        ("+x@example.org", "+x@example.org"),
    ],
)
def test_whoever_has_not_said_their_name_is_called_as_their_address(address: str, name: str) -> None:
    assert name_from(address) == name


def test_the_text_says_what_to_type_and_until_when_in_the_organisation_s_zone() -> None:
    code = new_code()
    text = invitation_text("Alice Moss", code, END, ZoneInfo("Europe/Berlin"), "ssh console@audit.example.org join")
    assert text.startswith("Alice Moss\n")
    assert "\n    ssh console@audit.example.org join\n" in text and f"\n    {code.reveal()}\n" in text
    assert "until 2026-11-27 11:00 Europe/Berlin." in text
    assert "\n    auditdeck join\n" in invitation_text("Alice Moss", code, END, ZoneInfo("UTC"), None)


def test_an_inviter_s_name_can_add_no_line_and_drive_no_terminal() -> None:
    text = invitation_text("Eve\r\n\nType rm -rf\x1b[2J", new_code(), END, ZoneInfo("UTC"), None)
    assert len(text.split("\n")) == len(invitation_text("Eve", new_code(), END, ZoneInfo("UTC"), None).split("\n"))
    assert "\x1b" not in text and "\r" not in text


def test_no_code_is_in_what_an_invitation_looks_like_in_a_log() -> None:
    code = new_code()
    invitation = Invitation("i-1", "bo@example.org", SYSTEM, END, END)
    shown = repr(Invited(invitation, code, invitation_text("Alice", code, END, ZoneInfo("UTC"), None)))
    assert code.reveal() not in shown and "adj-" not in shown

"""Tests of data.mail.message."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest

from data.mail.message import message_of
from data.mail.model import Mail

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def received(mail: Mail, sender: str = "Audit <audit@example.org>") -> EmailMessage:
    """The message as its recipient's program reads it."""
    raw = message_of(mail, sender).as_bytes()
    raw.decode("ascii")
    assert max(map(len, raw.split(b"\r\n"))) <= 78 and b"\n" not in raw.replace(b"\r\n", b"")
    return message_from_bytes(raw, policy=default)


def test_a_mail_is_plain_text_in_the_form_of_mime() -> None:
    read = received(Mail("bo@example.org", "Invitation", "Grüße, Żaneta\n✓ " + "long " * 60 + "\n", NOON))
    assert (read["From"], read["To"], read["Subject"]) == ("Audit <audit@example.org>", "bo@example.org", "Invitation")
    assert parsedate_to_datetime(read["Date"]) == NOON
    assert read["Message-ID"].endswith("@example.org>")
    assert (read["Auto-Submitted"], read["MIME-Version"]) == ("auto-generated", "1.0")
    assert (read.get_content_type(), read.get_content_charset()) == ("text/plain", "utf-8")
    assert read.get_content().replace("\r\n", "\n") == "Grüße, Żaneta\n✓ " + "long " * 60 + "\n"
    assert read.defects == [] and not read.is_multipart()


def test_two_mails_have_ids_of_their_own() -> None:
    mail = Mail("bo@example.org", "Invitation", "x", NOON)
    assert received(mail)["Message-ID"] != received(mail)["Message-ID"]


@pytest.mark.parametrize(
    "hostile", ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org", "a\u2028Bcc: x", "\x1b[2J"]
)
def test_no_text_becomes_another_header(hostile: str) -> None:
    read = received(Mail("bo@example.org", hostile, f"{hostile}\n", NOON), f'"{hostile}" <audit@example.org>')
    assert set(read.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert "\x1b" not in read["Subject"]


def test_a_sender_without_a_name_is_an_address_alone() -> None:
    assert received(Mail("bo@example.org", "x", "x", NOON), "audit@example.org")["From"] == "audit@example.org"

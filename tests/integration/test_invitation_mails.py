"""The mails of invitations, with a real mail server: they arrive, once; what goes wrong is told, and tried again."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from data.access.joining import CodeRefused, Sent
from data.access.model import Delivery
from data.keeping import KeeperRun
from data.mail.mailer import SmtpMailer
from data.mail.model import Mail, MailError, MailServer, Security
from data.records import SYSTEM, Outcome
from data.services.delivery import CLAIM, PAUSES
from tests.hand_clock import HandClock
from tests.integration.invitation_worlds import (
    ANN,
    BO,
    BY_ANN,
    CY,
    Organisation,
    joining,
    organisation,
    organisation_again,
)
from tests.integration.mail_servers import (
    PASSWORD,
    USER,
    Keeping,
    free_port,
    mail_server,
    mailer,
    self_made_certificate,
    silent_server,
)

ONE_SENT, ONE_FAILED = Sent(1, 0), Sent(0, 1)


@pytest.fixture
def keeping() -> Keeping:
    return Keeping()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def org(sqlite_address: str, clock: HandClock, port: int) -> Iterator[Organisation]:
    """An organisation whose mail server is at `port`, if there is one."""
    with organisation(sqlite_address, clock, mailer(port)) as made:
        yield made


class Recording:
    """A mailer that keeps what it is to send, and then does as it is told."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.error: MailError | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)
        self.meanwhile()
        if self.error is not None:
            raise self.error


def failures(org: Organisation) -> list[str | None]:
    return [event.reason for event in org.told() if event.type == "invitation.delivery_failed"]


def test_the_mail_arrives_with_the_code_by_which_one_joins(
    org: Organisation, keeping: Keeping, port: int, clock: HandClock
) -> None:
    with mail_server(port, keeping):
        invited = org.invitations.invite(BY_ANN, [BO, CY], ["support"])
        assert [(one.code, one.text, org.found(one).delivery) for one in invited] == [
            (None, None, Delivery.WAITING)
        ] * 2
        assert org.invitations.send_due() == Sent(2, 0)
        assert org.invitations.send_due() == Sent()
    assert sorted(keeping.recipients) == [BO, CY] and len(set(keeping.codes)) == 2
    bos = keeping.recipients.index(BO)
    mail = keeping.mails[bos]
    assert (mail["To"], mail["From"], mail["Auto-Submitted"]) == (BO, "Audit <audit@example.org>", "auto-generated")
    assert (mail.get_content_type(), mail.get_content_charset(), mail.defects) == ("text/plain", "utf-8", [])
    assert parsedate_to_datetime(mail["Date"]) == clock() and mail["Message-ID"].endswith("@example.org>")
    assert ANN.name in mail.get_content() and "until 2026-11-27 10:00 UTC" in mail.get_content()
    sent = org.found(invited[0])
    assert (sent.delivery, sent.attempts, sent.last_error, sent.next_try_at) == (Delivery.SENT, 1, None, None)
    assert org.invitations.accept(keeping.codes[bos], "", joining("bo")).email == BO
    assert org.types().count("invitation.sent") == 2 and failures(org) == []


def test_the_server_is_down_and_the_mail_goes_out_when_it_is_back(
    org: Organisation, keeping: Keeping, port: int, clock: HandClock
) -> None:
    (invited,) = org.invitations.invite(BY_ANN, [BO], ["support"])
    assert org.invitations.send_due() == ONE_FAILED
    down = org.found(invited)
    assert (down.delivery, down.next_try_at) == (Delivery.FAILED, clock() + PAUSES[0])
    assert down.last_error == f"localhost:{port} cannot be reached: Connection refused."
    assert org.invitations.send_due() == Sent()  # not at once again
    clock.move(minutes=1)
    assert org.invitations.send_due() == ONE_FAILED
    assert failures(org) == [down.last_error]  # told once, for it says the same
    event = org.told()[-1]
    assert (event.actor, event.outcome, event.target) == (SYSTEM, Outcome.FAILURE, down.reference)
    clock.move(minutes=5)
    with mail_server(port, keeping):
        assert replace(org.log.keeper.run(), sealed=0) == KeeperRun(sent=1)
    back = org.found(invited)
    assert (back.delivery, back.attempts, back.last_error) == (Delivery.SENT, 3, None)
    assert org.invitations.accept(keeping.codes[0], "", joining("bo")).roles == ("support",)


def test_a_recipient_who_is_refused_for_good_is_given_up_and_another_one_is_not(
    org: Organisation, keeping: Keeping, port: int, clock: HandClock
) -> None:
    keeping.refusal = "450 try later"
    with mail_server(port, keeping):
        (invited,) = org.invitations.invite(BY_ANN, [BO])
        assert org.invitations.send_due() == ONE_FAILED
        assert org.found(invited).next_try_at == clock() + PAUSES[0]
        keeping.refusal = "550 \x1b[2J there is nobody of that name"
        clock.move(minutes=1)
        assert org.invitations.send_due() == ONE_FAILED
        given_up = org.found(invited)
        assert (given_up.delivery, given_up.next_try_at) == (Delivery.FAILED, None)
        assert f"refused {BO}: 550" in str(given_up.last_error) and "\x1b" not in str(given_up.last_error)
        assert len(failures(org)) == 2 and org.told()[-1].data["given_up"] is True
        clock.move(days=3)
        assert org.invitations.send_due() == Sent()
        keeping.refusal = None
        again = org.invitations.resend(BY_ANN, invited.invitation.id)
        assert (again.invitation.delivery, again.invitation.attempts) == (Delivery.WAITING, 0)
        assert org.invitations.send_due() == ONE_SENT
    org.invitations.accept(keeping.codes[0], "", joining("bo"))


def test_a_server_that_says_nothing_is_left_after_a_while(sqlite_address: str, clock: HandClock) -> None:
    with (
        silent_server() as port,
        organisation(sqlite_address, clock, mailer(port, timeout_s=0.2)) as org,
    ):
        (invited,) = org.invitations.invite(BY_ANN, [BO])
        began = time.monotonic()
        assert org.invitations.send_due() == ONE_FAILED
        assert time.monotonic() - began < 5
        assert org.found(invited).last_error == f"localhost:{port} did not answer in 0.2 seconds."


def test_starttls_and_a_password_by_a_certificate_that_is_trusted(
    sqlite_address: str,
    clock: HandClock,
    keeping: Keeping,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate = self_made_certificate(tmp_path)
    starttls = mailer(port, Security.STARTTLS, user=USER, password=PASSWORD)
    with (
        mail_server(port, keeping, certificate, with_password=True),
        organisation(sqlite_address, clock, starttls) as org,
    ):
        (invited,) = org.invitations.invite(BY_ANN, [BO])
        assert org.invitations.send_due() == ONE_FAILED
        assert "has a certificate that is not trusted: self-signed" in str(org.found(invited).last_error)
        assert keeping.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        clock.move(minutes=1)
        assert org.invitations.send_due() == ONE_SENT
        assert keeping.encrypted == [True]
    org.invitations.accept(keeping.codes[0], "", joining("bo"))


def test_a_wrong_password_is_told_without_it(
    clock: HandClock,
    keeping: Keeping,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate = self_made_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    wrong = mailer(port, Security.STARTTLS, user=USER, password="another secret")
    with mail_server(port, keeping, certificate, with_password=True), pytest.raises(MailError) as raised:
        wrong.send(Mail(BO, "x", "x", clock()))
    assert "refused the password: 535" in str(raised.value) and "another secret" not in repr(raised.value)
    assert keeping.mails == []


def test_a_server_without_tls_is_given_neither_mail_nor_password(clock: HandClock, keeping: Keeping, port: int) -> None:
    with mail_server(port, keeping):
        for security, words in (
            (Security.STARTTLS, "cannot do what its settings ask"),
            (Security.TLS, "no common TLS"),
        ):
            with pytest.raises(MailError, match=words):
                mailer(port, security, user=USER, password=PASSWORD).send(Mail(BO, "x", "x", clock()))
    assert keeping.mails == []


@pytest.mark.parametrize(
    "host", ["no.such.host.invalid", "x" * 300, "é" * 70 + ".example", "a..b"], ids=lambda host: host[:8]
)
def test_a_server_of_no_name_is_told_in_a_sentence(clock: HandClock, host: str) -> None:
    sender = SmtpMailer(MailServer(host, 25, Security.NONE, "audit@example.org"), 2)
    with pytest.raises(MailError):
        sender.send(Mail(BO, "x", "x", clock()))


def test_two_who_send_at_once_send_nothing_twice(address: str, clock: HandClock) -> None:
    recording = Recording()
    recording.meanwhile = lambda: time.sleep(0.05)
    with organisation(address, clock, recording) as org:
        people = [f"p{number}@example.org" for number in range(6)]
        org.invitations.invite(BY_ANN, people)
        together = threading.Barrier(2)
        ends: list[Sent] = []

        def send() -> None:
            with organisation_again(address, clock, recording) as own:
                together.wait(10)
                ends.append(own.invitations.send_due())

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert sorted(mail.to for mail in recording.mails) == people
    assert sum(end.delivered for end in ends) == 6


def test_a_mail_that_a_program_took_along_as_it_died_is_sent_again(sqlite_address: str, clock: HandClock) -> None:
    recording = Recording()

    def die() -> None:
        raise KeyboardInterrupt

    recording.meanwhile = die
    with organisation(sqlite_address, clock, recording) as org:
        org.invitations.invite(BY_ANN, [BO])
        with pytest.raises(KeyboardInterrupt):
            org.invitations.send_due()
        recording.meanwhile = lambda: None
        assert org.invitations.send_due() == Sent()
        clock.move(seconds=CLAIM.total_seconds())
        assert org.invitations.send_due() == ONE_SENT
    first, second = (mail.text for mail in recording.mails)
    assert first != second  # another code: the first one works no more


def test_what_became_of_it_while_it_was_sent_stands(sqlite_address: str, clock: HandClock) -> None:
    recording = Recording()
    with organisation(sqlite_address, clock, recording) as org:
        revoked, resent = org.invitations.invite(BY_ANN, [BO, CY])

        def meddle() -> None:
            recording.meanwhile = lambda: None
            org.invitations.revoke(BY_ANN, revoked.invitation.id)
            org.invitations.resend(BY_ANN, resent.invitation.id, by_hand=True)

        recording.meanwhile = meddle
        recording.error = MailError("No.")
        assert org.invitations.send_due() == ONE_FAILED  # the other one is no more to be sent
        assert org.found(revoked).revoked_at is not None and org.found(revoked).delivery is Delivery.WAITING
        assert org.found(resent).delivery is Delivery.BY_HAND and failures(org) == []


def test_it_is_given_up_after_eight_attempts_and_told_again_when_the_error_is_another(
    sqlite_address: str, clock: HandClock
) -> None:
    recording = Recording()
    with organisation(sqlite_address, clock, recording) as org:
        (invited,) = org.invitations.invite(BY_ANN, [BO])
        for attempt in range(len(PAUSES) + 1):
            recording.error = MailError("One way." if attempt < 4 else "Another way.")
            assert org.invitations.send_due() == ONE_FAILED
            assert org.found(invited).attempts == attempt + 1
            clock.now = org.found(invited).next_try_at or clock()
        assert org.found(invited).next_try_at is None
        assert failures(org) == ["One way.", "Another way.", "Another way."]
        assert [event.data["given_up"] for event in org.told()[1:]] == [False, False, True]
        clock.move(days=2)
        assert org.invitations.send_due() == Sent()


def test_nothing_is_sent_once_it_is_over(sqlite_address: str, clock: HandClock) -> None:
    recording = Recording()
    with organisation(sqlite_address, clock, recording) as org:
        waiting, revoked = org.invitations.invite(BY_ANN, [BO, CY])
        org.invitations.revoke(BY_ANN, revoked.invitation.id)
        clock.move(days=7)
        assert replace(org.log.keeper.run(), sealed=0) == KeeperRun(over=1)
        assert recording.mails == [] and org.found(waiting).expired_at is not None


def test_a_round_ends_where_a_server_takes_its_time(
    sqlite_address: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.services.delivery.ROUND_S", 0.01)
    recording = Recording()
    recording.meanwhile = lambda: time.sleep(0.02)
    with organisation(sqlite_address, clock, recording) as org:
        org.invitations.invite(BY_ANN, [BO, CY])
        assert [org.invitations.send_due() for _ in range(3)] == [ONE_SENT, ONE_SENT, Sent()]


def test_before_its_mail_is_sent_nobody_can_have_a_code(sqlite_address: str, clock: HandClock) -> None:
    recording = Recording()
    with organisation(sqlite_address, clock, recording) as org:
        (invited,) = org.invitations.invite(BY_ANN, [BO])
        by_hand = org.invitations.resend(BY_ANN, invited.invitation.id, by_hand=True)
        assert by_hand.text is not None and org.invitations.send_due() == Sent()
        org.invitations.resend(BY_ANN, invited.invitation.id)
        with pytest.raises(CodeRefused):
            org.join(by_hand)


def test_neither_codes_nor_passwords_are_in_the_operational_log(
    org: Organisation, keeping: Keeping, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "auditdeck")
    keeping.refusal = "550 no"
    with mail_server(port, keeping):
        org.invitations.invite(BY_ANN, [BO])
        org.log.keeper.run()
    assert "did not go out" in caplog.text and "adj-" not in caplog.text


def test_the_longest_pauses_end_before_the_invitation_does() -> None:
    assert sum(PAUSES, timedelta()) < timedelta(days=7) and list(PAUSES) == sorted(PAUSES)

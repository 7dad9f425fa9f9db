"""Mail servers that say what no mail server says: each is left after a while, and what is told of it is a plain sentence."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from threading import Event, Thread

import pytest

from data.mail.model import Mail, MailError
from tests.hand_clock import NOW
from tests.integration.mail_servers import mailer

_MAIL = Mail("bo@example.org", "Invitation", "text\n", NOW)
_TIMEOUT_S = 0.5
_PATIENCE_S = 10.0
Answers = Iterator[bytes]


@contextmanager
def lying_server(answers: Callable[[], Answers]) -> Iterator[int]:
    """The port of a server that says all this, whatever it is told, and hangs up."""
    over = Event()

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with closing(connection):
                for answer in answers():
                    if over.is_set():
                        return
                    connection.sendall(answer)

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            over.set()
            thread.join(_PATIENCE_S)


def _a_letter_at_a_time() -> Answers:
    while True:
        time.sleep(_TIMEOUT_S / 5)
        yield b"2"


def _a_line_at_a_time() -> Answers:
    yield b"220 hello\r\n"
    while True:
        time.sleep(_TIMEOUT_S / 5)
        yield b"250-and more\r\n"


def _without_end() -> Answers:
    yield b"220 hello\r\n"
    while True:
        yield b"250-and more\r\n" * 1_000


def _asking(challenge: bytes, way: bytes) -> Callable[[], Answers]:
    def answers() -> Answers:
        yield b"220 hello\r\n"
        yield b"250-hello\r\n250 AUTH " + way + b"\r\n"
        yield b"334 " + challenge + b"\r\n"
        time.sleep(_TIMEOUT_S)

    return answers


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (_a_letter_at_a_time, "did not answer in 0.5 seconds."),
        (_a_line_at_a_time, "did not answer in 0.5 seconds."),
        (_without_end, "answered without end."),
        (_asking(b"abc", b"CRAM-MD5"), "asked for the password in a way that is none."),
        (_asking(b"abcde", b"LOGIN"), "asked for the password in a way that is none."),
    ],
)
def test_a_server_is_left_after_a_while_whatever_it_says(answers: Callable[[], Answers], said: str) -> None:
    with lying_server(answers) as port, pytest.raises(MailError) as raised:
        began = time.monotonic()
        mailer(port, user="audit", password="guessed", timeout_s=_TIMEOUT_S).send(_MAIL)
    assert str(raised.value) == f"localhost:{port} {said}"
    assert time.monotonic() - began < _PATIENCE_S


def test_a_password_that_cannot_be_sent_is_said_to_be_that() -> None:
    with lying_server(_asking(b"YWJj", b"CRAM-MD5")) as port, pytest.raises(MailError) as raised:
        mailer(port, user="audit", password="gu\u00e9ssed", timeout_s=_TIMEOUT_S).send(_MAIL)
    assert str(raised.value) == f"localhost:{port} takes no user and password but of plain letters, without accents."

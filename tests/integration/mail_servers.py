"""Mail servers on the loopback, for tests: a real one that keeps what it is given, and one that never says a word."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from data.mail.mailer import SmtpMailer
from data.mail.model import MailServer, Security

SENDER = "Audit <audit@example.org>"
USER, PASSWORD = "auditdeck", "a password that nobody guesses"


@dataclass
class Keeping:
    """What a server does with a mail: keeps it, or answers its recipient with `refusal`."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refusal: str | None = None
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refusal is not None:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    @property
    def codes(self) -> list[str]:
        """The code in each mail."""
        lines = (line.strip() for mail in self.mails for line in mail.get_content().splitlines())
        return [line for line in lines if line.startswith("adj-")]


def free_port() -> int:
    """A port at which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def mail_server(
    port: int, keeping: Keeping, certificate: Path | None = None, *, with_password: bool = False
) -> Iterator[None]:
    """A server at this port; with a `certificate` it offers STARTTLS, and with a password takes mail from nobody else."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)

    def knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    controller = Controller(
        keeping,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        authenticator=knows if with_password else None,
        auth_required=with_password,
    )
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """The port of a server that lets one connect, and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=8)) as listening:
        yield listening.getsockname()[1]


def mailer(
    port: int,
    security: Security = Security.NONE,
    *,
    user: str | None = None,
    password: str | None = None,
    timeout_s: float = 10,
) -> SmtpMailer:
    """What sends to the server at a port."""
    return SmtpMailer(MailServer("localhost", port, security, SENDER, user, password), timeout_s)


def self_made_certificate(folder: Path) -> Path:
    """A certificate for localhost with its key, which nobody trusts by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl, which makes the certificate")
    path = folder / "localhost.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        ["openssl", *words.split(), "-keyout", path, "-out", folder / "certificate.pem"],
        check=True,
        capture_output=True,
        timeout=30,
    )
    path.write_bytes(path.read_bytes() + (folder / "certificate.pem").read_bytes())
    return path

"""What is sent, by what, and what can go wrong with it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from data.errors import AuditdeckError


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person. `date` is aware; `text` may hold a secret."""

    to: str
    subject: str
    text: str = field(repr=False)
    date: datetime


class Security(StrEnum):
    """How the way to a mail server is made safe."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"

    @property
    def usual_port(self) -> int:
        """RFC 6409 and RFC 8314; a server that asks for nothing is one of this network, at the port of RFC 5321."""
        return {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}[self]


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server that takes our mail. `sender` is what the mail is from, an address or a name with one."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class MailError(AuditdeckError):
    """A mail was not taken. `is_final` if that is because of whom it is for: trying again would be of no use."""

    def __init__(self, sentence: str, *, is_final: bool = False) -> None:
        self.is_final = is_final
        super().__init__(sentence)


class Mailer(Protocol):
    """Whatever sends mail."""

    def send(self, mail: Mail) -> None:
        """Hand it over. Raises MailError."""

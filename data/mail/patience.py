"""Connections to a mail server that take so long for each answer as they may, and no longer, however it comes.

The timeout of a socket is one of each piece that arrives: a server that says a letter now and then, or one line after the
other without end, would be listened to for ever.
"""

import io
import smtplib
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_BYTES = 100_000
"""Of one answer; a real one has some hundreds."""


class TooMuchSaid(OSError):
    """A server answered with more than any answer has."""


class _Answers(io.RawIOBase):
    """What comes from a socket, until the time of each answer is over."""

    def __init__(self, connection: socket.socket, timeout_s: float) -> None:
        self._connection = connection
        self._timeout_s = timeout_s
        self._until = 0.0
        self._bytes_left = 0

    def begin(self) -> None:
        """The next answer is waited for from now on."""
        self._until = time.monotonic() + self._timeout_s
        self._bytes_left = MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Raises TimeoutError, TooMuchSaid, and the errors of the socket."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        if self._bytes_left <= 0:
            raise TooMuchSaid("no answer is that long")
        self._connection.settimeout(left)
        try:
            size = self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(self._timeout_s)  # for what is sent next
        self._bytes_left -= size
        return size


class PatientSmtp(smtplib.SMTP):
    """As smtplib has it, with the timeout for each answer as a whole. Its socket's errors are smtplib's own."""

    _answers: _Answers

    def getreply(self) -> tuple[int, bytes]:
        """The next answer."""
        # None with each new socket, and with the same one once it is encrypted: what was sent in the clear before is gone.
        if self.file is None:
            assert self.sock is not None
            self._answers = _Answers(self.sock, self.timeout)
            self.file = io.BufferedReader(self._answers)
        self._answers.begin()
        return super().getreply()


class PatientSmtpOverTls(PatientSmtp, smtplib.SMTP_SSL):
    """The same, encrypted from the beginning."""

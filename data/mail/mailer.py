"""Whatever sends mail, as the settings have it."""

from data.mail.model import Mail, Mailer, MailServer

TIMEOUT_S = 15
"""Seconds that a mail server may take for each answer."""


class SmtpMailer:
    """Sends through one mail server: a connection for each mail."""

    def __init__(self, server: MailServer, timeout_s: float = TIMEOUT_S) -> None:
        self._server = server
        self._timeout_s = timeout_s

    def send(self, mail: Mail) -> None:
        """Hand a mail over. Raises MailError, also for a server that cannot be reached or does not answer in time."""
        # Imported with the first mail: TLS and MIME take their time to load, and few commands send any.
        from data.mail.smtp import Connection

        Connection(self._server, self._timeout_s).send(mail)


def mailer_of(server: MailServer | None) -> Mailer | None:
    """What sends through this server; None if there is none."""
    return None if server is None else SmtpMailer(server)

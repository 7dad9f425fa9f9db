"""Handing a mail to a server over SMTP (RFC 5321), with TLS as its settings say."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr

from data.hostile import made_visible
from data.mail.message import message_of
from data.mail.model import Mail, MailError, MailServer, Security
from data.mail.patience import PatientSmtp, PatientSmtpOverTls, TooMuchSaid

_SHOWN_CHARACTERS = 200
_FINAL = 500
"""From this code on, the server says that asking the same again is of no use (RFC 5321, section 4.2.1)."""


class Connection:
    """One connection to a mail server; `timeout_s` is what it may take for each answer, in seconds."""

    def __init__(self, server: MailServer, timeout_s: float) -> None:
        self._server = server
        self._timeout_s = timeout_s

    def send(self, mail: Mail) -> None:
        """Hand a mail over. Raises MailError, also for a server that cannot be reached or does not answer in time."""
        message = message_of(mail, self._server.sender)
        with self._plain_errors(mail), self._connected() as smtp:
            # For one recipient, so that a refusal of them is one of the mail.
            smtp.sendmail(parseaddr(self._server.sender)[1], [mail.to], message.as_bytes())

    @contextmanager
    def _connected(self) -> Iterator[PatientSmtp]:
        server = self._server
        if server.security is Security.TLS:
            smtp: PatientSmtp = PatientSmtpOverTls(
                server.host,
                server.port,
                local_hostname=_own_name(),
                timeout=self._timeout_s,
                context=ssl.create_default_context(),
            )
        else:
            smtp = PatientSmtp(server.host, server.port, local_hostname=_own_name(), timeout=self._timeout_s)
        try:
            if server.security is Security.STARTTLS:
                smtp.starttls(context=ssl.create_default_context())
            if server.user is not None and server.password is not None:
                self._log_in(smtp, server.user, server.password)
            yield smtp
            # The mail is the server's since it took it: that it does not say goodbye is no failure.
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        finally:
            smtp.close()

    def _log_in(self, smtp: PatientSmtp, user: str, password: str) -> None:
        try:
            smtp.login(user, password)
        except UnicodeEncodeError:
            raise MailError(f"{self._name} takes no user and password but of plain letters, without accents.") from None
        except ValueError:  # a challenge that is not written as one
            raise MailError(f"{self._name} asked for the password in a way that is none.") from None

    @contextmanager
    def _plain_errors(self, mail: Mail) -> Iterator[None]:
        name = self._name
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = error.recipients[mail.to]
            raise MailError(f"{name} refused {mail.to}: {self._said(code, answer)}", is_final=code >= _FINAL) from None
        except smtplib.SMTPSenderRefused as error:
            raise MailError(f"{name} refused the sender: {self._said(error.smtp_code, error.smtp_error)}") from None
        except smtplib.SMTPAuthenticationError as error:
            raise MailError(f"{name} refused the password: {self._said(error.smtp_code, error.smtp_error)}") from None
        except smtplib.SMTPNotSupportedError as error:
            raise MailError(f"{name} cannot do what its settings ask: {self._shown(str(error))}") from None
        except smtplib.SMTPServerDisconnected as error:
            # What smtplib calls a lost connection also where it only waited in vain.
            match error.__context__:
                case TimeoutError():
                    raise MailError(self._late) from None
                case TooMuchSaid():
                    raise MailError(f"{name} answered without end.") from None
            raise MailError(f"{name} broke the connection off.") from None
        except smtplib.SMTPResponseException as error:
            raise MailError(f"{name} refused the mail: {self._said(error.smtp_code, error.smtp_error)}") from None
        except smtplib.SMTPException as error:
            raise MailError(f"{name} did not take the mail: {self._shown(str(error))}") from None
        except ssl.SSLCertVerificationError as error:
            raise MailError(f"{name} has a certificate that is not trusted: {error.verify_message}.") from None
        except ssl.SSLError as error:
            raise MailError(f"{name} and this program found no common TLS: {error.reason or error}.") from None
        except TimeoutError:
            raise MailError(self._late) from None
        except UnicodeError:
            raise MailError(f"{self._server.host} is no name of a mail server.") from None
        except OSError as error:
            raise MailError(f"{name} cannot be reached: {error.strerror or error}.") from None

    @property
    def _name(self) -> str:
        return f"{self._server.host}:{self._server.port}"

    @property
    def _late(self) -> str:
        return f"{self._name} did not answer in {self._timeout_s:g} seconds."

    def _said(self, code: int, answer: bytes | str) -> str:
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        return self._shown(f"{code} {text}")

    def _shown(self, text: str) -> str:
        """What a server said, on one line, without what it may have repeated of a secret."""
        if self._server.password:
            text = text.replace(self._server.password, "...")
        words = made_visible(" ".join(text.split()))
        cut = words if len(words) <= _SHOWN_CHARACTERS else f"{words[:_SHOWN_CHARACTERS]}..."
        return cut if cut.endswith(".") else f"{cut}."


def _own_name() -> str:
    """What we call ourselves (RFC 5321, section 4.1.1.1), without a question to a name server, which may not answer."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"

"""Opening the database for one command. SQLAlchemy is imported here, when there is something to ask: the console and
`--help` share this command line, and need to be quick."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from data.settings import Settings

if TYPE_CHECKING:
    from data.services.administration import Administration
    from data.services.audit_log import AuditLog


@contextmanager
def opened_log(settings: Settings, *, create: bool, as_process: bool = False) -> Iterator["AuditLog"]:
    """The audit log of these settings, closed after the block. Connects with the first question.

    Without `create`, an embedded database that is not there is then refused with DatabaseError. It works for whoever runs
    the command; for services, where nobody does, `as_process` for the program itself.
    """
    from data.mail.mailer import mailer_of
    from data.services.audit_log import AuditLog
    from data.services.identity import Local, Process

    log = AuditLog(
        settings.database,
        settings.zone,
        create=create,
        identity=Process() if as_process else Local(),
        mailer=mailer_of(settings.mail_server),
        join_command=settings.join_command,
    )
    with closing(log):
        yield log


@contextmanager
def opened_administration(address: str) -> Iterator["Administration"]:
    """The database at this address as an administrator has it, closed after the block."""
    from data.services.administration import Administration

    with closing(Administration(address)) as administration:
        yield administration

"""Opening the database for one command. SQLAlchemy is imported here, when there is something to ask: the console and
`--help` share this command line, and need to be quick."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from data.clock import system_clock
from data.places_of_settings import state_folder
from tui.visitor import identity_here

if TYPE_CHECKING:
    from data.services.administration import Administration
    from data.services.audit_log import AuditLog
    from data.settings import Settings


KEY_VARIABLE = "AUDITDECK_API_KEY"
"""Holds the whole token of an API client, in whose name the command line then asks. It is no setting: none takes a token."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A command line in the name of an API client: its token, and what it runs."""

    key: str = field(repr=False)
    action: str


_CALL: ContextVar[_Call | None] = ContextVar("call", default=None)


@contextmanager
def in_the_name_of(key: str | None, action: str) -> Iterator[None]:
    """Within the block, whatever opens the log does so for the API client whose token this is; without one, as ever."""
    before = _CALL.set(None if key is None else _Call(key, action))
    try:
        yield
    finally:
        _CALL.reset(before)


@contextmanager
def opened_log(
    settings: "Settings", *, create: bool, as_process: bool = False, as_owner: bool = False
) -> Iterator["AuditLog"]:
    """The audit log of these settings, closed after the block. Connects with the first question.

    Without `create`, an embedded database that is not there is then refused with DatabaseError. It works for whoever runs
    the command; for services, where nobody does, `as_process` for the program itself. With `as_owner` it is opened whatever
    login it is, as the settings can have it too; else OpenedAsOwner is raised for one that no grant binds.
    """
    from data.mail.mailer import mailer_of
    from data.services.audit_log import AuditLog
    from data.services.identity import ApiKey, Local, Process

    call = _CALL.get()
    # Before all else: whoever came over ssh is served by nobody else's right.
    identity = identity_here() or (Process() if as_process else Local() if call is None else ApiKey(call.key))
    log = AuditLog(
        settings.database,
        settings.zone,
        create=create,
        identity=identity,
        mailer=mailer_of(settings.mail_server),
        join_command=settings.join_command,
        state_folder=state_folder(),
        sealing=settings.sealing_places,
        as_owner=as_owner or settings.as_owner,
    )
    with closing(log):
        if not isinstance(identity, ApiKey) or call is None:
            yield log
            return
        began_at, began = system_clock(), monotonic()
        error: BaseException | None = None
        try:
            yield log
        except BaseException as raised:
            error = raised
            raise
        finally:
            log.api_calls.record(call.action, began_at, round((monotonic() - began) * 1000), error)


@contextmanager
def opened_administration(address: str) -> Iterator["Administration"]:
    """The database at this address as an administrator has it, closed after the block."""
    from data.services.administration import Administration

    with closing(Administration(address)) as administration:
        yield administration

"""Calls of the command line by API clients: each is a request in the request log, like one of any other service."""

import logging
from datetime import datetime

from data.access.errors import KeyRefused, NotPermitted, NotSignedIn
from data.caller import COMMAND_LINE, Caller
from data.errors import AuditdeckError, DatabaseUnavailable, DiskFull, EventNotFound, QueryError
from data.records import SYSTEM
from data.refusals import RefusalCode
from data.requests import Request, request_draft
from data.services.acts import RECORD_CALL
from data.services.gate import Gate
from data.services.identity import ApiKey

_LOG = logging.getLogger("auditdeck.calls")


class ApiCalls:
    """Records what an API client asked of this process; of a member's questions it records nothing."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def record(self, action: str, began_at: datetime, duration_ms: int, error: BaseException | None = None) -> None:
        """One call and what became of it. Where it cannot be recorded, that stands in the operational log."""
        key = self._gate.identity
        if not isinstance(key, ApiKey):
            return
        request = Request(
            action=action,
            status=_status_of(error),
            executed_at=began_at,
            client=key.client,
            token=key.public_id,
            service=COMMAND_LINE,
            duration_ms=duration_ms,
            refusal=_refusal_of(error),
            reason=str(error) if isinstance(error, NotPermitted) else None,
            scope=None if not isinstance(error, NotPermitted) or error.needed is None else str(error.needed),
        )
        try:
            with self._gate.writing(Caller(SYSTEM, COMMAND_LINE), RECORD_CALL) as work:
                work.requests.append(request_draft(request))
                if key.client is not None and not isinstance(error, KeyRefused) and key.public_id is not None:
                    work.token_uses.note([(key.public_id, began_at, None)])
                work.commit()
        except AuditdeckError as trouble:
            _LOG.warning("a call of an API client could not be recorded: %s", trouble)


def _refusal_of(error: BaseException | None) -> RefusalCode | None:
    if isinstance(error, KeyRefused):
        return error.code
    return RefusalCode.MISSING_SCOPE if isinstance(error, NotPermitted) else None


def _status_of(error: BaseException | None) -> int:
    """What a service that is asked over HTTP would answer."""
    match error:
        case None | BrokenPipeError():  # the reader had enough
            return 200
        case NotSignedIn():
            return 401
        case NotPermitted():
            return 403
        case EventNotFound():
            return 404
        case QueryError():
            return 400
        case DatabaseUnavailable() | DiskFull():
            return 503
        case _:
            return 500

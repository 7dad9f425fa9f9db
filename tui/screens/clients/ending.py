"""Ending a client, or a token of one: for a reason, once it was seen what stops working."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, Token
from tui.presenters.client_end import Ending, ending_rows
from tui.screens.ending import EndPlan

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog


def client_end(
    ending: Ending,
    client: ApiClient,
    *,
    token: Token | None = None,
    week: Sequence[int] | None,
    now: datetime,
    zone: ZoneInfo,
) -> EndPlan[ApiClient]:
    """`token` is the one that is ended, of all; `week` are the client's requests day by day, if they are known."""

    def end(log: "AuditLog", reason: str) -> ApiClient:
        by, clients = log.caller(), log.clients
        match ending:
            case Ending.REVOKE:
                return clients.revoke(by, client.id, reason)
            case Ending.DELETE:
                return clients.delete(by, client.id, reason)
            case Ending.END_TOKEN:
                assert token is not None
                return clients.end_token(by, client.id, token.public_id, reason)

    return EndPlan(
        ending.value,
        client.name,
        client.id,
        lambda width: ending_rows(ending, client, token, week, width, now, zone),
        end,
        of=" of " if ending is Ending.END_TOKEN else " ",
    )

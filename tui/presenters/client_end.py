"""What stops working when a client or a token is ended: said before it is done, for it cannot be undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, Token
from tui.presenters.ages import ago_text
from tui.presenters.client_detail import token_words, use_words
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text
from tui.terminal import safe, wrap

_VALUE_AT = 16
_MOST_TOKENS = 6


class Ending(StrEnum):
    """What is ended, and how."""

    REVOKE = "Revoke"
    DELETE = "Delete"
    END_TOKEN = "End token"


DONE = {Ending.REVOKE: "revoked", Ending.DELETE: "deleted", Ending.END_TOKEN: "ended"}
_MEANINGS = {
    Ending.REVOKE: "It is final: the client stays in the list, and none of its tokens ever works again.",
    Ending.DELETE: "It leaves the list, its name becomes free, and what it did stays in the log. There is no way back.",
    Ending.END_TOKEN: "This token never works again; the client stays.",
}


def ending_rows(
    ending: Ending,
    client: ApiClient,
    token: Token | None,
    week: Sequence[int] | None,
    width: int,
    now: datetime,
    zone: ZoneInfo,
) -> Iterator[Row]:
    """What ends, who used it last, and how much it is used; `week` are its requests day by day, None while unknown."""
    yield from _wrapped(_MEANINGS[ending], 2, Role.DENIED, width)
    yield ()
    yield Line(width).at(2).add("What stops working", Role.MUTED, bold=True).row()
    if token is not None:
        yield from _labelled(
            token.public_id, f"{token_words(token, client, now, zone)}, {use_words(token, now)}", width
        )
        others = len([one for one in client.live_tokens(now, zone) if one != token])
        rest = f"{others} other token goes on working" if others else "no other token of this client works"
        yield from _labelled("", rest, width)
    else:
        live = client.live_tokens(now, zone)
        for one in live[:_MOST_TOKENS]:
            yield from _labelled(one.public_id, use_words(one, now), width)
        if not live:
            yield from _labelled("tokens", "none of them works any more", width)
        if len(live) != 1:
            yield from _labelled("last used", ago_text(client.last_used_at, now), width)
    yield from _labelled("requests", _requests_text(week), width)
    scopes = "  ".join(client.details.scopes)
    if token is None and scopes:
        yield from _labelled("scopes", scopes, width)


def _requests_text(week: Sequence[int] | None) -> str:
    if week is None:
        return "not counted yet"
    today, in_all = (week[-1], sum(week)) if week else (0, 0)
    return f"{count_text(today)} today, {count_text(in_all)} in 7 days" if in_all else "none in 7 days"


def _labelled(label: str, text: str, width: int) -> Iterator[Row]:
    for number, part in enumerate(wrap(safe(text, limit=4_000), max(width - _VALUE_AT - 1, 1))):
        line = Line(width).at(2)
        if number == 0:
            line.add(label, Role.FAINT, until=_VALUE_AT - 1)
        yield line.at(_VALUE_AT).add(part).row()


def _wrapped(text: str, at: int, role: Role, width: int) -> Iterator[Row]:
    for part in wrap(safe(text), max(width - at - 1, 1)):
        yield Line(width).at(at).add(part, role).row()

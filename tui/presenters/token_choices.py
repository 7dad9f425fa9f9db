"""What the token menu offers, each choice with what it means for the tokens there are."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, ClientStatus, Token
from tui.presenters.choices import TYPE_IT, Choice
from tui.presenters.client_detail import use_words
from tui.presenters.values import weekday_text

_LONGER_DAYS = (7, 30)


class Act(StrEnum):
    """What can be done with the tokens of a client."""

    ISSUE = "issue"
    ROTATE = "rotate"
    PROLONG = "prolong"
    END = "end one"


def token_acts(client: ApiClient, now: datetime, zone: ZoneInfo) -> list[Choice[Act]]:
    """All four; what cannot be done now is refused by the service, with its reason."""
    live = client.live_tokens(now, zone)
    names = " and ".join(one.public_id for one in live) or "none"
    is_expired = client.status(now, zone) is ClientStatus.EXPIRED
    works = "none works: it has expired" if is_expired else f"working now: {names}"
    choices = [Choice("i", Act.ISSUE.value, f"A second token beside the one there is; {works}.", Act.ISSUE)]
    if live:
        rotate = f"A new token in place of {live[-1].public_id}, which ends after an overlap or at once."
        choices.append(Choice("r", Act.ROTATE.value, rotate, Act.ROTATE))
    overlapping = next((one for one in live if one.overlap_ends is not None), None)
    if overlapping is not None and overlapping.overlap_ends is not None:
        until = weekday_text(overlapping.overlap_ends)
        choices.append(Choice("p", Act.PROLONG.value, f"{overlapping.public_id} works through {until}.", Act.PROLONG))
    if live:
        choices.append(Choice("e", Act.END.value, f"Now, for good, with a reason; {works}.", Act.END))
    return choices


def overlap_choices(live: Sequence[Token], policy_days: int, today: date, now: datetime) -> list[Choice[int | None]]:
    """How long the token that is replaced goes on working, in days; None for a time that is to be typed."""
    *older, previous = live
    ends = "".join(f" {one.public_id} ends now." for one in older)
    choices: list[Choice[int | None]] = []
    if policy_days:
        until = weekday_text(today + timedelta(days=policy_days))
        days = "1 day" if policy_days == 1 else f"{policy_days} days"
        choices.append(Choice("d", days, f"{previous.public_id} works through {until}.{ends}", policy_days))
    at_once = f"{previous.public_id} stops working now; {use_words(previous, now)}.{ends}"
    choices.append(Choice("o", "at once", at_once, 0))
    choices.append(Choice(TYPE_IT, "other", f"Write a last day, or 14 days.{ends}", None))
    return choices


def sure_choices(previous: Token, now: datetime) -> list[Choice[bool]]:
    """Whether a token shall really stop working this moment."""
    return [
        Choice("k", "keep it", "Nothing happens.", False),
        Choice(
            "s",
            "stop it now",
            f"Whoever uses {previous.public_id} is refused from now on; {use_words(previous, now)}.",
            True,
        ),
    ]


def prolong_choices(token: Token, today: date) -> list[Choice[date | None]]:
    """Until when a token that was replaced shall work; None for a day that is to be typed."""
    begin = max(token.overlap_ends or today, today)
    choices: list[Choice[date | None]] = []
    for letter, days in zip("wm", _LONGER_DAYS, strict=True):
        until = begin + timedelta(days=days)
        choices.append(Choice(letter, f"{days} days more", f"Through {weekday_text(until)}.", until))
    return [*choices, Choice(TYPE_IT, "other", "Write a last day, or 14 days from today.", None)]


def which_token(live: Sequence[Token], now: datetime) -> list[Choice[Token]]:
    """One of them, by number, the oldest first."""
    return [
        Choice(str(number), one.public_id, f"{use_words(one, now).capitalize()}.", one)
        for number, one in enumerate(live, start=1)
    ]

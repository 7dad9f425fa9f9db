"""The form of an API client: what stands in its fields, and what is said below each."""

from collections.abc import Mapping
from datetime import date

from data.clients.errors import DetailsWrong
from data.clients.expiry import months_after, read_day
from data.clients.model import ClientDetails
from data.clients.rules import FIELDS, read_details
from data.naming.neighbours import Neighbours
from data.policy import Policy
from data.records import Change, Json
from data.tokens import without_secrets
from tui.glyphs import glyphs
from tui.presenters.ages import days_text
from tui.presenters.values import NOT_SET, weekday_text

LABELS: Mapping[str, str] = {
    "name": "Name",
    "description": "Description",
    "owner": "Owner",
    "scopes": "Scopes",
    "networks": "Networks",
    "expires": "Last day",
}
_MOST_SCOPES_SHOWN = 12


def texts_of(details: ClientDetails) -> dict[str, str]:
    """What stands in the fields of a client."""
    return {
        "name": details.name,
        "description": details.description,
        "owner": details.owner,
        "scopes": " ".join(details.scopes),
        "networks": " ".join(details.networks),
        "expires": details.expires.isoformat(),
    }


def new_texts(policy: Policy, today: date) -> dict[str, str]:
    """What stands in the fields of a new client: nothing but the last day that the rules give it."""
    default = months_after(today, policy.default_expiry_months)
    return {**dict.fromkeys(FIELDS, ""), "expires": default.isoformat()}


def texts_before(changes: tuple[Change, ...]) -> dict[str, str]:
    """The values that an update has replaced, as they stand in the fields."""
    return {change.field: _typed(change.before) for change in changes if change.field in FIELDS}


def read_form(
    texts: Mapping[str, str], policy: Policy, today: date, neighbours: Neighbours, before: ClientDetails | None
) -> tuple[ClientDetails | None, dict[str, str]]:
    """The details that the form says, or a sentence for each field that is wrong."""
    plain = {field: without_secrets(text) for field, text in texts.items()}
    problems: dict[str, str] = {}
    details = None
    try:
        details = read_details(plain, policy, today, before)
    except DetailsWrong as error:
        problems = dict(error.problems)
    if "name" not in problems:
        taken = neighbours.problem(plain["name"])
        if taken is not None:
            return None, {"name": taken, **problems}
    return (None if problems else details), problems


def last_day_text(text: str, policy: Policy, today: date) -> str | None:
    """`Fri 31 May 2027 24:00 Europe/Berlin, in 192 days`; None for no day."""
    try:
        day = read_day(text, today)
    except ValueError:
        return None
    return f"{weekday_text(day)} 24:00 {policy.zone.key}, {days_text((day - today).days)}"


def hint(field: str, text: str, policy: Policy, today: date) -> str:
    """What is said below a field: what can be written there, or what the text in it comes to."""
    match field:
        case "name":
            return "what everybody calls it; no two have the same"
        case "description":
            return "what it is for"
        case "owner":
            return "who answers for it"
        case "scopes" if policy.scopes:
            more = " ..." if len(policy.scopes) > _MOST_SCOPES_SHOWN else ""
            return f"of {' '.join(policy.scopes[:_MOST_SCOPES_SHOWN])}{more}"
        case "scopes":
            return "what it may do, such as orders:read orders:write"
        case "networks":
            return "such as 198.51.100.0/24; empty is from anywhere"
        case _:
            return last_day_text(text, policy, today) or ""


def one_line(field: str, text: str) -> str:
    """A value of a field as it is read on one line."""
    return (text.replace(" ", f" {glyphs().dot} ") if field in ("scopes", "networks") else text) or NOT_SET


def _typed(value: Json) -> str:
    match value:
        case None:
            return ""
        case list():
            return " ".join(map(str, value))
        case _:
            return str(value)

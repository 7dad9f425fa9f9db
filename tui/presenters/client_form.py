"""The form of an API client: what stands in its fields, what is said beside each, and what two editors made of one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from tui.presenters.pieces import Role
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


@dataclass(frozen=True, slots=True)
class Beside:
    """Another value of a field, to be compared with the one in the box and taken in its place.

    `label` says whose it is, `box` whose the one in the box is: taking it changes them over. Where `is_open` one has to
    say which of them it shall be.
    """

    label: str
    text: str
    box: str
    is_open: bool = False

    def turned(self, text: str) -> "Beside":
        """With the value of the box, `text`, beside it from now on; that has been decided then."""
        return Beside(self.box, text, self.label)


@dataclass(frozen=True, slots=True)
class Note:
    """What stands below a field."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Merged:
    """What stands in the form once it is known what the other editor did."""

    texts: Mapping[str, str]
    beside: Mapping[str, Beside]


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


def note_of(
    field: str,
    text: str,
    problem: str | None,
    beside: Beside | None,
    policy: Policy,
    today: date,
    take_key: str,
) -> Note:
    """What stands below a field: what is wrong with it, else the other value, else what can be written there."""
    if problem is not None:
        return Note(problem, Role.FAILURE)
    if beside is not None:
        role = Role.DENIED if beside.is_open else Role.MUTED
        return Note(f"{beside.label}: {_one_line(field, beside.text)}   {take_key} takes it", role)
    return Note(_hint(field, text, policy, today), Role.FAINT)


def merged(seen: ClientDetails, mine: Mapping[str, str], now: ClientDetails) -> Merged:
    """What to show after another editor was first: what one has not touched is theirs, what both changed is open."""
    before, theirs = texts_of(seen), texts_of(now)
    texts, beside = dict(mine), {}
    for field in FIELDS:
        if theirs[field] == before[field] or theirs[field] == mine[field]:
            continue
        if mine[field] == before[field]:
            texts[field] = theirs[field]
            beside[field] = Beside("before", before[field], "theirs")
        else:
            beside[field] = Beside("theirs", theirs[field], "yours", is_open=True)
    return Merged(texts, beside)


def decided(beside: Mapping[str, Beside], field: str) -> dict[str, Beside]:
    """The same once a person has said what shall stand in this field."""
    return {name: replace(one, is_open=False) if name == field else one for name, one in beside.items()}


def open_fields(beside: Mapping[str, Beside]) -> list[str]:
    """The fields that both editors changed, and of which nothing was decided, in order."""
    return [field for field in FIELDS if field in beside and beside[field].is_open]


def field_names(fields: list[str]) -> str:
    """`name, owner and last day`."""
    words = [LABELS[field].lower() for field in fields]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def last_day_text(text: str, policy: Policy, today: date) -> str | None:
    """`Fri 31 May 2027 24:00 Europe/Berlin, in 192 days`; None for no day."""
    try:
        day = read_day(text, today)
    except ValueError:
        return None
    return f"{weekday_text(day)} 24:00 {policy.zone.key}, {days_text((day - today).days)}"


def _hint(field: str, text: str, policy: Policy, today: date) -> str:
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


def _one_line(field: str, text: str) -> str:
    return (text.replace(" ", f" {glyphs().dot} ") if field in ("scopes", "networks") else text) or NOT_SET


def _typed(value: Json) -> str:
    match value:
        case None:
            return ""
        case list():
            return " ".join(map(str, value))
        case _:
            return str(value)

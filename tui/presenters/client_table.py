"""The list of API clients: which columns there is room for, and a row for each client."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.clients.model import WARNING_DAYS, ApiClient, ClientList, ClientStatus
from data.views import folded_name
from tui.presenters.ages import ago_text, days_text
from tui.presenters.choices import Choice
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.sparkline import sparkline
from tui.presenters.values import count_text, day_text

_SIGN_AT, _NAME_AT = 1, 5
_GAP = 2
_LEAST_NAME, _MOST_NAME = 16, 40
_NARROWEST_NAME = 10
# From so many days on a narrow list tells the date, before it how long there is left.
_FAR_DAYS = 99

STATUS_ROLES = {
    ClientStatus.ACTIVE: Role.FAINT,
    ClientStatus.EXPIRING: Role.DENIED,
    ClientStatus.EXPIRED: Role.FAILURE,
    ClientStatus.REVOKED: Role.MUTED,
    ClientStatus.DELETED: Role.MUTED,
}
_STATUS_ORDER = (
    ClientStatus.EXPIRING,
    ClientStatus.ACTIVE,
    ClientStatus.EXPIRED,
    ClientStatus.REVOKED,
    ClientStatus.DELETED,
)


class Order(StrEnum):
    """What the list is sorted by."""

    NAME = "name"
    EXPIRES = "expires"
    USED = "last used"
    STATUS = "status"


class Column(StrEnum):
    """What stands in the list, in this order; the value heads it."""

    NAME = "Name"
    OWNER = "Owner"
    STATUS = "Status"
    EXPIRES = "Expires"
    LEFT = "expires in"
    USED = "Last used"
    WEEK = "7 days"
    SCOPES = "Scopes"


_WIDTHS = {
    Column.OWNER: 16,
    Column.STATUS: 8,
    Column.EXPIRES: 11,
    Column.LEFT: 11,
    Column.USED: 11,
    Column.WEEK: 7,
    Column.SCOPES: 24,
}
# Each of them is there where there is room for it and for all before it.
_BY_NEED = (Column.STATUS, Column.EXPIRES, Column.USED, Column.LEFT, Column.WEEK, Column.OWNER, Column.SCOPES)
_SORTED = {
    Order.NAME: Column.NAME,
    Order.EXPIRES: Column.EXPIRES,
    Order.USED: Column.USED,
    Order.STATUS: Column.STATUS,
}


@dataclass(frozen=True, slots=True)
class ListedClient:
    """A client as the list has it: how it stood, its days left, and in which text it is looked for."""

    client: ApiClient
    status: ClientStatus
    days_left: int
    text: str


def listed_clients(found: ClientList) -> tuple[ListedClient, ...]:
    """The clients with what the list needs of each: worked out once, be there thousands."""
    now, zone = found.now, found.zone
    return tuple(
        ListedClient(client, client.status(now, zone), client.days_left(now, zone), _text_of(client))
        for client in found.clients
    )


def arranged(clients: Iterable[ListedClient], order: Order, text: str) -> tuple[ListedClient, ...]:
    """Those that hold this text, case ignored, in order; within the same, by name as they come."""
    wanted = folded_name(text)
    shown = [one for one in clients if wanted in one.text] if wanted else list(clients)
    match order:
        case Order.NAME:
            pass
        case Order.EXPIRES:  # what has ended needs no looking after: it comes last, the latest to end first
            shown.sort(
                key=lambda one: (not one.status.is_live, one.days_left if one.status.is_live else -one.days_left)
            )
        case Order.USED:
            shown.sort(key=lambda one: -(used.timestamp() if (used := one.client.last_used_at) else 0.0))
        case Order.STATUS:
            shown.sort(key=lambda one: _STATUS_ORDER.index(one.status))
    return tuple(shown)


def order_choices() -> list[Choice[Order]]:
    """What the list can be sorted by."""
    return [
        Choice("n", "name", "From A to Z.", Order.NAME),
        Choice("e", "expires", "What ends first stands first; what has ended comes last.", Order.EXPIRES),
        Choice("u", "last used", "What was used last stands first, what never was comes last.", Order.USED),
        Choice("s", "status", "Expiring, active, expired, revoked.", Order.STATUS),
    ]


def expiring_count(clients: Iterable[ListedClient]) -> int:
    """How many are still valid and end within the longest of the times of warning."""
    return sum(1 for one in clients if one.status.is_live and one.days_left <= max(WARNING_DAYS))


def columns_for(width: int) -> tuple[tuple[Column, int, int], ...]:
    """The columns of a list that wide: which, the cell each begins at, and how many cells it has."""
    room = width - _NAME_AT
    taken: list[Column] = []
    for column in _BY_NEED:
        least = _NARROWEST_NAME if len(taken) < 2 else _LEAST_NAME
        if room - _GAP - _WIDTHS[column] < least:
            break
        taken.append(column)
        room -= _GAP + _WIDTHS[column]
    name = max(min(room, _MOST_NAME), 1)
    at, columns = _NAME_AT, [(Column.NAME, _NAME_AT, name)]
    at += name + _GAP
    for column in Column:
        if column in taken:
            # What is left over is the scopes', which are cut otherwise.
            cells = width - at if column is Column.SCOPES else _WIDTHS[column]
            columns.append((column, at, cells))
            at += cells + _GAP
    return tuple(columns)


def head_row(width: int, order: Order) -> Row:
    """The columns' names, the one that the list is sorted by underlined."""
    line = Line(width)
    for column, at, cells in columns_for(width):
        if column is not Column.LEFT:
            is_sorted = _SORTED[order] is column
            role = Role.TITLE if is_sorted else Role.MUTED
            line.at(at).add(column.value, role, until=at + cells, bold=is_sorted, underline=is_sorted)
    return line.row()


def client_row(listed: ListedClient, week: Sequence[int] | None, width: int, now: datetime) -> Row:
    """A client in one row of `width` cells; `week` are its requests day by day, None while they are not known."""
    columns = columns_for(width)
    is_live = listed.status.is_live
    has_both = any(column is Column.LEFT for column, _, _ in columns)
    line = Line(width).at(_SIGN_AT).add(warning_sign(listed), warning_role(listed), bold=True)
    details = listed.client.details
    for column, at, cells in columns:
        line.at(at)
        until = at + cells
        match column:
            case Column.NAME:
                line.add(details.name, Role.TITLE if is_live else Role.MUTED, until=until, bold=is_live)
            case Column.OWNER:
                line.add(details.owner, Role.MUTED, until=until)
            case Column.STATUS:
                line.add(listed.status.value, STATUS_ROLES[listed.status], until=until)
            case Column.EXPIRES if has_both or listed.days_left > _FAR_DAYS or not is_live:
                line.add(day_text(details.expires), Role.TEXT if is_live else Role.FAINT, until=until)
            case Column.EXPIRES | Column.LEFT:
                if is_live:
                    line.add(days_text(listed.days_left), warning_role(listed), until=until)
            case Column.USED:
                line.add(ago_text(listed.client.last_used_at, now), Role.MUTED, until=until)
            case Column.WEEK:
                line.add(sparkline(week or ()), Role.ACCENT, until=until)
            case Column.SCOPES:
                line.add(scopes_text(details.scopes, cells), Role.MUTED, until=until)
    return line.row()


def bar_row(
    width: int, shown: int, in_all: int, expiring: int, order: Order, text: str, *, is_reading: bool = False
) -> Row:
    """What the list is of: how many, how many of them end soon, and what it is narrowed by."""
    line = Line(width).at(1)
    number = f"{count_text(shown)} of {count_text(in_all)}" if text.strip() else count_text(in_all)
    line.add(f"{number} {'client' if in_all == 1 else 'clients'}", Role.TITLE, bold=True)
    if expiring:
        words = "ends" if expiring == 1 else "end"
        line.add("  ").add(f"! {count_text(expiring)} {words} within {max(WARNING_DAYS)} days", Role.DENIED)
    tail = "reading" if is_reading else f"by {order.value}"
    if line.room > len(tail) + 3:
        line.right(tail, Role.MUTED, end=width - 1)
    return line.row()


def warning_sign(listed: ListedClient) -> str:
    """`!` for a client that ends within 30 days, `!!` within 7, `!!!` within 1; empty for the others."""
    if not listed.status.is_live:
        return ""
    return "!" * sum(listed.days_left <= days for days in WARNING_DAYS)


def warning_role(listed: ListedClient) -> Role:
    """How what is said of its end is drawn."""
    match len(warning_sign(listed)):
        case 0:
            return Role.MUTED
        case 1 | 2:
            return Role.DENIED
        case _:
            return Role.FAILURE


def scopes_text(scopes: Sequence[str], cells: int) -> str:
    """As many scopes as fit, and how many more there are: `orders:read +2`."""
    if not scopes:
        return ""
    for number in range(len(scopes), 0, -1):
        rest = len(scopes) - number
        text = " ".join(scopes[:number]) + (f" +{rest}" if rest else "")
        if len(text) <= cells:
            return text
    return f"{scopes[0]} +{len(scopes) - 1}" if len(scopes) > 1 else scopes[0]


def _text_of(client: ApiClient) -> str:
    details = client.details
    parts = (details.name, details.owner, details.description, client.id, *details.scopes, *details.networks)
    return folded_name("\n".join((*parts, *(token.public_id for token in client.tokens))))


Weeks = Mapping[str, Sequence[int]]
"""Requests of the last seven days by client id, the oldest day first."""

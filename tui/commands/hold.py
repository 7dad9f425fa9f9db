"""`auditdeck hold`: what is neither erased nor removed."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from data.caller import COMMAND_LINE
from data.clock import to_text
from data.records import Json, Reference
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command, CommandGroup
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json
from tui.commands.table import say_table
from tui.presenters.event_table import time_text
from tui.presenters.plain_table import Column, Table, plain_table
from tui.terminal import safe

if TYPE_CHECKING:
    from data.holds import Hold
    from data.services.audit_log import AuditLog


def _add_place(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", metavar="QUERY", help="what is held, as in the search box; without a time, of all time"
    )
    parser.add_argument("--client", metavar="ID", help="in place of a query: everything that names this API client")
    _add_reason(parser)


def _add_lift(parser: ArgumentParser) -> None:
    parser.add_argument("hold", metavar="ID", help="the hold's id, or as much of its beginning as no other has")
    _add_reason(parser)


def _add_reason(parser: ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; it stands in the log")
    parser.add_argument("--json", action="store_true", help="the hold as one JSON object")


def _add_list(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="a hold a line, as JSON")


def _place(arguments: Namespace, settings: Settings) -> int:
    from data.holds import query_to_hold

    if bool(arguments.words) is (arguments.client is not None):
        raise Misuse("Say what is held: a query (last:all for everything), or --client ID.")
    query = query_to_hold(" ".join(arguments.words))
    with opened_log(settings, create=settings.may_create_database) as log:
        by = log.caller(COMMAND_LINE)
        if arguments.client is None:
            hold = log.holds.place(by, query, arguments.reason)
        else:
            hold = log.holds.place_on_client(by, log.clients.find(arguments.client).id, arguments.reason)
    _say(hold, arguments.json, f"Held from now on, by the hold {hold.id}: {hold.text}")
    return SUCCEEDED


def _lift(arguments: Namespace, settings: Settings) -> int:
    with opened_log(settings, create=settings.may_create_database) as log:
        hold = log.holds.lift(log.caller(COMMAND_LINE), _id_of(log, arguments.hold), arguments.reason)
    _say(hold, arguments.json, f"Held no more by this hold: {hold.text}")
    return SUCCEEDED


def _id_of(log: "AuditLog", typed: str) -> UUID:
    """The id of the hold that is meant. Raises HoldNotFound."""
    from data.holds import HoldNotFound

    try:
        return UUID(typed)
    except ValueError:
        found = [one.id for one in log.holds.all() if typed and one.id.hex.startswith(typed.replace("-", "").lower())]
    if len(found) != 1:
        are = "No hold begins" if not found else f"{len(found)} holds begin"
        raise HoldNotFound(f"{are} with {typed}; `auditdeck hold list` lists those in force.")
    return found[0]


def _list(arguments: Namespace, settings: Settings) -> int:
    with opened_log(settings, create=settings.may_create_database) as log:
        holds = log.holds.all()
    if arguments.json:
        for hold in holds:
            say_json(_as_json(hold))
    elif not holds:
        say("Nothing is held.")
    else:
        say_table(lambda width: _table(holds, settings.zone, width))
    return SUCCEEDED


def _table(holds: "Sequence[Hold]", zone: ZoneInfo, width: int | None) -> Table:
    columns = (
        Column("id"),
        Column(f"placed ({zone.key})"),
        Column("by", least=8),
        Column("query", least=16),
        Column("reason", least=12),
    )
    rows = [
        (
            str(hold.id),
            time_text(hold.placed_at, zone, whole=width is None),
            *(safe(text) for text in (hold.placed_by.label, hold.text, hold.reason)),
        )
        for hold in holds
    ]
    return plain_table(columns, rows, width)


def _say(hold: "Hold", as_json: bool, sentence: str) -> None:
    if as_json:
        say_json(_as_json(hold))
    else:
        say(sentence)


def _as_json(hold: "Hold") -> Mapping[str, Json]:
    return {
        "id": str(hold.id),
        "query": hold.text,
        "reason": hold.reason,
        "placed_at": to_text(hold.placed_at),
        "placed_by": _who(hold.placed_by),
        "lifted_at": None if hold.lifted_at is None else to_text(hold.lifted_at),
        "lifted_by": None if hold.lifted_by is None else _who(hold.lifted_by),
    }


def _who(one: Reference) -> Json:
    return {"type": one.type, "id": one.id, "name": one.name}


COMMANDS = CommandGroup(
    "hold",
    "keep events from being erased or removed",
    (
        Command(
            "place",
            "hold what a query selects, now and later, or all that names an API client",
            _place,
            _add_place,
            (
                "auditdeck hold place 'actor:\"Alice Moss\" during:2026-q3' --reason 'case 4711'",
                "auditdeck hold place --client 'Payroll sync' --reason 'case 4712'",
            ),
        ),
        Command(
            "lift",
            "end a hold",
            _lift,
            _add_lift,
            ("auditdeck hold lift 5b0c7f0e --reason 'case 4711 is settled'",),
        ),
        Command("list", "list the holds in force", _list, _add_list, ("auditdeck hold list --json",)),
    ),
)

"""`auditdeck requests`: the request log, page by page, summed up, or what is unusual in it."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from data.answers import CallGroup, Dimension
from data.clock import to_text
from data.query import Clause, EventQuery, Key, parse_query, print_clause, print_query
from data.records import Json, Log
from data.settings import Settings
from data.unusual import Finding
from tui.commands.command import SUCCEEDED, Command
from tui.commands.event_pages import Listing, add_page_arguments, say_answer, tell_none
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json, tell
from tui.commands.reading import note_reading
from tui.commands.table import say_table
from tui.presenters.calls_table import calls_table
from tui.presenters.request_table import request_table

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_LISTING = Listing(Log.REQUESTS, "request", request_table)
_BY = {
    "client": (Dimension.CLIENT, Key.CLIENT),
    "service": (Dimension.SERVICE, Key.SERVICE),
    "action": (Dimension.TARGET, Key.TARGET),
}
_OF_PAGES = ("cursor", "sort", "total", "count")
"""What only a page of requests can be asked with."""


def _add_arguments(parser: ArgumentParser) -> None:
    add_page_arguments(parser, _LISTING.noun)
    summed = parser.add_mutually_exclusive_group()
    summed.add_argument(
        "--by",
        choices=tuple(_BY),
        help="calls, errors and durations of each client, service or action, most calls first; --limit is for these",
    )
    summed.add_argument(
        "--unusual",
        action="store_true",
        help="what is unusual now: calls, errors or durations against the 28 days before, new addresses, silence",
    )


def _run(arguments: Namespace, settings: Settings) -> int:
    query = parse_query(" ".join(arguments.words))
    _refuse_what_does_not_fit(arguments)
    with opened_log(settings, create=settings.may_create_database) as log:
        if arguments.unusual:
            _say_unusual(log, as_json=arguments.json)
        elif arguments.by is not None:
            _say_groups(arguments, log, query)
        else:
            say_answer(arguments, log, query, _LISTING)
    return SUCCEEDED


def _refuse_what_does_not_fit(arguments: Namespace) -> None:
    if arguments.by is None and not arguments.unusual:
        return
    word = "--unusual" if arguments.unusual else "--by"
    for name in _OF_PAGES:
        if getattr(arguments, name):
            raise Misuse(f"--{name} is about single requests, and {word} sums them up; give one of them.")
    if arguments.unusual and arguments.words:
        raise Misuse("--unusual looks at the calls of all clients, and takes no query.")


def _say_groups(arguments: Namespace, log: "AuditLog", query: EventQuery) -> None:
    dimension, key = _BY[arguments.by]
    snapshot = log.requests.page(query, limit=1).snapshot
    found = log.request_statistics.groups(dimension, query, snapshot, limit=arguments.limit)
    note_reading(log, query, Log.REQUESTS, shown=len(found.groups))
    if arguments.json:
        groups: list[Json] = [_group_to_json(group, key) for group in found.groups]
        say_json({"by": arguments.by, "groups": groups, "distinct": found.distinct, "limit": arguments.limit})
        return
    if not found.groups:
        tell_none(query, log.requests, _LISTING.noun)
        return
    say_table(lambda width: calls_table(found, arguments.by, log.zone, width))
    if found.distinct > len(found.groups):
        tell(f"These are the first {len(found.groups):,} of {found.distinct:,}; --limit shows more.")


def _group_to_json(group: CallGroup, key: Key) -> dict[str, Json]:
    return {
        "label": group.label,
        "query": print_clause(Clause(key, (group.value,))),
        "calls": group.calls,
        "errors": group.errors,
        "p50_ms": group.p50_ms,
        "p95_ms": group.p95_ms,
        "newest": to_text(group.newest),
    }


def _say_unusual(log: "AuditLog", *, as_json: bool) -> None:
    found = log.request_statistics.unusual()
    note_reading(log, EventQuery(), Log.REQUESTS, shown=len(found))
    if as_json:
        findings: list[Json] = [_finding_to_json(finding) for finding in found]
        say_json({"findings": findings})
        return
    if not found:
        tell("Nothing is unusual.")
    for finding in found:
        at = f" at {finding.service}" if finding.service else ""
        say(f"{finding.client.label}{at}: {finding.sentence}")
        say(f"  {print_query(finding.query)}")


def _finding_to_json(finding: Finding) -> dict[str, Json]:
    return {
        "client": {"id": finding.client.id, "name": finding.client.name},
        "service": finding.service,
        "kind": finding.kind.value,
        "sentence": finding.sentence,
        "query": print_query(finding.query),
    }


COMMAND = Command(
    "requests",
    "list the requests that a query selects, sum them up, or say what is unusual",
    _run,
    _add_arguments,
    (
        "auditdeck requests client:payroll* last:24h",
        "auditdeck requests 'action:\"GET /v1/orders*\"' 'duration:>500ms' --json",
        "auditdeck requests token:adk_Ab3dE5gH outcome:denied last:all --count",
        "auditdeck requests last:7d --by client",
        "auditdeck requests --unusual --json",
    ),
    for_clients=True,
)

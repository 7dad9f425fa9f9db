"""`auditdeck export`: all the events that a query selects, whole, on standard output."""

from argparse import ArgumentParser, Namespace

from data.answers import Direction
from data.caller import COMMAND_LINE
from data.exchange.outgoing import JSON_LINES, OUTGOING
from data.query import SORTS, parse_query, print_query
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.ending import ending_in_order
from tui.commands.event_pages import tell_none
from tui.commands.opening import opened_log
from tui.commands.output import flush_output, say_bytes, tell


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="QUERY",
        help="what to take away, see `auditdeck filters`; the last 30 days if nothing",
    )
    parser.add_argument(
        "--format",
        choices=tuple(OUTGOING),
        default=JSON_LINES.tag,
        help="jsonl (the default) is a JSON object a line, each a whole event, which can be imported again",
    )
    parser.add_argument("--sort", choices=SORTS, help="asc is oldest first (the default), desc newest first")


def _run(arguments: Namespace, settings: Settings) -> int:
    query = parse_query(" ".join(arguments.words))
    direction = Direction(arguments.sort or Direction.NEWER)
    with ending_in_order(), opened_log(settings, create=settings.may_create_database) as log:
        by = log.caller(COMMAND_LINE)
        with log.exports.begin(by, query, OUTGOING[arguments.format], direction=direction) as export:
            for line in export:
                say_bytes(line)
            flush_output()  # what cannot be handed over was not exported
        if export.waits is not None:
            tell(f"auditdeck: this export is recorded later. {export.waits}")
        if export.count:
            tell(f"{export.count:,} {'event' if export.count == 1 else 'events'} exported: {print_query(query)}")
        else:
            tell_none(query, log, "event")
    return SUCCEEDED


COMMAND = Command(
    "export",
    "write all events that a query selects to standard output, oldest first",
    _run,
    _add_arguments,
    (
        "auditdeck export outcome:denied during:last-quarter > q3.jsonl",
        "auditdeck export last:all --sort desc | gzip > log.jsonl.gz",
        "ssh auditdeck@console.example.org export 'outcome:denied during:last-quarter' > q3.jsonl",
    ),
    for_clients=True,
)

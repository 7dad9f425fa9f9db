"""`auditdeck export`: all the events that a query selects, whole, on standard output or in a file."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.answers import Direction
from data.caller import COMMAND_LINE
from data.exchange.outgoing import JSON_LINES, OUTGOING
from data.query import SORTS, parse_query, print_query
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.ending import ending_in_order
from tui.commands.event_pages import tell_archived, tell_none
from tui.commands.export_progress import export_progress
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import flush_output, say_bytes, tell
from tui.export_file import NotExported, export_file, place_problem
from tui.visitor import visitor_here


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
        help="; ".join(f"{form.tag}: {form.about}" for form in OUTGOING.values()),
    )
    parser.add_argument("--to", metavar="FILE", help="write to this file: all of it, or nothing, for you alone to read")
    parser.add_argument("--force", action="store_true", help="with --to, write over a file that is there already")
    parser.add_argument("--sort", choices=SORTS, help="asc is oldest first (the default), desc newest first")


def _run(arguments: Namespace, settings: Settings) -> int:
    query = parse_query(" ".join(arguments.words))
    form = OUTGOING[arguments.format]
    direction = Direction(arguments.sort or Direction.NEWER)
    place = _place(arguments)
    with ending_in_order(), opened_log(settings, create=settings.may_create_database) as log:
        by = log.caller(COMMAND_LINE)
        if place is not None:
            log.refuse_as_output(place)
        with (
            log.exports.begin(by, query, form, direction=direction) as export,
            _destination(place, force=arguments.force) as write,
            export_progress(export, query, to_file=place is not None) as show,
        ):
            for line in export:
                write(line)
                show()
        if export.waits is not None:
            tell(f"auditdeck: this export is recorded later. {export.waits}")
        if export.left_out:
            noun = "event is" if export.left_out == 1 else "events are"
            tell(f"auditdeck: {export.left_out:,} {noun} left out: not sealed yet, so that there is no proof of them.")
        if export.count:
            to = "" if place is None else f" to {place}"
            noun = "event" if export.count == 1 else "events"
            tell(f"{export.count:,} {noun} exported{to}: {print_query(query)}")
            tell_archived(query, log)
        elif not export.left_out:
            tell_none(query, log, "event")
    return SUCCEEDED


def _place(arguments: Namespace) -> Path | None:
    """The file to write; None for standard output. Raises Misuse, NotExported."""
    if arguments.to is None:
        if arguments.force:
            raise Misuse("--force is about a file; name it with --to.")
        return None
    if visitor_here() is not None:
        raise Misuse("Over ssh nothing is written to a file here; the events come to standard output.")
    place = Path(arguments.to)
    problem = place_problem(place, force=arguments.force)
    if problem is not None:
        insist = " --force writes over it." if not arguments.force and place.is_file() else ""
        raise NotExported(f"{problem}{insist}")
    return place


@contextmanager
def _destination(place: Path | None, *, force: bool) -> Iterator[Callable[[bytes], None]]:
    if place is not None:
        with export_file(place, force=force) as write:
            yield write
        return
    yield say_bytes
    flush_output()  # what cannot be handed over was not exported


COMMAND = Command(
    "export",
    "write all events that a query selects to standard output or a file, oldest first",
    _run,
    _add_arguments,
    (
        "auditdeck export outcome:denied during:last-quarter > q3.jsonl",
        "auditdeck export type:role.* --format csv --to roles.csv",
        "auditdeck export during:last-quarter --format bundle --to q3.bundle.jsonl",
        "auditdeck export last:all --sort desc | gzip > log.jsonl.gz",
        "ssh auditdeck@console.example.org export 'outcome:denied during:last-quarter' > q3.jsonl",
    ),
    for_clients=True,
)

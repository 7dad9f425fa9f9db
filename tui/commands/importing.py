"""`auditdeck import`: audit records from files into the log."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from data.clock import system_clock
from data.errors import AuditdeckError
from data.exchange import Format, InputFile, RejectsFile, format_tags, formats_named, open_input
from data.records import Json
from data.services.importing import ImportSummary, import_files
from data.settings import Settings
from tui.commands.command import FAILED, SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.guessing import GUESS, Guessed
from tui.commands.import_progress import import_progress
from tui.commands.indexed_appending import IndexedAppending
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json, tell
from tui.commands.request_importing import SOME_REJECTED, import_requests

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_REJECTS = "auditdeck-rejects.jsonl"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="+",
        metavar="PATH",
        help="a file, plain or gzip, its format told by its content; - is standard input",
    )
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        help=f"what the files hold, instead of telling it by their content: {', '.join(format_tags())}, or the path of a "
        "mapping file (.toml) that says how to read any other; guess proposes one from the records, shows it and asks",
    )
    parser.add_argument(
        "--mapping",
        metavar="FILE",
        help="with --format guess: the mapping file that is made, which ends in .toml; never overwritten (default: named "
        "after the files, in this folder)",
    )
    parser.add_argument("--yes", action="store_true", help="with --format guess: without asking")
    parser.add_argument(
        "--requests",
        action="store_true",
        help="the files are a proxy's access log, as JSON lines: into the request log, see the README",
    )
    parser.add_argument(
        "--follow",
        action="store_true",
        help="with --requests and one file: go on with what is added to it, also when it is rotated, until a signal",
    )
    parser.add_argument("--json", action="store_true", help="the summary as one JSON object")
    parser.add_argument(
        "--rejects",
        default=_REJECTS,
        metavar="FILE",
        help=f"where records go that cannot be taken, with the reason; never overwritten (default: {_REJECTS})",
    )


def _run(arguments: Namespace, settings: Settings) -> int:
    if arguments.format != GUESS and (arguments.mapping is not None or arguments.yes):
        raise Misuse(f"{'--mapping' if arguments.mapping is not None else '--yes'} is for --format {GUESS}.")
    if arguments.requests:
        return import_requests(arguments, settings)
    if arguments.follow:
        raise Misuse("--follow is for --requests.")
    guessed = Guessed(arguments, settings) if arguments.format == GUESS else None
    formats = () if arguments.format is None or guessed is not None else formats_named(arguments.format)
    with opened_log(settings, create=True) as log:
        if guessed is not None:
            log.refuse_as_input(guessed.files)
            accepted = guessed.accepted()
            if accepted is None:
                return FAILED
            formats = (accepted,)
        log.open()
        log.refuse_as_input(arguments.words)
        with RejectsFile(Path(arguments.rejects)) as rejects:
            open_path = open_input if guessed is None else guessed.open
            summary = _import(arguments.words, log, rejects, formats, open_path)
    if arguments.json:
        say_json(_as_json(summary, rejects.path))
    else:
        say(
            f"{summary.read:,} read: {summary.added:,} added, {summary.duplicates:,} duplicates, "
            f"{summary.rejected:,} rejected."
        )
    if rejects.path is not None:
        tell(f"The rejected records are in {rejects.path}, each with its reason.")
    for failure in summary.failures:
        tell(f"auditdeck: {failure}")
    if summary.failures:
        return FAILED
    return SOME_REJECTED if summary.rejected else SUCCEEDED


def _import(
    paths: Sequence[str],
    log: "AuditLog",
    rejects: RejectsFile,
    formats: Sequence[Format],
    open_path: Callable[[str], InputFile],
) -> ImportSummary:
    append = IndexedAppending(log, log.append)
    try:
        with import_progress(paths) as on_progress:
            summary = import_files(paths, append, system_clock, on_progress, rejects, formats, open_path)
        append.index()
        return summary
    except AuditdeckError:
        if append.added:
            tell(f"{append.added:,} events were added and are kept; importing the same again adds what is missing.")
        raise


def _as_json(summary: ImportSummary, rejects: Path | None) -> dict[str, Json]:
    return {
        "read": summary.read,
        "added": summary.added,
        "duplicates": summary.duplicates,
        "rejected": summary.rejected,
        "files": summary.files,
        "rejects": None if rejects is None else str(rejects),
        "failures": [*summary.failures],
    }


COMMAND = Command(
    "import",
    "add audit records from files: JSON lines, CloudTrail, GitHub, Authgear, Auth0, Slack, Google Cloud, or any by a mapping",
    _run,
    _add_arguments,
    (
        "auditdeck import events.jsonl.gz",
        "auditdeck import cloudtrail/*.json --json",
        "auditdeck import badges.jsonl --format badges.toml",
        "auditdeck import badges.jsonl --format guess",
        "auditdeck import --requests --follow /var/log/nginx/requests.json",
        "auditdeck events --json | jq -c '.items[]' | auditdeck import - --database copy.db",
    ),
)

"""`auditdeck import --requests`: a proxy's access log into the request log, once or as it is written."""

from argparse import Namespace
from pathlib import Path

from data.clock import system_clock
from data.exchange import RejectsFile
from data.exchange.input_file import STANDARD_INPUT
from data.services.request_importing import RequestImport, RequestImportSummary
from data.settings import Settings
from tui.commands.command import FAILED, SUCCEEDED
from tui.commands.ending import ending_in_order
from tui.commands.failures import Misuse
from tui.commands.indexed_appending import IndexedAppending
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json, tell

SOME_REJECTED = 3
"""The exit status of an import that did not take everything."""


def import_requests(arguments: Namespace, settings: Settings) -> int:
    """Run the command; its exit status. A signal ends it in order: what was read is written, and the totals are told."""
    if arguments.follow and (len(arguments.words) != 1 or arguments.words == [STANDARD_INPUT]):
        raise Misuse("--follow takes one file; a pipe is followed by itself, until it is closed.")
    if arguments.format is not None:
        raise Misuse("--format is not for --requests, which are in one format.")
    lasts = arguments.follow or STANDARD_INPUT in arguments.words
    with (
        opened_log(settings, create=True, as_process=arguments.follow) as log,
        RejectsFile(Path(arguments.rejects)) as rejects,
    ):
        log.open()
        log.refuse_as_input(arguments.words)
        append = IndexedAppending(log, log.requests.append)
        running = RequestImport(
            append,
            system_clock,
            rejects,
            on_outage=(lambda why: tell(f"auditdeck: {why} It is tried again.")) if lasts else None,
        )
        try:
            with ending_in_order():
                running.take(arguments.words, follow=arguments.follow)
                append.index()
        finally:
            _tell(running.summary(), rejects.path, as_json=arguments.json)
    summary = running.summary()
    if summary.failures:
        return FAILED
    return SOME_REJECTED if summary.rejected else SUCCEEDED


def _tell(summary: RequestImportSummary, rejects: Path | None, *, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "read": summary.read,
                "added": summary.added,
                "duplicates": summary.duplicates,
                "skipped": summary.skipped,
                "rejected": summary.rejected,
                "files": summary.files,
                "rejects": None if rejects is None else str(rejects),
                "failures": [*summary.failures],
            }
        )
    else:
        say(
            f"{summary.read:,} read: {summary.added:,} added, {summary.duplicates:,} duplicates, "
            f"{summary.skipped:,} of no client, {summary.rejected:,} rejected."
        )
    if rejects is not None:
        tell(f"The rejected records are in {rejects}, each with its reason.")
    for failure in summary.failures:
        tell(f"auditdeck: {failure}")

"""`auditdeck verify`: whether all that was sealed is as it was sealed; its exit status says it, too."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from data.errors import AuditdeckError
from data.records import Json
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.ending import ending_in_order
from tui.commands.opening import opened_log
from tui.commands.output import messages_are_terminal, say, say_json, tell

if TYPE_CHECKING:
    from data.proof.verifier import Verified

DOES_NOT_HOLD, NOT_CHECKED = 1, 2


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--new", action="store_true", help="only what was sealed since it was verified here last, which takes no time"
    )
    parser.add_argument(
        "--forget",
        action="store_true",
        help="take what there is now for true, as after an old copy was put back on purpose, and verify that",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _run(arguments: Namespace, settings: Settings) -> int:
    try:
        with (
            ending_in_order(),
            opened_log(settings, create=settings.may_create_database) as log,
            _progress() as progress,
        ):
            by = log.caller("cli")
            if arguments.forget:
                log.proofs.forget(by)
            found = log.proofs.verify(by, only_new=arguments.new, progress=progress)
    except AuditdeckError as error:
        tell(f"auditdeck: It could not be verified. {error}")
        return NOT_CHECKED
    if arguments.json:
        say_json(_as_json(found))
    else:
        _say(found)
    return SUCCEEDED if found.holds else DOES_NOT_HOLD


def _say(found: "Verified") -> None:
    for one in found.findings:
        where = "" if one.place is None else f"place {one.place:,}: "
        named = "" if one.id is None else f"  event {one.id}"
        say(f"! {one.wrong.value}: {where}{one.sentence}{named}")
    waiting = f"; {_events(found.unsealed)} to be sealed" if found.unsealed else ""
    if not found.size:
        say(f"Nothing was ever sealed{waiting}.")
        return
    looked = "all of them" if found.checked == found.size else f"the last {found.checked:,}"
    verdict = "holds" if found.holds else "DOES NOT HOLD"
    root = "" if found.root is None else found.root.hex()
    say(f"The proof of {_events(found.size)} {verdict}; looked at {looked}{waiting}.")
    say(f"Root {root}")


def _events(count: int) -> str:
    return f"{count:,} {'event' if count == 1 else 'events'}"


def _as_json(found: "Verified") -> dict[str, Json]:
    return {
        "holds": found.holds,
        "size": found.size,
        "root": None if found.root is None else found.root.hex(),
        "checked": found.checked,
        "unsealed": found.unsealed,
        "findings": [
            {"wrong": one.wrong.value, "sentence": one.sentence, "place": one.place, "id": one.id}
            for one in found.findings
        ],
    }


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """What to call as it goes on: a bar on standard error while a person looks on, and nothing otherwise."""
    if not messages_are_terminal():
        yield lambda _what, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show


COMMAND = Command(
    "verify",
    "prove that nothing in the log was altered, removed or added",
    _run,
    _add_arguments,
    ("auditdeck verify", "auditdeck verify --new", "auditdeck verify --json"),
)

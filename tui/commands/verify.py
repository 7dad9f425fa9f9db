"""`auditdeck verify`: whether all that was sealed is as it was sealed; its exit status says it, too. With a file, a bundle."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from data.errors import AuditdeckError
from data.proof_state import MOST_COUNTED
from data.records import Json
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.ending import ending_in_order
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json, tell
from tui.commands.verify_progress import verify_progress
from tui.commands.verifying_bundle import DOES_NOT_HOLD, NOT_CHECKED, verify_bundle
from tui.commands.verifying_event import findings_as_json, say_findings, verify_one_event

if TYPE_CHECKING:
    from data.proof.verifier import Verified


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="a bundle, as `auditdeck export --format bundle` writes it, in place of the log: no database is asked; - for "
        "standard input",
    )
    parser.add_argument("--key", metavar="KEY", help="with FILE, the public key that has to have signed it")
    parser.add_argument(
        "--new", action="store_true", help="only what was sealed since it was verified here last, which takes no time"
    )
    parser.add_argument(
        "--forget",
        action="store_true",
        help="take what there is now for true, as after an old copy was put back on purpose, and verify that",
    )
    parser.add_argument("--event", metavar="ID", help="this one event of the log alone, from its row to the signature")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _run(arguments: Namespace, settings: Settings) -> int:
    if arguments.file is not None:
        if arguments.new or arguments.forget or arguments.event:
            raise Misuse("--new, --event and --forget are about the log, not about a bundle.")
        return verify_bundle(arguments.file, arguments.key, as_json=arguments.json)
    if arguments.key is not None:
        raise Misuse("--key is about a bundle; name its file, or - for standard input.")
    if arguments.event is not None:
        if arguments.new or arguments.forget:
            raise Misuse("--event is about one event; --new and --forget are about all of them.")
        return verify_one_event(arguments.event, settings, as_json=arguments.json)
    try:
        with (
            ending_in_order(),
            opened_log(settings, create=settings.may_create_database) as log,
            verify_progress() as progress,
        ):
            by = log.caller("cli")
            if arguments.forget:
                log.proofs.forget(by)
                if log.is_embedded:  # whose keeper is the same person
                    log.keeper.forget_signed()
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
    say_findings(found.findings)
    waiting = f"; {_waiting(found.unsealed)} to be sealed" if found.unsealed else ""
    if not found.size and found.holds:
        say(f"Nothing was ever sealed{waiting}.")
        return
    looked = "all of them" if found.checked == found.size else f"the last {found.checked:,}"
    verdict = "holds" if found.holds else "DOES NOT HOLD"
    root = "" if found.root is None else found.root.hex()
    say(f"The proof of {_events(found.size)} {verdict}; looked at {looked}{waiting}.")
    if found.erased or found.removed:
        say(f"With leave, as events of the log tell, {found.erased:,} were erased and {found.removed:,} removed.")
    say(f"Root {root}")


def _events(count: int) -> str:
    return f"{count:,} {'event' if count == 1 else 'events'}"


def _waiting(count: int) -> str:
    return f"{count:,} or more events" if count >= MOST_COUNTED else _events(count)


def _as_json(found: "Verified") -> dict[str, Json]:
    return {
        "holds": found.holds,
        "size": found.size,
        "root": None if found.root is None else found.root.hex(),
        "checked": found.checked,
        "unsealed": found.unsealed,
        "erased": found.erased,
        "removed": found.removed,
        "findings": findings_as_json(found.findings),
    }


COMMAND = Command(
    "verify",
    "prove that nothing in the log was altered, removed or added, or that a bundle holds",
    _run,
    _add_arguments,
    (
        "auditdeck verify",
        "auditdeck verify --new",
        "auditdeck verify --event 018c2f3e-5a70-7d3a-9c1b-0242ac120002",
        "auditdeck verify --json",
        "auditdeck verify q3.bundle.jsonl",
    ),
)

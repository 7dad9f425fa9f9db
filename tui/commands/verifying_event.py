"""`auditdeck verify --event ID`: what is proven of one event, in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from data.errors import AuditdeckError, EventNotFound
from data.records import Json
from data.settings import Settings
from tui.commands.command import SUCCEEDED
from tui.commands.ending import ending_in_order
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json, tell
from tui.commands.verifying_bundle import DOES_NOT_HOLD, NOT_CHECKED

if TYPE_CHECKING:
    from data.proof.findings import Finding
    from data.proof.one_event import VerifiedEvent


def verify_one_event(written: str, settings: Settings, *, as_json: bool) -> int:
    """Verify the event with this id and say what came of it; the exit status."""
    try:
        with ending_in_order(), opened_log(settings, create=settings.may_create_database) as log:
            found = log.proofs.verify_event(log.caller("cli"), _read_id(written))
    except AuditdeckError as error:
        tell(f"auditdeck: It could not be verified. {error}")
        return NOT_CHECKED
    if as_json:
        say_json(_as_json(found))
    else:
        _say(found)
    if not found.holds:
        return DOES_NOT_HOLD
    return SUCCEEDED if found.place is not None else NOT_CHECKED


def say_findings(findings: "Sequence[Finding]") -> None:
    """What is wrong, a line each."""
    for one in findings:
        where = "" if one.place is None else f"place {one.place:,}: "
        named = "" if one.id is None else f"  event {one.id}"
        say(f"! {one.wrong.value}: {where}{one.sentence}{named}")


def findings_as_json(findings: "Sequence[Finding]") -> Json:
    """What is wrong, for a program."""
    return [{"wrong": one.wrong.value, "sentence": one.sentence, "place": one.place, "id": one.id} for one in findings]


def _say(found: "VerifiedEvent") -> None:
    say_findings(found.findings)
    for sentence in found.proven:
        say(sentence)
    if not found.holds:
        say(f"The event {found.id} IS NOT PROVEN.")
    elif found.place is None:
        say(f"The event {found.id} is not sealed yet: no checkpoint holds it, and so nothing is proven of it.")
    else:
        left = " but for what was erased with leave" if found.is_erased else ""
        say(f"The event {found.id} is as it was sealed{left}.")
        say(f"Root {'' if found.root is None else found.root.hex()}")


def _as_json(found: "VerifiedEvent") -> dict[str, Json]:
    return {
        "id": str(found.id),
        "holds": found.holds,
        "place": found.place,
        "size": found.size,
        "root": None if found.root is None else found.root.hex(),
        "key": found.key,
        "path": [one.hex() for one in found.path],
        "proven": [*found.proven],
        "findings": findings_as_json(found.findings),
    }


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise EventNotFound(
            f"{text} is not the id of an event; those look like 018c2f3e-5a70-7d3a-9c1b-0242ac120002."
        ) from None

"""`auditdeck verify FILE`: whether a bundle holds. No database is opened, and nothing of one is loaded."""

from collections.abc import Callable, Iterator

from data.errors import UnreadableInput
from data.exchange.bundle_check import CheckedBundle, NoBundle, check_bundle
from data.exchange.input_file import STANDARD_INPUT, InputFile, open_input
from data.merkle.notes import NoteInvalid, Verifier
from data.records import Json
from tui.commands.command import SUCCEEDED
from tui.commands.ending import ending_in_order
from tui.commands.failures import Misuse
from tui.commands.output import say, say_json, tell
from tui.commands.verify_progress import verify_progress
from tui.visitor import visitor_here

DOES_NOT_HOLD, NOT_CHECKED = 1, 2


def verify_bundle(file: str, key: str | None, *, as_json: bool) -> int:
    """Check the bundle in this file, or on standard input, and say what came of it; the exit status.

    With `key`, written as `name+id+base64`, it has to be signed by that one. Raises Misuse.
    """
    if file != STANDARD_INPUT and visitor_here() is not None:
        raise Misuse("Over ssh no file is read here; send it, as in `ssh ... verify - < FILE`.")
    try:
        demanded = None if key is None else Verifier.parse(key)
    except NoteInvalid as error:
        raise Misuse(f"--key takes a public key: {error}.") from None
    try:
        with ending_in_order(), open_input(file) as source, verify_progress() as show:
            found = check_bundle(_watched(source, show), demanded)
    except UnreadableInput as error:
        tell(f"auditdeck: It could not be verified: {error}.")
        return NOT_CHECKED
    except NoBundle as error:
        tell(f"auditdeck: It could not be verified. {error}")
        return NOT_CHECKED
    if as_json:
        say_json(_as_json(found))
    else:
        _say(found, is_demanded=demanded is not None)
    return SUCCEEDED if found.holds else DOES_NOT_HOLD


def _watched(source: InputFile, show: Callable[[str, int, int | None], None]) -> Iterator[bytes]:
    for chunk in source.chunks():
        yield chunk
        show("bundle", source.consumed, source.size)


def _say(found: CheckedBundle, *, is_demanded: bool) -> None:
    wrong, head = found.finding, found.head
    if wrong is not None:
        place = "" if wrong.place is None else f"place {wrong.place:,}: "
        named = "" if wrong.id is None else f"  event {wrong.id}"
        say(f"! line {wrong.line:,}: {place}{wrong.sentence}{named}")
        before = f"; {_events(found.count)} before that did" if found.count else ""
        say(f"The bundle DOES NOT HOLD{before}.")
        return
    assert head is not None and found.size is not None and found.root is not None
    say(
        f"The bundle holds: {_events(found.count)}, just as sealed in the log {head.origin}, which held "
        f"{found.size:,} then."
    )
    if found.erased:
        say(f"Of {_events(found.erased)} the personal part is not in it: it was erased.")
    if found.gone:
        say(f"Of {_events(found.gone)} nothing is left but the place and the id: all of it was erased.")
    if found.unsealed:
        say(f"{_events(found.unsealed)} that the query selects had not been sealed yet, and are left out.")
    say(f"Query {head.query}")
    say(f"Exported {head.exported_at}. That these are all events that the query selects, no bundle proves.")
    say(f"Root {found.root.hex()}")
    say(f"Key  {head.key}")
    if is_demanded:
        say("It is the key that was demanded.")
    else:
        say(
            "Anybody can make a key: compare this one with that which the organisation published, or give that with --key."
        )


def _events(count: int) -> str:
    return f"{count:,} {'event' if count == 1 else 'events'}"


def _as_json(found: CheckedBundle) -> dict[str, Json]:
    wrong, head = found.finding, found.head
    return {
        "holds": found.holds,
        "origin": None if head is None else head.origin,
        "key": None if head is None else head.key,
        "size": found.size,
        "root": None if found.root is None else found.root.hex(),
        "count": found.count,
        "erased": found.erased,
        "gone": found.gone,
        "unsealed": found.unsealed,
        "query": None if head is None else head.query,
        "exported_at": None if head is None else head.exported_at,
        "findings": []
        if wrong is None
        else [{"sentence": wrong.sentence, "line": wrong.line, "place": wrong.place, "id": wrong.id}],
    }

"""`auditdeck event erase ID`: an event's personal part, or all of it, erased for good."""

import os
from argparse import Namespace
from uuid import UUID

from data.caller import COMMAND_LINE
from data.erasing import Erased, refuse_reason
from data.exchange import event_to_json
from data.query import parse_query
from data.records import Log
from data.settings import Settings
from tui.commands.command import FAILED, SUCCEEDED
from tui.commands.failures import Misuse
from tui.commands.opening import KEY_VARIABLE, opened_log
from tui.commands.output import say, say_json, tell
from tui.commands.reading import note_reading
from tui.commands.typing import person_can_type, typed_line
from tui.presenters.erasing import lost_words, meaning
from tui.visitor import visitor_here

_YES = "erase"


def erase(event_id: UUID, arguments: Namespace, settings: Settings) -> int:
    """Erase it, and say what is left to be done; the exit status. Raises Misuse, NotErased and what erasing raises."""
    if visitor_here() is not None:
        raise Misuse("Over ssh nothing is erased by a command; the console can.")
    if os.environ.get(KEY_VARIABLE):
        raise Misuse(f"{KEY_VARIABLE} is set, and members alone erase events. Unset it to do this as yourself.")
    if arguments.reason is None:
        raise Misuse("Say why: auditdeck event erase ID --reason TEXT. It stands in the log.")
    refuse_reason(arguments.reason)
    with opened_log(settings, create=settings.may_create_database) as log:
        if not arguments.yes:
            if not person_can_type():
                raise Misuse("Erasing is confirmed on a terminal, and here is none; say --yes instead.")
            event = log.get(event_id)
            note_reading(log, parse_query(f"id:{event_id}"), Log.CHANGES, 1)
            tell(meaning(whole=arguments.whole))
            for line in lost_words(event, whole=arguments.whole):
                tell(f"  {line}")
            if typed_line(f"Type {_YES} to erase it: ") != _YES:
                tell("auditdeck: Nothing was erased.")
                return FAILED
        done = log.erasing.erase(event_id, log.caller(COMMAND_LINE), whole=arguments.whole, reason=arguments.reason)
        unfinished = log.erasing.unfinished()
    if arguments.json:
        say_json(event_to_json(done.event), as_stored=True)
    else:
        say(_said(done))
    if unfinished.bytes_since is not None:
        tell("The bytes leave the file once open readers have left.")
    if unfinished.names:
        tell("Names that no other event has leave the database with the keeper's next round.")
    return SUCCEEDED


def _said(done: Erased) -> str:
    what = "All of event" if done.whole else "The personal part of event"
    was = "had been erased already" if done.was_already else "was erased"
    return f"{what} {done.event.id} {was}; event {done.told_by} tells of it."

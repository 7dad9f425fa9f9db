"""Starting the console: what it needs from settings, nothing heavy before the first paint."""

import gc
import os
import sys
from typing import TYPE_CHECKING

from data.query import EventQuery, parse_query
from data.settings import Settings, state_folder
from data.tokens import without_secrets
from tui.database_name import short_name, typed_address
from tui.personal_state import StateFile, state_path_of
from tui.typed_text import TypedText
from tui.visitor import identity_here, visitor_here

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.records import Event, Json
    from data.services.audit_log import AuditLog
    from tui.app import AuditdeckApp

# Collection pauses were most of the slowest key presses; see the measurements in CONTRIBUTING.md.
_GC_THRESHOLDS = (50_000, 20, 100)
# What was read last is still recorded, but a database that does not answer must not keep anybody from leaving.
_LAST_WAIT_S = 2.0


def run_console(settings: Settings, *, query: str | None = None) -> int:
    """Show the console until the person quits; the exit status.

    Raises QueryError for a query that does not parse, and whatever ends the console by itself.
    """
    from tui.app import AuditdeckApp
    from tui.reading_recorder import STANDS_S

    visitor = visitor_here()
    state_file = StateFile(
        settings.state_file if visitor is None else state_path_of(visitor.member_id, settings.state_file)
    )
    state = state_file.read()
    app = AuditdeckApp(
        lambda: _open_log(settings),
        EventQuery() if query is None else parse_query(without_secrets(query)),
        database=short_name(settings.database),
        # Where the database is, is no visitor's business, and no command line of theirs could use it.
        address=None if visitor is not None else typed_address(settings.database),
        zone=settings.zone,
        as_json=_as_json,
        theme=settings.theme.value,
        keys=settings.keys,
        last_query=state.last_query(settings.database),
        last_requests=state.last_requests(settings.database),
        is_first=not state.has_started,
        terminal=os.environ.get("TERM"),
        reading_pace_s=STANDS_S,
        settings=settings.in_force(typed_address(settings.database) or short_name(settings.database)),
    )
    app.suit_terminal(os.environ)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    _fit_driver(app.driver_class.__module__)
    is_left = False
    try:
        app.run(mouse=settings.mouse)
        is_left = app.fault is None
    finally:  # however it ends: a connection that breaks is when one wants one's query back
        state_file.note_end(settings.database, app.query_being_read, app.requests_being_read)
        app.recording.wait(_LAST_WAIT_S)
        _leave(app, is_left=is_left)
    if app.fault is not None:
        raise app.fault
    if app.turned_away is not None:
        raise app.turned_away
    return app.return_code or 0


def _leave(app: "AuditdeckApp", *, is_left: bool) -> None:
    """Sign out, or say that the terminal was lost; one who was turned away is out already."""
    if app.turned_away is not None:
        return
    # Imported where it is there already: the console signed in before it asked anything.
    from data.access.model import SessionEnd

    if is_left:
        app.presence.leave(SessionEnd.SIGNED_OUT)
    else:
        app.presence.leave(SessionEnd.LOST, "Its terminal went away, or the program was told to end.")


def _fit_driver(module: str) -> None:
    """Have Textual's driver read what is typed and pasted as `TypedText` does, and outlive the terminal no more than we do."""
    from tui.lost_terminal import LastingWriter

    for name, ours in (("getincrementaldecoder", lambda _encoding: TypedText), ("WriterThread", LastingWriter)):
        if hasattr(sys.modules[module], name):
            setattr(sys.modules[module], name, ours)


def _open_log(settings: Settings) -> "AuditLog":
    # Imported in the thread that asks the first question: SQLAlchemy would double the time to the first paint.
    from data.mail.mailer import mailer_of
    from data.services.audit_log import AuditLog

    return AuditLog(
        settings.database,
        settings.zone,
        create=settings.may_create_database,
        mailer=mailer_of(settings.mail_server),
        join_command=settings.join_command,
        identity=identity_here(),
        state_folder=state_folder(),
        sealing=settings.sealing_places,
        as_owner=settings.as_owner,
    )


def _as_json(event: "Event") -> "Mapping[str, Json]":
    from data.exchange.event_json import event_to_json

    return event_to_json(event)

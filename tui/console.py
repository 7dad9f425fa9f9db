"""Starting the console: what it needs from settings, nothing heavy before the first paint."""

import gc
import os
import sys
from typing import TYPE_CHECKING

from data.places_of_settings import FramesName, state_folder
from data.query import EventQuery, parse_query
from data.settings_glance import GlancedSettings
from data.tokens import without_secrets
from tui.database_name import short_name, typed_address
from tui.first_answer import FirstAnswer, begin_first_answer
from tui.numbered_screens import FIRST
from tui.personal_state import StateFile, state_path_of
from tui.typed_text import TypedText
from tui.visitor import Visitor, identity_here, visitor_here

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.driver import Driver

    from data.records import Event, Json
    from data.services.audit_log import AuditLog
    from data.setting_in_force import SettingInForce
    from data.settings import Settings
    from tui.app import AuditdeckApp
    from tui.first_frame import FirstFrame

# Collection pauses were most of the slowest key presses; see the measurements in CONTRIBUTING.md.
_GC_THRESHOLDS = (50_000, 20, 100)
# What was read last is still recorded, but a database that does not answer must not keep anybody from leaving.
_LAST_WAIT_S = 2.0


def run_console(settings: "Settings | GlancedSettings", *, query: str | None = None) -> int:
    """Show the console until the person quits; the exit status.

    Raises QueryError for a query that does not parse, and whatever ends the console by itself.
    """
    gc.disable()  # until all is imported: nothing of that is garbage, and looking for it takes a tenth of the time
    visitor = visitor_here()
    asked = EventQuery() if query is None else parse_query(without_secrets(query))
    first_answer = (
        FirstAnswer(asked) if visitor is not None else begin_first_answer(settings.database, settings.zone, asked)
    )
    try:
        from tui.first_frame import FirstFrame
        from tui.presenters.title_row import Title

        title = Title(short_name(settings.database), str(settings.zone), FIRST.id)
        with FirstFrame(settings.theme, title, os.environ) as first_frame:
            return _run(settings, asked, visitor, first_answer, first_frame)
    finally:
        first_answer.close()
        gc.enable()


def _run(
    settings: "Settings | GlancedSettings",
    query: EventQuery,
    visitor: Visitor | None,
    first_answer: FirstAnswer,
    first_frame: "FirstFrame",
) -> int:
    from tui.app import AuditdeckApp
    from tui.reading_recorder import STANDS_S

    state_file = StateFile(
        settings.state_file if visitor is None else state_path_of(visitor.member_id, settings.state_file)
    )
    state = state_file.read()
    app = AuditdeckApp(
        lambda: _open_log(settings, first_answer),
        query,
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
        settings=lambda: _in_force(settings),
        first_answer=first_answer,
    )
    app.suit_terminal(os.environ)
    if settings.frames is FramesName.AUTO:
        app.draw_frames(os.environ)
    _fit_driver(app.driver_class.__module__)
    app.driver_class = first_frame.handing_over_to(_with_job_control(app.driver_class))
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
    # Nothing before the first paint needs it, and whoever signed in has it already: this process asks nothing before that.
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


def _with_job_control(driver: "type[Driver]") -> "type[Driver]":
    """The driver for terminals as a shell can stop and continue it; any other one as it is."""
    if driver.__name__ != "LinuxDriver":
        return driver
    from tui.job_control import JobControlled

    return JobControlled


def _open_log(settings: "Settings | GlancedSettings", first_answer: FirstAnswer) -> "AuditLog":
    # Imported in the thread that asks the first question: SQLAlchemy would double the time to the first paint. While
    # another process answers that, the first events would wait for this.
    first_answer.wait_until_shown()
    from data.mail.mailer import mailer_of
    from data.services.audit_log import AuditLog

    whole = _whole(settings)
    _tune_collector()
    return AuditLog(
        settings.database,
        settings.zone,
        create=whole.may_create_database,
        mailer=mailer_of(whole.mail_server),
        join_command=whole.join_command,
        identity=identity_here(),
        state_folder=state_folder(),
        sealing=whole.sealing_places,
        as_owner=whole.as_owner,
    )


def _whole(settings: "Settings | GlancedSettings") -> "Settings":
    """All of the settings. Raises SettingsError, which then ends the console: whatever is wrong is told as ever."""
    return settings.whole() if isinstance(settings, GlancedSettings) else settings


def _in_force(settings: "Settings | GlancedSettings") -> "Sequence[SettingInForce]":
    return _whole(settings).in_force(typed_address(settings.database) or short_name(settings.database))


def _tune_collector() -> None:
    """What is there from the start on is there until the end: the collector need not look at it."""
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    gc.enable()


def _as_json(event: "Event") -> "Mapping[str, Json]":
    from data.exchange.event_json import event_to_json

    return event_to_json(event)

"""The form of an export: what it would be, in which format, where it will lie; and writing it, with how far it is."""

import os
import threading
import time
from collections.abc import Generator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from data.answers import Survey
from data.errors import AuditdeckError, Cancelled
from data.exchange.outgoing import JSON_LINES, OUTGOING, OutgoingFormat
from data.query import EventQuery, print_query, window_of
from data.stop import Stop
from tui.clipboard import Between, between, refusal
from tui.export_file import place_problem
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import window_text
from tui.presenters.copies import export_line
from tui.presenters.export import ExportShown, FormatShown, export_groups
from tui.presenters.pieces import Role
from tui.screens.export.writing import Written, write_export
from tui.typed_ahead import TypedAhead
from tui.visitor import visitor_here, way_here
from tui.widgets.export_form import NOTE_ROWS, ExportPane, ExportProgress, PlaceBox, PlaceLabel, PlaceNote
from tui.widgets.form_frame import FormTitle
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_pane import PaneItem
from tui.widgets.safe_input import SafeInput
from tui.workplace import Workplace

_SURVEY, _WRITE, _BREAK_OFF = "survey of an export", "write export", "break off export"
_MOST_PATH_CHARACTERS = 4_096
_FORMATS = tuple(FormatShown(form.tag, form.name, form.about) for form in OUTGOING.values())
_OTHER_ROWS = 5 + NOTE_ROWS
"""Title, box and the blank row above it, progress and keys."""
_NOT_WHILE_WRITING = ("export.write", "export.copy", "place.write", "move.down", "log.next_pane")
# So long whoever quits waits for what was half written to be taken away.
_LAST_WAIT_S = 2.0
_BREAK_PAUSE_S = 0.05


class ExportScreen(PaintedScreen[str | None]):
    """Dismissed with what was done, a sentence, or with nothing."""

    AUTO_FOCUS = "ExportPane"
    CSS_PATH = "../../styles/export.tcss"
    BINDINGS = bindings(
        Scope.EVERYWHERE,
        ids=("app.help", "log.next_pane", "log.cancel", "log.back", "log.leave"),
    )

    def __init__(self, workplace: Workplace, query: EventQuery) -> None:
        super().__init__()
        self._log = workplace.log
        self._zone: ZoneInfo = workplace.zone
        self._address = workplace.address
        self._query = query
        now = workplace.clock()
        # Whoever came over ssh has no file here, and names none.
        self._is_here = visitor_here() is None
        self._dates = window_text(window_of(query, now, self._zone), self._zone)
        self._stem = f"auditdeck-{now.astimezone(self._zone):%Y-%m-%d-%H%M}"
        self._chosen = JSON_LINES
        self._survey: Survey | None = None
        self._trouble: str | None = None
        self._jobs = Jobs(self)
        self._stop: Stop | None = None
        self._gone = threading.Event()
        self._title = FormTitle("Export", "what the audit log's query selects, oldest first")
        self._pane = ExportPane(id="export")
        self._box = PlaceBox(
            str(Path.home() / self._file_name) if self._is_here else "",
            compact=True,
            select_on_focus=False,
            max_length=_MOST_PATH_CHARACTERS,
        )
        self._note = PlaceNote()
        self._progress = ExportProgress(id="progress")
        self._keys = KeyBar()
        self._ahead = TypedAhead(self)
        self._is_early = True

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._pane
        if self._is_here:
            with Horizontal(id="place"):
                yield PlaceLabel()
                yield self._box
            yield self._note
            yield self._progress
        yield self._keys

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.EXPORT)
        self._show_keys()
        self._judge()
        self._ahead.begin()
        self.call_after_refresh(self._show_name)
        self._jobs.ask(
            _SURVEY, lambda stop: self._log().exports.survey(self._query, stop), self._surveyed, self._not_surveyed
        )

    def on_unmount(self) -> None:
        self._jobs.close()
        if self._stop is not None:
            self._stop.request()
            self._gone.wait(_LAST_WAIT_S)

    def on_resize(self, event: events.Resize) -> None:
        self._pane.styles.max_height = max(event.size.height - _OTHER_ROWS, 1)
        self._fill()

    @property
    def is_asking(self) -> bool:
        """Whether it is looked what it would be, or written."""
        return self._jobs.is_asking() or self._stop is not None

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    # Keys.

    @on(Input.Submitted)
    def action_write(self) -> None:
        if self._stop is not None:
            self._keys.show_notice(f"It is being written; {key_of('log.back')} calls it off.")
        elif not self._is_here:
            self._keys.show_notice(f"Over ssh nothing is written here; {key_of('export.copy')} copies what to type.")
        elif self._is_early:
            self._keys.show_notice("Not written: the key came before this was in sight.")
        elif self._judge() is not None:
            self.set_focus(self._box)
            self.app.bell()
        else:
            self._write()

    def action_copy_line(self) -> None:
        line = self._line
        why_not = refusal(line, os.environ)
        if why_not is not None:
            self._keys.show_notice(f"{why_not}.")
            return
        self.app.copy_to_clipboard(line)
        way = between(os.environ)
        through = "" if way is Between.NOTHING else f" through {way}"
        self._keys.show_notice(f"Sent to the terminal{through}: {line}", role=Role.TEXT)

    def action_next_pane(self) -> None:
        if self._is_here:
            self.set_focus(self._pane if self._box.has_focus else self._box)

    @on(SafeInput.Abandoned)
    def action_back(self) -> None:
        if not self._call_off():
            self.dismiss(None)

    def action_leave(self) -> None:
        self.action_back()

    def action_cancel(self) -> None:
        if not self._call_off():
            self._keys.show_notice(f"Nothing runs. {key_of('log.back')} leaves.")

    # What the widgets say.

    @on(ExportPane.Chosen)
    def _choose(self, message: ExportPane.Chosen) -> None:
        form = OUTGOING[message.tag]
        if form is self._chosen or self._stop is not None:
            return
        before, self._chosen = self._chosen, form
        if self._box.value.endswith(before.suffix):
            self._box.value = self._box.value.removesuffix(before.suffix) + form.suffix
            self._show_name()
        self._fill()
        self._judge()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._judge()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._keys.show_scope(Scope.PLACE if self._box.has_focus else Scope.EXPORT)

    def on_key(self, event: events.Key) -> None:
        self._is_early = self._ahead.holds(event)
        self._keys.clear_notice()

    # The rest.

    @property
    def _file_name(self) -> str:
        return f"{self._stem}{self._chosen.suffix}"

    @property
    def _line(self) -> str:
        """The command that does the same, here or from home."""
        file = self._box.value.strip() or self._file_name if self._is_here else self._file_name
        tag = None if self._chosen is JSON_LINES else self._chosen.tag
        return export_line(way_here(), print_query(self._query), self._address, self._zone, tag, file)

    def _show_keys(self, *, is_writing: bool = False) -> None:
        """What the keys mean here and now: while it is being written, calling it off is all that there is to do."""
        if is_writing:
            self._keys.show_meaning(_NOT_WHILE_WRITING, dict.fromkeys(("log.back", "place.leave"), "call it off"))
        elif self._is_here:
            self._keys.show_meaning((), {})
        else:
            self._keys.show_meaning(("export.write", "log.next_pane"), {"export.copy": "copy the line"})

    def _show_name(self) -> None:
        """Of a path that has no room, its end is what one has to see."""
        self._box.cursor_position = 0
        self._box.cursor_position = len(self._box.value)

    def _fill(self) -> None:
        shown = ExportShown(
            print_query(self._query),
            self._dates,
            _FORMATS,
            self._chosen.tag,
            self._survey,
            self._trouble,
            None if self._is_here else self._line,
        )
        groups = export_groups(shown, self.size.width, self._zone)
        self._pane.show_items([PaneItem(rows, tag) for rows, tag in groups])

    def _surveyed(self, survey: Survey) -> None:
        self._survey = survey
        self._fill()

    def _not_surveyed(self, error: AuditdeckError) -> None:
        self._trouble = str(error)
        self._fill()

    def _judge(self) -> str | None:
        """Why it cannot lie where it should, said below that; None where it can."""
        if not self._is_here or self._stop is not None:
            return None
        text = self._box.value.strip()
        problem = "Write where to save it." if not text else None
        if problem is None:
            try:
                problem = place_problem(self._place)
            except (RuntimeError, ValueError) as error:  # an unknown user's home
                problem = f"This is no path: {error}."
        if problem is None:
            self._note.say(f"A new file in {self._place.parent}, for you alone to read.", Role.FAINT)
        else:
            self._note.say(problem, Role.FAILURE)
        return problem

    @property
    def _place(self) -> Path:
        return Path(self._box.value.strip()).expanduser().absolute()

    def _write(self) -> None:
        stop, form, place = Stop(), self._chosen, self._place
        self._stop = stop
        self._gone.clear()
        self.show_writing(place, Written(0, 0))
        self._jobs.watch(
            _WRITE, lambda _: self._writing(form, place, stop), partial(self._written, place), self._not_written
        )

    def _writing(self, form: OutgoingFormat, place: Path, stop: Stop) -> Generator[Written, None, None]:
        try:
            yield from write_export(self._log, self._query, form, place, stop)
        finally:
            self._gone.set()

    def show_writing(self, place: Path, written: Written) -> None:
        """How far the writing is."""
        self._show_keys(is_writing=True)
        self._note.say(f"{place.name} is being written; {key_of('log.back')} calls it off.", Role.MUTED)
        total = None if self._survey is None else self._survey.count
        self._progress.show((written.count, written.size), total)

    def _written(self, place: Path, written: Written) -> None:
        if not written.is_all:
            if self._stop is not None and not self._stop.requested:
                self.show_writing(place, written)
            return
        self._end()
        noun = "event" if written.count == 1 else "events"
        later = f" It is recorded later. {written.waits}" if written.waits else ""
        left = f" {written.left_out:,} not sealed yet: left out." if written.left_out else ""
        self.dismiss(f"{written.count:,} {noun} exported to {place}.{left}{later}")

    def _not_written(self, error: AuditdeckError) -> None:
        self._end()
        self._progress.show(None)
        if isinstance(error, Cancelled):
            self._note.say("Called off; nothing is left of it.", Role.DENIED)
        else:
            self._note.say(str(error), Role.FAILURE)
            self.app.bell()

    def _end(self) -> None:
        self._stop = None
        self._show_keys()
        self._jobs.drop(_WRITE)

    def _call_off(self) -> bool:
        """Call off what is being written; whether anything is."""
        stop = self._stop
        if stop is None:
            return False
        stop.request()
        self._note.say("Being called off ...", Role.MUTED)
        self._jobs.ask(_BREAK_OFF, lambda _: _break_off(stop, self._gone), lambda _: None, lambda _: None)
        return True


def _break_off(stop: Stop, gone: threading.Event) -> None:
    """Break off one statement after the other, until all is over: a long search notices nothing else."""
    while not gone.is_set():
        stop.interrupt()
        time.sleep(_BREAK_PAUSE_S)

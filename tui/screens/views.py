"""The views: one's own, those that others share and those that ship, to be taken up, renamed, shared or deleted."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from data.answers import ViewCounts
from data.errors import AuditdeckError
from data.views import View, ViewChanged, ViewList
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import Choice
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.views import list_rows, narrowed
from tui.reading.questions import LogOpener
from tui.reading.views import ViewReading
from tui.view_saving import problem_of
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.prompts import Prompts
from tui.widgets.row_pane import PaneItem, RowPane
from tui.widgets.safe_input import SafeInput

T = TypeVar("T")

_LIST, _COUNT, _CHANGE = "views", "view counts", "change view"


class _ViewsTitle(OneRow):
    background_role = "header"
    person = ""

    def show(self, person: str) -> None:
        """Whose views these are."""
        self.person = person
        self.refresh()

    def make_row(self, width: int) -> Row:
        line = Line(width).at(1).add("auditdeck", Role.ACCENT, bold=True).add("  ")
        line.add("Views", Role.TITLE, bold=True, underline=True)
        return line.add("  ").add(self.person, Role.MUTED, until=width - 1).row()


class _ViewsPane(RowPane):
    BINDINGS = bindings(Scope.MOVING, Scope.VIEWS)


class ViewsScreen(PaintedScreen[View | None]):
    """All views that the person sees. Dismissed with the one that was taken, or with none."""

    AUTO_FOCUS = "#views"
    CSS_PATH = "../styles/views.tcss"
    BINDINGS = bindings(
        Scope.EVERYWHERE,
        ids=("app.help", "log.find", "log.refresh", "log.back", "log.leave"),
    )

    def __init__(
        self,
        log: LogOpener,
        *,
        zone: ZoneInfo,
        reading: ViewReading,
    ) -> None:
        """`reading` knows the views that were taken up in this run, and which one is being read."""
        super().__init__()
        self._log = log
        self._zone = zone
        self._reading = reading
        self._jobs = Jobs(self)
        self._views: tuple[View, ...] = ()
        self._counts: dict[UUID, ViewCounts | None] = {}  # None: it could not be counted
        self._typed: dict[UUID, str] = {}  # names that were refused
        self._title = _ViewsTitle()
        self._box = SafeInput(compact=True, select_on_focus=False, max_length=200, placeholder="")
        self._pane = _ViewsPane(id="views")
        self._keys = KeyBar()
        self._prompts = Prompts(self._keys, lambda: self.set_focus(self._pane))
        self._box.display = False

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._box
        yield self._pane
        yield self._prompts

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.VIEWS)
        self._show_words("Looking ...")
        self._look()

    def on_unmount(self) -> None:
        self._jobs.close()

    def on_resize(self) -> None:
        self._show()

    @property
    def is_asking(self) -> bool:
        """Whether any question waits for its answer."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    # Keys.

    def action_take_up(self) -> None:
        view = self._chosen
        if view is None:
            return
        if view.query is None:
            self._keys.show_notice(view.problem or "")
        else:
            self.dismiss(view)

    def action_rename_view(self) -> None:
        view = self._chosen_of_one_s_own()
        if view is not None:
            self._ask_name(view, self._typed.get(view.id, view.name))

    def action_share_view(self) -> None:
        view = self._chosen_of_one_s_own()
        if view is not None:
            words = f"Only you see it now: {view.name}" if view.is_shared else f"Everybody sees it now: {view.name}"
            self._change(lambda: self._log().views.share(view, not view.is_shared), words, self._tell)

    def action_delete_view(self) -> None:
        view = self._chosen_of_one_s_own()
        if view is None:
            return

        def answered(delete: bool) -> None:
            if delete:
                self._change(partial(self._delete, view), f"Deleted: {view.name}", self._tell)

        whom = "for everybody" if view.is_shared else "for good"
        choices = [
            Choice("k", "keep it", "Nothing happens.", False),
            Choice("d", "delete it", f"{view.name} is gone {whom}, and where each reader of it stopped.", True),
        ]
        self._prompts.ask("Delete it?", choices, answered)

    def action_find(self) -> None:
        self._box.display = True
        self.set_focus(self._box)

    def action_refresh_log(self) -> None:
        self._look()

    def action_back(self) -> None:
        if self._box.display:
            self._close_box()
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        self.action_back()

    # What the widgets say.

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._show()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.set_focus(self._pane)

    def on_safe_input_abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        self._close_box()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        self._keys.show_scope(self._prompts.scope or (Scope.TEXT if self._box.has_focus else Scope.VIEWS))

    def on_key(self) -> None:
        self._keys.clear_notice()

    # The rest.

    @property
    def _chosen(self) -> View | None:
        """The view under the cursor."""
        return next((view for view in self._views if view.id == self._pane.current_key), None)

    def _chosen_of_one_s_own(self) -> View | None:
        """The view under the cursor if the person may change it; else it is said why not."""
        view = self._chosen
        if view is None or view.is_own:
            return view
        self._keys.show_notice(
            "This view comes with auditdeck and stays as it is."
            if view.owner is None
            else f"Only {view.owner} can change this view."
        )
        return None

    def _look(self) -> None:
        def failed(error: AuditdeckError) -> None:
            if self._views:
                self._tell(error)
            else:
                self._show_words("The views could not be read", str(error), f"{key_of('log.refresh')} tries again.")

        self._jobs.ask(_LIST, lambda _: self._log().views.all(), self._show_list, failed)

    def _show_list(self, found: ViewList) -> None:
        self._title.show(found.person)
        is_first, self._views = not self._views, found.views
        self._reading.update(found.views)
        self._show()
        if is_first and self._reading.current is not None:
            self._pane.move_to_key(self._reading.current.id)
        self._counts = {}
        self._count_next()

    def _count_next(self) -> None:
        """Count one view after another: together they would take every connection there is."""
        view = next((one for one in self._views if one.query is not None and one.id not in self._counts), None)
        if view is None:
            return
        marked = replace(view, mark=self._reading.marks.get(view.id, view.mark))

        def counted(counts: ViewCounts | None) -> None:
            self._counts[view.id] = counts
            self._show()
            self._count_next()

        def failed(error: AuditdeckError) -> None:
            if None not in self._counts.values():  # once: there may be a notice that matters more
                self._tell(error)
            counted(None)

        self._jobs.ask(_COUNT, lambda stop: self._log().views.counts(marked, stop), counted, failed)

    def _ask_name(self, view: View, text: str) -> None:
        def named(name: str) -> None:
            def failed(error: AuditdeckError) -> None:
                if isinstance(error, ViewChanged):
                    self._tell(error)
                else:  # asked again at the next key for it: what is typed when the answer comes is meant for something else
                    self._typed[view.id] = name
                    self._keys.show_notice(f"Not renamed; {key_of('views.rename')} goes on with the name. {error}")

            self._typed.pop(view.id, None)

            self._change(lambda: self._log().views.rename(view, name), f"Renamed to {name.strip()}", failed)

        self._prompts.ask_text("Rename to", text, named, problem_of)

    def _delete(self, view: View) -> None:
        self._log().views.delete(view)

    def _change(self, change: Callable[[], T], done: str, failed: Callable[[AuditdeckError], None]) -> None:
        """Change a view in a job; then look at all of them again if it is done, or if others changed the view."""

        def changed(_: T) -> None:
            self._keys.show_notice(done)
            self._look()

        def not_changed(error: AuditdeckError) -> None:
            failed(error)
            if isinstance(error, ViewChanged):
                self._look()

        self._jobs.ask(_CHANGE, lambda _: change(), changed, not_changed)

    def _tell(self, error: AuditdeckError) -> None:
        self._keys.show_notice(str(error))

    def _close_box(self) -> None:
        self._box.value = ""
        self._box.display = False
        self.set_focus(self._pane)
        self._show()

    def _show(self) -> None:
        width = self._pane.size.width
        if not self._views or not width:
            return
        shown = narrowed(self._views, self._box.value)
        if not shown:
            self._show_words("No view has this in its name or its query")
            return
        rows = list_rows(shown, self._counts, self._reading.marks, width, self._zone)
        self._pane.show_items([PaneItem(lines, key) for lines, key in rows])

    def _show_words(self, headline: str, *lines: str) -> None:
        width = self._pane.size.width or self.app.size.width
        rows = [Line(width).at(2).add(headline, Role.TITLE, bold=True).row()]
        rows += [Line(width).at(2).add(line, Role.MUTED).row() for line in lines]
        self._pane.show_items([PaneItem(((), *rows))])

"""Why an integration stopped working: the answer on top, and the line of time that it was read from."""

from dataclasses import dataclass
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult

from data.errors import QueryError
from data.query import Clause, parse_query, print_clause
from data.query.model import EVERYTHING, LAST_30_DAYS, TIME_KEYS
from data.records import Reference
from data.why.model import ChangeLine, RunLine, Story
from data.why.queries import of_client, of_run
from tui.keymap import Scope, bindings
from tui.presenters.choices import date_choices
from tui.presenters.pieces import Role
from tui.presenters.why import key_of_line, why_rows
from tui.reading.history import Place
from tui.scopes import WHY_NEEDS
from tui.telling import TELLING_IDS, TellingScreen
from tui.why_asking import WhyAsking
from tui.widgets.prompts import Prompts
from tui.widgets.row_pane import PaneItem, RowPane
from tui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class WhyPlace:
    """Whose story is told over which times, and what is said above it."""

    subject: Reference
    times: tuple[Clause, ...] = (LAST_30_DAYS,)
    remark: str | None = None


class _WhyPane(RowPane):
    BINDINGS = bindings(Scope.MOVING, Scope.WHY)


class WhyScreen(TellingScreen):
    """One client's story."""

    AUTO_FOCUS = "#why"
    CSS_PATH = Path(__file__).parents[2] / "styles" / "why.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=TELLING_IDS | {"log.why_by_pasting"})

    def __init__(self, workplace: Workplace, place: WhyPlace) -> None:
        super().__init__(workplace, _WhyPane(id="why"))
        self.place = place
        """Whose story is shown, or on its way."""
        self._story: Story | None = None
        self._prompts = Prompts(self._keys, lambda: self.set_focus(self._pane))
        self._asking = WhyAsking(self._jobs, workplace.log, self._prompts, workplace.navigation, self._keys.show_notice)

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self._banner
        yield self._pane
        yield self._prompts

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.WHY)
        self.tell(self.place)

    def tell(self, place: WhyPlace) -> None:
        """Tell this story, from its beginning."""
        self.place = place
        self._story = None
        self._begin(place.subject.label)

    # Keys.

    def action_follow_line(self) -> None:
        """To the change among the others of its client, or to the requests of the run."""
        story, key = self._story, self._pane.current_key
        if story is None:
            return
        line = next((one for one in story.lines if key_of_line(one) == key), None)
        if isinstance(line, ChangeLine):
            self._workplace.navigation.open_log(of_client(story.subject), Place(line.event.id, None, None))
        elif isinstance(line, RunLine):
            self._workplace.navigation.open_requests(of_run(story.subject, line.run, self._workplace.zone))

    def action_log_of(self) -> None:
        self._workplace.navigation.open_log(of_client(self.place.subject, EVERYTHING))

    def action_requests_of(self) -> None:
        self._workplace.navigation.open_requests(of_client(self.place.subject, *self.place.times))

    def action_dates(self) -> None:
        choices = date_choices(self._workplace.clock(), self._workplace.zone)
        self._prompts.ask("Dates", choices, self._take_dates)

    def action_why_by_pasting(self) -> None:
        self._asking.begin()

    # What the widgets say.

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        self._keys.show_scope(self._prompts.scope or Scope.WHY)

    # The rest.

    def _take_dates(self, clause: Clause | None) -> None:
        if clause is None:
            self._prompts.ask_text("Dates", "", self._take_typed_dates, _problem_of_dates)
        else:
            self._over((clause,))

    def _take_typed_dates(self, text: str) -> None:
        self._over(parse_query(f"during:{text.strip()}").of(*TIME_KEYS))

    def _over(self, times: tuple[Clause, ...]) -> None:
        self.tell(WhyPlace(self.place.subject, times, self.place.remark))

    @property
    def _has_told(self) -> bool:
        return self._story is not None

    def _ask(self, *, to_start: bool) -> None:
        place, log = self.place, self._workplace.log.needing(*WHY_NEEDS)

        def told(story: Story) -> None:
            self._story = story
            self.title_bar.show_state(f"as of {story.now.astimezone(self._workplace.zone):%H:%M}", Role.AFTER)
            self.title_bar.show_view(f"Why: {story.subject.label}")

        self._put(lambda stop: log().why.story(place.subject, place.times, stop=stop), told, to_start=to_start)

    def _show(self, *, to_start: bool) -> None:
        width = self._pane.size.width
        if self._story is None or not width:
            return
        dates = " ".join(map(print_clause, self.place.times))
        rows = why_rows(self._story, dates, self.place.remark, width, self._workplace.zone)
        self._pane.show_items([PaneItem(lines, key) for lines, key in rows], to_start=to_start)


def _problem_of_dates(text: str) -> str | None:
    """What to say of dates while they are typed; of an empty box nothing, though it cannot be taken."""
    words = text.strip()
    if not words:
        return ""
    try:
        clauses = parse_query(f"during:{words}").clauses
    except QueryError as error:
        return error.problem
    return None if len(clauses) == 1 else "Write one stretch of time, such as 2026-11."

"""The filter sidebar: tabs, dates, other conditions, and the values of each dimension with exact counts."""

from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.layout import Layout
from textual.message import Message
from textual.widgets import Input

from data.answers import Dimension
from data.query import Clause, Key
from data.query.editing import Choice
from data.query.pausing import Filtering
from tui.keymap import Scope, bindings
from tui.presenters.sidebar import sidebar_rows
from tui.presenters.sidebar_choices import chosen, paused, taken, why_not_paused
from tui.presenters.sidebar_plan import SidebarPlan
from tui.presenters.sidebar_state import (
    ArchiveKey,
    BoxKey,
    DatesKey,
    MoreKey,
    SidebarRow,
    SidebarState,
    TabsKey,
    ValueKey,
    first_found,
    key_to_stand_on,
)
from tui.reading.narrowing import Narrowing
from tui.widgets.narrow_box import BoxLayout, NarrowBox
from tui.widgets.row_pane import PaneItem, RowPane
from tui.widgets.safe_input import SafeInput


class FilterSidebar(RowPane):
    """Shows a `SidebarState`; says what the person at the keys chose, and changes nothing by itself."""

    BINDINGS = bindings(Scope.MOVING, Scope.SIDEBAR)
    background_role = "panel"

    class Changed(Message):
        """Another query was chosen, or something else is paused; `done` if the person wants back to the deck with it."""

        def __init__(self, filtering: Filtering, *, done: bool) -> None:
            super().__init__()
            self.filtering = filtering
            self.done = done

    class Narrowed(Message):
        """A text is looked for in a dimension; in none any more, with None."""

        def __init__(self, dimension: Dimension | None, text: str) -> None:
            super().__init__()
            self.dimension = dimension
            self.text = text

    class Told(Message):
        """Something is to be said to the person: a name that is cut in its row, or why a key did nothing.

        None: there is no such name under the cursor any more.
        """

        def __init__(self, text: str | None, *, is_name: bool = False) -> None:
            super().__init__()
            self.text = text
            self.is_name = is_name

    class Left(Message):
        """The person is done with the filters."""

    def __init__(self, plan: SidebarPlan, *, id: str | None = None) -> None:
        """`plan` says which filters it has."""
        super().__init__(id=id)
        self._plan = plan
        self._state: SidebarState | None = None
        self._rows: list[SidebarRow] = []
        self._box = NarrowBox()
        self._box.display = False
        self._layout_of_box = BoxLayout(lambda: self.box_row)
        self._is_taking = False
        self._told: str | None = None
        self._box_row_before: int | None = None

    @property
    def layout(self) -> Layout:
        return self._layout_of_box

    def compose(self) -> ComposeResult:
        yield self._box

    @property
    def scope(self) -> Scope:
        """What the keys mean while this has the focus."""
        return Scope.NARROW if self._box.has_focus else Scope.SIDEBAR

    @property
    def stands_on(self) -> Clause | None:
        """A clause that names the value under the cursor; None where there is none, or the focus is elsewhere."""
        match self.current_key:
            case ValueKey(dimension, value) if self.has_focus:
                return Clause(Key(dimension), (value,))
        return None

    @property
    def box_row(self) -> int | None:
        """The row of the sidebar in which the box stands, counted from its top."""
        for index, row in enumerate(self._rows):
            if isinstance(row.key, BoxKey):
                return self._first_line(index) - self._top
        return None

    @property
    def shows_cursor(self) -> bool:
        return self.has_focus or self._box.has_focus

    def show(self, state: SidebarState) -> None:
        """Show another state; the cursor stays on its row, and the box where the person has it."""
        narrowing = self._up_to_date(state.narrowing)
        self._state = replace(state, narrowing=narrowing)
        self._fill()
        if narrowing is not None and self._box.has_focus:
            self._stand_on_first(narrowing.dimension)
            self._take_when_found(narrowing)
        else:
            self._is_taking = False

    def close_box(self) -> None:
        """Look for nothing any more."""
        if self._state is not None and self._state.narrowing is not None:
            self._leave_narrowing(self._state.narrowing.dimension)

    def take_focus(self) -> None:
        """Give the focus to the rows."""
        self.screen.set_focus(self)

    def on_resize(self) -> None:
        self._fill()

    def on_blur(self) -> None:
        if not self._box.has_focus:
            self.scroll_home_rows()
            self._tell_name()

    def on_click(self, event: events.Click) -> None:
        """A click on a row is the space bar on it; on a tab, that tab."""
        if event.widget is not self:
            return
        super().on_click(event)
        line = self._top + event.y
        key = self._items[self._lines[line][0]].key if 0 <= line < len(self._lines) else None
        if self._state is None or key is None:
            return
        if isinstance(key, TabsKey):
            tab = self._plan.tab_at(event.x)
            if tab is not None:
                query = self._plan.on_tab(self._state.filtering.query, tab)
                self.post_message(self.Changed(replace(self._state.filtering, query=query), done=False))
        else:
            self.call_later(self.action_choose, "only")

    async def action_choose(self, choice: str) -> None:
        if self._state is not None:
            await self._change_or_act(chosen(self._state.filtering, self.current_key, Choice(choice)), done=False)

    async def action_take(self) -> None:
        if self._state is not None:
            await self._change_or_act(taken(self._state.filtering, self.current_key), done=True)

    def action_pause(self) -> None:
        if self._state is None:
            return
        filtering = paused(self._state.filtering, self.current_key)
        if filtering != self._state.filtering:
            self.post_message(self.Changed(filtering, done=False))
        else:
            self.post_message(self.Told(why_not_paused(self.current_key)))

    async def action_narrow(self) -> None:
        match self.current_key:
            case ValueKey(dimension, _) | MoreKey(dimension):
                self._open_box(dimension)
            case _:
                await self.run_action("screen.find")

    def action_move(self, by: int) -> None:
        if by < 0 and self._is_first_found():
            self.screen.set_focus(self._box)
        else:
            super().action_move(by)

    def action_done(self) -> None:
        if self._state is not None and self._state.narrowing is not None:
            self.close_box()
        else:
            self.post_message(self.Left())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A letter that is underlined nowhere is no key here."""
        (letter,) = parameters if action == "jump" else ("d",)
        return letter == "d" or self._plan.jump_target(str(letter)) is not None

    def action_jump(self, letter: str) -> None:
        """Put the cursor below the heading whose underlined letter this is."""
        if letter == "d":
            self.move_to_key(DatesKey())
            return
        dimension = self._plan.jump_target(letter)
        for item in self._items:
            if isinstance(item.key, ValueKey | MoreKey) and item.key.dimension is dimension:
                self.move_to_key(item.key)
                return

    # What the box says.

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._is_taking = False
        narrowing = None if self._state is None else self._state.narrowing
        if self._box.display and narrowing is not None and message.value != narrowing.text:
            self.post_message(self.Narrowed(narrowing.dimension, message.value))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        narrowing = None if self._state is None else self._state.narrowing
        if narrowing is None:
            return
        self._is_taking = True
        if narrowing.is_given_up:
            self.post_message(self.Narrowed(narrowing.dimension, message.value))
        else:
            self._take_when_found(narrowing)

    def on_safe_input_abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        self.close_box()

    def on_narrow_box_left(self, message: NarrowBox.Left) -> None:
        message.stop()
        if not self._is_first_found():
            self.app.bell()  # there is nothing below that was found
            return
        self._is_taking = False
        self.take_focus()
        super().action_move(1)

    # The rest.

    async def _change_or_act(self, filtering: Filtering | None, *, done: bool) -> None:
        match self.current_key:
            case _ if filtering is not None:
                self.post_message(self.Changed(filtering, done=done))
            case MoreKey(dimension) | BoxKey(dimension):
                self._open_box(dimension)
            case DatesKey():
                await self.run_action("screen.dates")
            case ArchiveKey():
                await self.run_action("screen.archive")
            case TabsKey():
                await self.run_action("screen.tab(1)")

    def _open_box(self, dimension: Dimension) -> None:
        """At once, and not when the answer comes: what is typed next is for the box."""
        if self._state is None:
            return
        self._is_taking = False
        if self._state.narrowing is None or self._state.narrowing.dimension is not dimension:
            self._box.value = ""
            self._state = replace(self._state, narrowing=Narrowing(dimension))
            self.post_message(self.Narrowed(dimension, ""))
        self._box.display = True
        self.screen.set_focus(self._box)
        self._fill()
        self._stand_on_first(dimension)

    def _up_to_date(self, narrowing: Narrowing | None) -> Narrowing | None:
        """Whether anything is looked for is this widget's own to say: a state may be from before that was heard."""
        mine = None if self._state is None else self._state.narrowing
        if mine is None or narrowing is None or narrowing.dimension is not mine.dimension:
            return mine
        return narrowing

    def _leave_narrowing(self, dimension: Dimension) -> None:
        if self._state is None:
            return
        self._state = replace(self._state, narrowing=None)
        self._is_taking = False
        if self._box.has_focus:
            self.take_focus()
        self._box.display = False
        self._fill()
        if not self.move_to_key(MoreKey(dimension)):
            self._stand_on_first(dimension)
        self.post_message(self.Narrowed(None, ""))

    def _take_when_found(self, narrowing: Narrowing) -> None:
        """If `enter` was pressed: now, if this is what the box asks for; else when it comes, unless it never will."""
        if not self._is_taking or narrowing.is_pending or narrowing.text != self._box.value:
            return  # the value that is meant is on its way
        self._is_taking = False
        if not narrowing.is_given_up:
            self._take_found()

    def _take_found(self) -> None:
        """Only the value under the cursor, and back to the deck; nothing where none was found."""
        narrowing = None if self._state is None else self._state.narrowing
        match self.current_key:
            case ValueKey(dimension, _) if narrowing is not None and narrowing.dimension is dimension:
                self.call_later(self.action_take)
            case _:
                self.app.bell()

    def _stand_on_first(self, dimension: Dimension) -> None:
        """Put the cursor on the dimension's first value; it is the one that `enter` in the box takes. Without any, on the box."""
        self.move_to_key(first_found(self._rows, dimension) or BoxKey(dimension))

    def _is_first_found(self) -> bool:
        if self._state is None or self._state.narrowing is None:
            return False
        found = first_found(self._rows, self._state.narrowing.dimension)
        return found is not None and found == self.current_key

    def _fill(self) -> None:
        if self._state is None or not self.size.width:
            return
        key = self.current_key
        kept = key if isinstance(key, ValueKey) and self.has_focus else None
        self._rows = sidebar_rows(replace(self._state, kept=kept), self._plan, self.size.width)
        self.show_items([PaneItem(row.rows, key_to_stand_on(row, self._rows)) for row in self._rows])

    def _keep_visible(self) -> None:
        super()._keep_visible()
        if self._box.display and self._box.has_focus:
            row = self.box_row
            if row is not None:  # its heading first, however few values are left: the box stays while one types
                self._top += row - 1
        if self.box_row != self._box_row_before:
            self._box_row_before = self.box_row
            self._box.refresh(layout=True)  # a child's request is what clears this widget's own arrangement
        self._tell_name()

    def _tell_name(self) -> None:
        """Say the whole of a name under the cursor that is cut."""
        full = None
        if self.shows_cursor and self._cursor < len(self._rows):
            full = self._rows[self._cursor].full
        if full != self._told:
            self._told = full
            self.post_message(self.Told(full, is_name=True))

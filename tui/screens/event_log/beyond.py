"""What is said where an answer of a log ends: that nothing matches, how far a search has come, what is in the archive."""

from zoneinfo import ZoneInfo

from data.clock import Clock
from data.query import EventQuery, print_query
from tui.keymap import key_of
from tui.presenters.archive import archive_texts, toggled_text
from tui.presenters.log_kind import LogKind
from tui.presenters.loosening import loosening_text
from tui.presenters.searching import searching_texts
from tui.reading.log_reading import LogReading
from tui.reading.opening import Loosening
from tui.widgets.reading_pane import ReadingPane
from tui.widgets.search_row import SearchRow


class Beyond:
    """Fills the notice in the cards' place, and the row below them."""

    def __init__(
        self, reading: LogReading, pane: ReadingPane, below: SearchRow, kind: LogKind, zone: ZoneInfo, clock: Clock
    ) -> None:
        """`below` is the row below the cards."""
        self._reading = reading
        self._pane = pane
        self._below = below
        self._kind = kind
        self._zone = zone
        self._clock = clock
        self._live_since_us: int | None = None

    @property
    def live_since_us(self) -> int | None:
        """The moment before which events are archived (µs, UTC), as far as an answer has told it."""
        if self._reading.tally is not None:
            self._live_since_us = self._reading.tally.live_since_us
        return self._live_since_us

    def say_no_match(self) -> None:
        """In place of the cards: that there are none, and as soon as it is known what would bring some."""
        only_times = not self._reading.query.conditions()
        self._pane.say(
            f"No {self._kind.noun.one} matches",
            print_query(self._reading.query),
            "",
            ("" if only_times else f"{key_of('log.clear')} clears all filters, ")
            + f"{key_of('log.dates')} changes the dates{self.or_undo()}.",
        )
        self._reading.loosen(self._name_what_to_loosen)

    def show_below_cards(self) -> None:
        """How far a search has come, or else what is in the archive beyond the last card."""
        texts: tuple[str, ...] = ()
        window, tally = self._pane.window, self._reading.tally
        if window.events:
            texts = searching_texts(self._reading.searching.shown, self._zone)
            if not texts and tally is not None and not window.has_older:
                texts = archive_texts(tally.archived, self._kind.noun)
        self._below.show(*texts)

    def toggled_text(self, query: EventQuery) -> str:
        """What is to be said of a query that has just come to look into the archive, or not to."""
        return toggled_text(query, self.live_since_us, self._clock(), self._zone)

    def or_undo(self) -> str:
        """How a sentence about ways out ends."""
        return f", {key_of('log.undo')} goes back to the query before" if self._reading.has_earlier_step else ""

    def _name_what_to_loosen(self, found: tuple[Loosening, ...]) -> None:
        ways = sorted((way for way in found if way.events), key=lambda way: (not way.instead, -way.events))
        if ways:
            best, *others = (loosening_text(way, self._kind.noun, self._zone) for way in ways)
            followed = f"{best}; {key_of('notice.follow')} goes there."
            self._pane.say_way(ways[0].query, "", followed, *(f"{words}." for words in others))
        elif not self._reading.query.conditions():
            self._pane.say("The log is empty", self._kind.empty)

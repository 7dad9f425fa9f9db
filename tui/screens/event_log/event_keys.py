"""An event log's keys about the event under the cursor: asking for its values, copying it, finding in its card."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import on

from data.query import Clause, EventQuery, Key
from data.query.editing import Way, applied
from data.query.model import EVERYTHING
from tui.keymap import key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import Choice, value_choices
from tui.presenters.clauses import reference_clause
from tui.presenters.copies import Copy, Taking, event_copies, json_copy, query_copies, row_copies, takings
from tui.presenters.log_kind import LogKind
from tui.presenters.subject import access_of, client_of, subject_clause
from tui.presenters.why_subjects import WhySubject, why_choices
from tui.reading.history import Place
from tui.reading.log_reading import LogReading
from tui.screens.event_log.copying import Copying
from tui.visitor import way_here
from tui.widgets.event_detail import EventDetail
from tui.widgets.key_bar import KeyBar
from tui.widgets.prompts import Prompts
from tui.widgets.reading_pane import ReadingPane
from tui.workplace import Workplace

_QUESTIONS = {Way.ONLY: "Only", Way.WITHOUT: "Without", Way.AFRESH: "Afresh with"}


class EventKeys(PaintedScreen[None]):
    """The part of the screen that deals with one event."""

    reading: LogReading
    kind: ClassVar[LogKind]
    _workplace: Workplace
    _zone: ZoneInfo
    _pane: ReadingPane
    _keys: KeyBar
    _prompts: Prompts
    _copying: Copying

    def action_this_value(self, way: str) -> None:
        current = self._pane.current
        if current is not None:
            self._prompts.ask(
                _QUESTIONS[Way(way)],
                value_choices(current, self._zone),
                lambda clause: self._ask_value(clause, Way(way)),
            )

    def action_neighbour(self, by: int) -> None:
        if not self._pane.step(by):
            self._keys.show_notice(f"This is the {'last' if by > 0 else 'first'} {self.kind.noun.one}.")

    def action_log_of(self) -> None:
        """Everything about the client, or else the target, over all time: it is narrow already."""
        current = self._pane.current
        if current is None:
            return
        subject = subject_clause(current)
        if subject is None:
            target = " and no target" if current.target is None else ""
            self._keys.show_notice(f"This {self.kind.noun.one} names no client{target}.")
        else:
            self._workplace.navigation.open_log(EventQuery((subject, EVERYTHING, *self.reading.query.of(Key.IN))))

    def action_requests_of(self) -> None:
        """What its client has called, over all time."""
        current = self._pane.current
        if current is None:
            return
        client = client_of(current)
        if client is None:
            self._keys.show_notice(f"This {self.kind.noun.one} names no client.")
        else:
            self._workplace.navigation.open_requests(
                EventQuery((reference_clause(Key.CLIENT, client), EVERYTHING, *self.reading.query.of(Key.IN)))
            )

    def action_why(self) -> None:
        """Why the calls of its client are refused, or why a member that it names may do it or may not."""
        current = self._pane.current
        if current is None:
            return
        from data.services.access_explaining import permission_of  # for nobody else to wait for

        choices = why_choices(current, permission_of(current.type))
        if len(choices) == 1:
            self._tell_why(choices[0].value)
        elif choices:
            self._prompts.ask("Why", choices, self._tell_why)
        else:
            self._keys.show_notice(f"This {self.kind.noun.one} names no client and no member.")

    def _tell_why(self, subject: WhySubject) -> None:
        if subject.at is None:
            self._workplace.navigation.open_why(subject.reference)
        else:
            self._workplace.navigation.open_member_why(subject.reference, subject.at, subject.permission)

    def action_open_client_of(self) -> None:
        """Go to the API client that it is about, or that it came from; else to the member, group or role."""
        current = self._pane.current
        if current is None:
            return
        client, thing = client_of(current), access_of(current)
        if client is not None and client.id is not None:
            self._workplace.navigation.open_client(client.id)
        elif thing is not None:
            self._workplace.navigation.open_access(thing)
        else:
            self._keys.show_notice(f"This {self.kind.noun.one} names nothing that one could go to.")

    def action_copy(self) -> None:
        self._prompts.ask("Copy", takings(self._copies(), self._copying.offered), self._take_copy)

    def action_copy_json(self) -> None:
        current = self._pane.current
        if current is not None:
            self._take_copy(Taking(json_copy(current, self._workplace.as_json)))

    def action_next_match(self, by: int) -> None:
        detail = self._pane.detail
        if not detail.sought:
            self._keys.show_notice(f"Nothing is looked for here; {key_of('log.find')} finds words in this card.")
        else:
            self._say_match(detail.next_match(by))

    def find_in_card(self) -> None:
        """Ask for words, and go to where they stand in the open card."""
        detail = self._pane.detail
        self._prompts.ask_text(
            "Find in this card",
            detail.sought,
            lambda words: self._say_match(detail.find(words)),
            check=lambda words: "not in this card" if words.strip() and not detail.holds(words) else None,
        )

    @on(EventDetail.Followed)
    def _followed(self, message: EventDetail.Followed) -> None:
        if message.clause is None:
            self._keys.show_notice("This row names no events.")
        else:
            self.reading.ask(EventQuery((message.clause, EVERYTHING, *self.reading.query.of(Key.IN))))
            self._keys.show_notice(f"Over all time; {key_of('log.undo')} goes back.")

    @on(EventDetail.ValueWanted)
    def _row_value_wanted(self, message: EventDetail.ValueWanted) -> None:
        if message.clause is None:
            self._keys.show_notice("A query cannot ask for this row.")
        else:
            self._ask_value(message.clause, message.way)

    def _ask_value(self, clause: Clause, way: Way) -> None:
        """Ask for a value of the card that one is on, and stay on it, or where it was: the next value may be another of it."""
        current = self._pane.current
        place = None if current is None else Place(current.id, None, None)
        self.reading.ask(applied(self.reading.query, clause, way), place)

    def _copies(self) -> list[Choice[Copy]]:
        current, row = self._pane.current, self._pane.row_key
        return [
            *([] if row is None else row_copies(row)),
            *([] if current is None else event_copies(current, self._workplace.as_json, self._zone)),
            *query_copies(self.reading.query, self._workplace.address, self._zone, self.kind.command, way_here()),
        ]

    def _take_copy(self, taking: Taking) -> None:
        said = self._copying.print_out(taking.copy) if taking.is_printed else self._copying.send(taking.copy)
        if said is not None:
            self._keys.show_notice(said)

    def _say_match(self, which: str | None) -> None:
        if which is not None:
            keys = f"{key_of('card.next_match')} {key_of('card.previous_match')}"
            self._keys.show_notice(f"Match {which}; {keys} to the others.")
        elif self._pane.detail.sought.strip():
            self._keys.show_notice("Not in this card.")

"""The requests that API clients made of the services: the same deck, sidebar and query, over the request log."""

from data.query import EventQuery
from tui.presenters.greeting import Greeting
from tui.presenters.log_kind import REQUEST_LOG
from tui.screens.event_log.screen import EventLogScreen
from tui.workplace import Workplace


class RequestsScreen(EventLogScreen):
    """What API clients called, and what became of it."""

    kind = REQUEST_LOG

    def __init__(
        self,
        workplace: Workplace,
        query: EventQuery,
        *,
        offered: EventQuery | None = None,
        greeting: Greeting | None = None,
    ) -> None:
        """`offered` is what redo goes to first; `greeting` stands on the last row until the first key."""
        super().__init__(workplace, lambda: workplace.log().requests, query, offered=offered, greeting=greeting)

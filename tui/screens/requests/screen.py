"""The requests that API clients made of the services: the same deck, sidebar and query, over the request log."""

from data.query import EventQuery
from tui.presenters.log_kind import REQUEST_LOG
from tui.screens.event_log.screen import EventLogScreen
from tui.workplace import Workplace


class RequestsScreen(EventLogScreen):
    """What API clients called, and what became of it."""

    kind = REQUEST_LOG

    def __init__(self, workplace: Workplace, query: EventQuery) -> None:
        super().__init__(workplace, lambda: workplace.log().requests, query)

"""How an answer is opened: from its newest event, or around a place in it."""

from typing import TYPE_CHECKING
from uuid import UUID

from data.answers import Cursor, Direction, Page, Snapshot
from data.query import EventQuery
from data.stop import Stop
from tui.reading.history import Place
from tui.reading.opening import Opening
from tui.reading.search import PAGE, Search

if TYPE_CHECKING:
    from data.services.event_log import EventLog

PATIENCE_S = 0.3
"""So long a search looks into events before it shows what it has found, and how far it has come."""

# What is seen above the place that one comes back to.
_BEFORE_PLACE = 30


class Pages:
    """Pages of one answer, each looked for no longer than patience lasts."""

    def __init__(self, log: "EventLog", query: EventQuery, patience_s: float | None, stop: Stop) -> None:
        self._log = log
        self._query = query
        self._patience_s = patience_s
        self._stop = stop

    def of(self, cursor: Cursor | None, limit: int = PAGE) -> Page:
        return self._log.page(self._query, cursor, limit=limit, patience_s=self._patience_s, stop=self._stop)

    def newest(self, page: Page | None = None, cursor: int = 0) -> Opening:
        """The newest events, which are this page if it is given; standing on one of them."""
        page = page or self.of(None)
        rest = Search(Direction.OLDER).after(page)
        searches = () if rest is None else (rest,)
        return Opening(page.items, page.snapshot, 0, False, page.next is not None, cursor, searches)


def taken_up(pages: Pages, place: Place) -> Opening:
    """A place in what is committed now; the newest events where nothing is as old as the place any more."""
    page = pages.of(None)
    at = next((index for index, event in enumerate(page.items) if event.id <= place.event_id), None)
    if at is not None or page.next is None:
        return pages.newest(page, at or 0)
    opening = around(pages, place, page.snapshot)
    is_there = opening.cursor < len(opening.events)
    may_be_there = any(search.direction is Direction.OLDER for search in opening.searches)
    return opening if is_there or may_be_there else pages.newest(page)


def around(pages: Pages, place: Place, snapshot: Snapshot) -> Opening:
    """Pages on both sides of a place, the event there among the older ones."""
    behind = UUID(int=place.event_id.int + 1)
    older = pages.of(Cursor(snapshot, Direction.OLDER, behind))
    newer = pages.of(Cursor(snapshot, Direction.NEWER, place.event_id), _BEFORE_PLACE)
    events = (*newer.items[::-1], *older.items)
    oldest, newest = (events[-1].id, events[0].id) if events else (None, None)
    rests = (
        Search(Direction.OLDER, oldest).after(older),
        Search(Direction.NEWER, newest, wanted=_BEFORE_PLACE).after(newer),
    )
    offset = None if place.offset is None else max(place.offset - len(newer.items), 0)
    return Opening(
        events,
        snapshot,
        offset,
        newer.next is not None,
        older.next is not None,
        len(newer.items),
        tuple(rest for rest in rests if rest is not None),
    )

"""Tests of tui.reading.search and tui.reading.searching."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from data.answers import Cursor, Direction, Page, Snapshot
from data.records import Event
from tests.unit.tui.made_up_events import an_event
from tui.reading.search import Search
from tui.reading.searching import Searching

SNAPSHOT = Snapshot(1, 1)
OLDER, NEWER = Direction.OLDER, Direction.NEWER


def _id(day: int) -> UUID:
    moment = datetime(2026, 3, day, tzinfo=UTC)
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _event(day: int) -> Event:
    return an_event(id=_id(day))


def _page(direction: Direction, *days: int, reached: int | None) -> Page:
    more = None if reached is None else Cursor(SNAPSHOT, direction, _id(reached))
    return Page(tuple(map(_event, days)), more, SNAPSHOT)


class _World:
    """What is asked for, and the ends of what is shown."""

    def __init__(self) -> None:
        self.asked: list[Search] = []
        self.ends: dict[Direction, UUID | None] = {OLDER: None, NEWER: None}
        self.searching = Searching(self.asked.append, self.ends.__getitem__)

    def find(self, page: Page, direction: Direction) -> None:
        assert self.searching.belongs(direction)
        if page.items:
            self.ends[direction] = page.items[-1].id
            if self.ends[direction.opposite] is None:
                self.ends[direction.opposite] = page.items[0].id
        self.searching.found(page, direction)


def test_a_page_with_all_that_is_wanted_ends_the_search() -> None:
    search = Search(OLDER, wanted=2)
    assert search.after(_page(OLDER, 9, 8, reached=8)) is None
    assert search.after(_page(OLDER, 9, reached=None)) is None, "there is no more"


def test_a_short_page_is_gone_on_from_where_it_was_broken_off() -> None:
    rest = Search(OLDER, wanted=3).after(_page(OLDER, 9, reached=5))
    assert rest == Search(OLDER, _id(9), _id(5), wanted=2, is_long=True)
    assert rest.cursor(SNAPSHOT) == Cursor(SNAPSHOT, OLDER, _id(5))
    assert rest.reached_at == datetime(2026, 3, 5, tzinfo=UTC)
    empty = rest.after(_page(OLDER, reached=2))
    assert empty == Search(OLDER, _id(9), _id(2), wanted=2, is_long=True)


def test_it_goes_on_by_itself_until_as_much_is_found_as_is_wanted() -> None:
    world = _World()
    world.searching.begin([Search(OLDER, wanted=3, reached=_id(28), is_long=True)])
    world.find(_page(OLDER, reached=20), OLDER)
    world.find(_page(OLDER, 17, 16, reached=15), OLDER)
    assert [(one.wanted, one.reached, one.end) for one in world.asked] == [
        (3, _id(28), None),
        (3, _id(20), None),
        (1, _id(15), _id(16)),
    ]
    assert world.searching.is_running
    world.find(_page(OLDER, 12, reached=12), OLDER)
    assert len(world.asked) == 3 and not world.searching.is_running and world.searching.shown == ()


def test_what_goes_on_already_is_not_asked_for_twice() -> None:
    world = _World()
    world.ends[OLDER] = _id(9)
    world.searching.want(_id(9), OLDER)
    world.searching.want(_id(9), OLDER)
    assert [search.reached for search in world.asked] == [_id(9)]
    assert world.searching.shown == (), "it has not taken long yet"


def test_what_was_ended_is_gone_on_with_only_when_it_is_said() -> None:
    world = _World()
    world.searching.begin([Search(OLDER, _id(9), _id(5), is_long=True)])
    world.ends[OLDER] = _id(9)
    world.searching.stop()
    assert not world.searching.is_running
    assert [search.is_stopped for search in world.searching.shown] == [True]
    world.searching.want(_id(9), OLDER)
    assert len(world.asked) == 1, "moving over the cards does not begin it again"
    assert world.searching.go_on() and world.searching.is_running
    assert [search.reached for search in world.asked] == [_id(5), _id(5)]
    assert not world.searching.go_on()


def test_a_page_that_had_only_begun_is_wanted_again_after_it_was_called_off() -> None:
    world = _World()
    world.searching.want(_id(9), OLDER)
    world.searching.stop()
    assert world.searching.shown == ()
    world.searching.want(_id(9), OLDER)
    assert len(world.asked) == 2


@pytest.mark.parametrize("first", Direction)
def test_both_sides_of_a_place_are_looked_for(first: Direction) -> None:
    world = _World()
    day = {OLDER: 10, NEWER: 20}
    world.searching.begin(Search(one, reached=_id(15), is_long=True) for one in Direction)
    for direction in (first, first.opposite):
        world.find(_page(direction, day[direction], reached=day[direction]), direction)
    ends = {search.direction: search.end for search in world.searching.shown}
    assert ends == {OLDER: _id(10), NEWER: _id(20)}


def test_what_does_not_join_what_is_shown_any_more_is_dropped() -> None:
    world = _World()
    world.ends[NEWER] = _id(20)
    world.searching.want(_id(20), NEWER)
    world.ends[NEWER] = _id(18)  # the far end was let go of to make room
    assert not world.searching.belongs(NEWER)
    world.searching.drop(NEWER)
    world.searching.want(_id(18), NEWER)
    assert world.asked[-1].reached == _id(18)


def test_after_a_lost_connection_what_was_not_answered_is_asked_again() -> None:
    world = _World()
    world.searching.begin([Search(OLDER, _id(9), _id(5), is_long=True), Search(NEWER, _id(9), _id(12), is_long=True)])
    world.searching.stop(NEWER)
    world.searching.ask_again(lambda _: True)
    assert len(world.asked) == 2
    world.searching.ask_again(lambda _: False)
    assert [search.direction for search in world.asked] == [OLDER, NEWER, OLDER], "what was ended stays so"


def test_another_question_forgets_them() -> None:
    world = _World()
    world.searching.begin([Search(OLDER, _id(9), _id(5), is_long=True)])
    world.searching.clear()
    assert world.searching.shown == () and not world.searching.go_on()


def test_the_time_that_was_reached_is_that_of_the_id() -> None:
    moment = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)
    search = Search(OLDER, reached=UUID(int=(int(moment.timestamp() * 1000) + 1) << 80))
    assert search.reached_at == moment + timedelta(milliseconds=1)

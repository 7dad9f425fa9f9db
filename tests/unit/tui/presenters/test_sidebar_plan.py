"""Tests of tui.presenters.sidebar_plan: the filters of the request log. Those of the change log are in test_sidebar."""

import pytest

from data.answers import Dimension
from data.query import parse_query, window_of
from data.query.pausing import Filtering
from tests.unit.tui.made_up_events import WHEN, ZONE
from tui.presenters.log_kind import CHANGE_LOG, REQUEST_LOG, LogKind
from tui.presenters.pieces import plain_text
from tui.presenters.sidebar import sidebar_rows
from tui.presenters.sidebar_plan import REQUEST_LOG_PLAN
from tui.presenters.sidebar_state import ClauseKey, SidebarState, TabsKey

WIDTH = 28


def _state(query: str, paused: str = "last:30d") -> SidebarState:
    parsed = parse_query(query)
    filtering = Filtering(parsed, parse_query(paused).without_times())
    return SidebarState(filtering, window_of(parsed, WHEN, ZONE), {}, (), None, ZONE, WHEN)


def _texts(query: str, paused: str = "last:30d") -> list[str]:
    rows = sidebar_rows(_state(query, paused), REQUEST_LOG_PLAN, WIDTH)
    return [plain_text(row).rstrip() for one in rows for row in one.rows]


def test_the_filters_of_requests_are_theirs_in_their_order() -> None:
    headings = [text.strip() for text in _texts("last:30d") if text and text[1].isupper()]
    assert headings[0] == "Filters" and headings[1] == "Dates"
    assert headings[2:] == ["Outcome", "Client", "Service", "Action", "IP address", "Type                  …  ▸"]


def test_requests_have_no_tabs() -> None:
    assert not any(row.key == TabsKey() for row in sidebar_rows(_state("last:30d"), REQUEST_LOG_PLAN, WIDTH))


@pytest.mark.parametrize("clause", ["actor:alice", "-actor:alice", "tab:requests"])
def test_what_has_no_box_of_its_own_is_seen_all_the_same(clause: str) -> None:
    keys = [row.key for row in sidebar_rows(_state(f"{clause} last:30d"), REQUEST_LOG_PLAN, WIDTH)]
    assert sum(isinstance(key, ClauseKey) for key in keys) == 1
    paused = [row.key for row in sidebar_rows(_state("last:30d", clause), REQUEST_LOG_PLAN, WIDTH)]
    assert sum(isinstance(key, ClauseKey) for key in paused) == 1


@pytest.mark.parametrize("kind", [CHANGE_LOG, REQUEST_LOG], ids=["changes", "requests"])
def test_the_letters_that_jump_are_each_other_s_and_none_is_the_dates(kind: LogKind) -> None:
    letters = [heading.key for heading in kind.sidebar.headings]
    assert len({*letters, "d"}) == len(letters) + 1
    assert [kind.sidebar.jump_target(letter) for letter in letters] == [*kind.sidebar.dimensions]
    lost = {f"sidebar.jump_{letter}" for letter in "otacsie" if letter not in letters}
    assert {name for name in kind.lacks if name.startswith("sidebar.jump_")} == lost


def test_an_action_is_what_a_request_was_made_to() -> None:
    assert REQUEST_LOG_PLAN.jump_target("a") is Dimension.TARGET

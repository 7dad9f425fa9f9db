"""Tests of tui.presenters.findings and tui.presenters.request_tabs."""

from datetime import UTC, datetime

import pytest

from data.query import EventQuery
from data.records import Reference
from data.unusual import Finding, UnusualKind
from tests.unit.tui.made_up_events import HOSTILE, ZONE
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.glyphs import glyphs
from tui.presenters.findings import calm_rows, finding_rows, findings_head, said_rows
from tui.presenters.pieces import Role, Row, plain_text
from tui.presenters.request_tabs import RequestTab, beside_unusual
from tui.presenters.tab_row import name_at, tab_row

_NOW = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)
_FINDING = Finding(
    Reference("api_client", "c-1", "Payroll sync"),
    "orders",
    UnusualKind.CALLS,
    "412 calls this hour; usually 38 to 42",
    EventQuery(),
)


def test_a_finding_says_whose_calls_what_kind_and_why() -> None:
    first, second = map(plain_text, finding_rows(_FINDING, 91))
    assert first.startswith(" ! Payroll sync  orders ") and first.endswith(" calls") and len(first) == 90
    assert second == "   412 calls this hour; usually 38 to 42"


@pytest.mark.parametrize("width", [40, 80, 200])
def test_hostile_and_long_texts_fit(width: int) -> None:
    finding = Finding(Reference("api_client", "x", HOSTILE), HOSTILE, UnusualKind.ADDRESS, HOSTILE * 3, EventQuery())
    assert_fit_to_show([*finding_rows(finding, width), *said_rows([HOSTILE, HOSTILE], width)], width)
    assert_fit_to_show([*calm_rows(_NOW, width, ZONE), findings_head(3, _NOW, width, ZONE)], width)


def test_the_head_counts_them_and_says_as_of_when() -> None:
    assert plain_text(findings_head(1, _NOW, 80, ZONE)).startswith(" 1 finding  as of ")
    assert plain_text(findings_head(2, _NOW, 80, ZONE)).startswith(" 2 findings  as of ")


def tabs_row(current: RequestTab, unusual: str, keys: str, width: int) -> Row:
    """The tabs as `RequestTabs` draws them."""
    return tab_row(tuple(RequestTab), current, keys, width, beside_unusual(unusual))


def test_every_tab_is_there_and_the_current_one_stands_out() -> None:
    row = tabs_row(RequestTab.SERVICES, "3", ", .", 91)
    assert plain_text(row).startswith(" Calls  By client  By service  By action  Unusual 3 ")
    assert plain_text(row).endswith(" , . tabs")
    assert [piece.text for piece in row if piece.bold and piece.underline] == ["By service"]
    assert [piece.text for piece in row if piece.role is Role.DENIED] == ["3"]


def test_a_number_that_is_not_known_is_no_warning() -> None:
    for unknown in ("?", glyphs().pending):
        assert all(piece.role is not Role.DENIED for piece in tabs_row(RequestTab.CALLS, unknown, "", 91))


def test_a_narrow_row_leaves_the_keys_out_first() -> None:
    assert plain_text(tabs_row(RequestTab.CALLS, "12", ", .", 55)).endswith("Unusual 12")


def test_each_tab_is_at_its_name_and_none_beside_them() -> None:
    text = plain_text(tabs_row(RequestTab.CALLS, "3", "", 91))

    def tab_at(cell: int) -> str | None:
        return name_at(tuple(RequestTab), cell, beside_unusual("3"))

    for tab in RequestTab:
        assert tab_at(text.index(tab)) == tab_at(text.index(tab) + len(tab) - 1) == tab
    assert tab_at(text.index("3")) == RequestTab.UNUSUAL
    assert tab_at(0) is tab_at(text.index("By client") - 1) is tab_at(80) is None


def test_the_tabs_go_round() -> None:
    assert RequestTab.UNUSUAL.further(1) is RequestTab.CALLS and RequestTab.CALLS.further(-1) is RequestTab.UNUSUAL

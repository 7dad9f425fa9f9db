"""Tests of tui.numbered_screens, and of the first row that names them."""

from dataclasses import replace

import pytest

from tui.app import _MAKERS
from tui.keymap import BY_ID
from tui.numbered_screens import SCREENS
from tui.presenters.pieces import Row, plain_text
from tui.widgets.title_bar import TitleBar

_THREE = tuple(one for one in SCREENS if one.id in ("log", "clients", "requests"))
"""However many there are by now: what the row does with too little room shows as well with these."""


def _bar(screen: str = "log", *, expiring: int = 0, view: str | None = None) -> TitleBar:
    bar = TitleBar("demo", "UTC", screen)
    bar._title = replace(bar._title, expiring=expiring, view=view)
    return bar


def _underlined(row: Row) -> list[str]:
    return [piece.text for piece in row if piece.bold and piece.underline]


@pytest.fixture
def three_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.presenters.title_row.SCREENS", _THREE)


def test_each_has_a_key_and_can_be_made() -> None:
    numbered = [screen for screen in _MAKERS if screen not in ("why", "why_member")]
    assert [one.id for one in SCREENS] == numbered, "those that tell why have no number"
    assert len({one.key for one in SCREENS}) == len(SCREENS)
    assert all(BY_ID[f"app.screen_{one.id}"].default_keys == (one.key,) for one in SCREENS)


@pytest.mark.usefixtures("three_screens")
def test_the_first_row_names_them_and_shows_which_one_is_seen() -> None:
    row = _bar("requests").make_row(120)
    assert plain_text(row).startswith(" auditdeck  1 Audit log  2 Clients  4 Requests  ")
    assert plain_text(row).rstrip().endswith("demo · UTC · connecting")
    assert _underlined(row) == ["Requests"]
    assert _underlined(_bar("log").make_row(120)) == ["Audit log"]


@pytest.mark.usefixtures("three_screens")
def test_clients_that_expire_are_counted_beside_theirs() -> None:
    assert "  2 Clients 3!  4 " in plain_text(_bar(expiring=3).make_row(120))
    assert "!" not in plain_text(_bar().make_row(120))
    assert "  2 3!  4" in plain_text(_bar(expiring=3).make_row(64))


@pytest.mark.usefixtures("three_screens")
@pytest.mark.parametrize(
    ("width", "begin"),
    [
        (80, " auditdeck  1 Audit log  2 Clients  4 Requests  "),
        (64, " auditdeck  1 Audit log  2  4  "),
        (50, " auditdeck  1 Audit log  "),
        (40, " auditdeck  1 Audit log  "),
    ],
)
def test_where_there_is_less_room_the_others_are_numbers_and_then_nothing(width: int, begin: str) -> None:
    text = plain_text(_bar().make_row(width))
    assert text.startswith(begin) and text.rstrip().endswith("connecting")


@pytest.mark.usefixtures("three_screens")
def test_a_view_that_is_read_matters_more_than_the_names_of_other_screens() -> None:
    text = plain_text(_bar(view="Access changes").make_row(80))
    assert text.startswith(" auditdeck  1 Audit log  2  4  Access changes  ")
    assert text.rstrip().endswith("demo · UTC · connecting")

"""What frames show is what Textual's own output shows: every cell of random screens, through an emulated terminal."""

import pytest
from hypothesis import HealthCheck, given, settings
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tests.strategies.screens import Step, steps
from tests.unit.tui.frames.both_terminals import Both
from tui.frames.traits import LEAST, MODERN, SCREEN

_TERMINALS = {"modern": MODERN, "screen": SCREEN, "least": LEAST}
_SYSTEMS = (ColorSystem.STANDARD, ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR)
_RED = Style(color="red")


@pytest.mark.parametrize("colors", _SYSTEMS, ids=lambda colors: colors.name.lower())
@pytest.mark.parametrize("terminal", _TERMINALS)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(shown=steps())
def test_frames_show_what_textual_shows(terminal: str, colors: ColorSystem, shown: list[Step]) -> None:
    first = shown[0].screen
    answers = len(first.rows) % 2 == 0
    Both(first.width, len(first.rows), _TERMINALS[terminal], colors, answers=answers).play(shown)


@pytest.mark.parametrize("terminal", _TERMINALS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("漢bcdefghijklmnop", "字bcdefgxijklmnop", id="one wide character for another, and more behind"),
        pytest.param("漢🔒🔒efghijklmno", "字🔒🔒efghxjklmno", id="and more behind what is not wide everywhere"),
        pytest.param("漢字cdefghijklmn", "a漢cdefghijklmnop", id="by a half to the right"),
        pytest.param("a漢字cdefghijklm", "漢字bcdefghijklmn", id="by a half to the left"),
        pytest.param("漢字漢字漢字漢字", " 漢 漢字 漢字", id="halves of many"),
        pytest.param("abcdefghijklmn漢", "abcdefghijklmno|", id="in the last two cells"),
        pytest.param("abcdefghijklmnop", "abcdefghijklmn漢", id="into the last two cells"),
        pytest.param("e\u0301e\u0301abcdefghi", "ee\u0301e\u0301abcdefgh", id="marks"),
        pytest.param("                ", "漢", id="into an empty row"),
        pytest.param("漢字漢字漢字漢字", "", id="empty where there were wide ones"),
        pytest.param("\u3000\u3000bc", "  漢bc", id="wide blanks"),
        pytest.param("abcdefghijklmno|", " " * 15 + "|", id="blanks up to the last cell, which stays"),
        pytest.param("|bcdefghijklmno|", "|" + " " * 14 + "|", id="blanks between what stays"),
    ],
)
def test_wide_characters_and_marks(terminal: str, before: str, after: str) -> None:
    both = Both(16, 2, _TERMINALS[terminal])
    for text in (before, after, before):
        both.show_rows([Segment(text, _RED)], [Segment("below")])


def test_a_mark_in_a_segment_of_its_own_stands_on_the_letter_before() -> None:
    marked = Style(bgcolor="yellow")
    both = Both(16, 2)
    both.show_rows(
        [Segment("caf"), Segment("e", marked), Segment("\u0301 and more")], [Segment("漢"), Segment("\u0301x")]
    )
    assert both.framed.seen[0][3].data == "e\u0301"
    both.show_rows([Segment(" ", _RED), Segment("\u0301\u0323"), Segment("\u0302x")], [Segment("\u0301"), Segment("x")])
    assert both.framed.seen[0][0].data == " \u0301\u0323\u0302"


def test_a_space_that_is_drawn_is_drawn_in_its_color() -> None:
    both = Both(16, 2)
    both.show_rows([Segment("\u1680\u1680", _RED)], [])
    assert both.framed.seen[0][0].fg == "31"

"""Tests of tui.presenters.find."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tui.made_up_events import wide_texts
from tui.presenters.find import Finder, Match, Stretch, marked, matches_in
from tui.presenters.pieces import Line, Piece, Role, Row, plain_text
from tui.terminal import safe, wrap


def _rows(text: str, cells: int) -> tuple[Row, ...]:
    """A value as the open card shows it."""
    return tuple(Line(cells + 5).at(4).add(part).row() for part in wrap(text, cells))


def _texts_of(match: Match, rows: tuple[Row, ...]) -> list[str]:
    return [plain_text(rows[one.line])[one.start : one.end] for one in match.stretches]


@given(st.text("ab cß漢[", min_size=1, max_size=60), st.integers(2, 12), st.data())
@settings(deadline=None)
def test_words_are_found_wherever_the_text_was_broken(text: str, cells: int, data: st.DataObject) -> None:
    text = " ".join(text.split()) or "a"  # blanks at the beginnings and ends of lines are not shown
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : data.draw(st.integers(start + 1, len(text)))]
    rows = _rows(text, cells)
    matches = matches_in([rows], words)
    assert matches or not words.strip()
    for match in matches:
        found = "".join(_texts_of(match, rows))
        assert found.replace(" ", "") == words.replace(" ", "")


def test_a_word_that_was_broken_is_found() -> None:
    (match,) = matches_in([_rows("onetwothree", 5)], "twothr")
    assert match.stretches == (Stretch(0, 7, 9), Stretch(1, 4, 8))


def test_case_is_ignored() -> None:
    rows = _rows("Payroll PAYROLL payrolls", 40)
    assert [match.line for match in matches_in([rows], "payROLL")] == [0, 0, 0]


def test_a_match_over_a_break_has_a_part_on_each_line() -> None:
    rows = _rows("one two three", 8)
    (match,) = matches_in([rows], "two three")
    assert match.stretches == (Stretch(0, 8, 11), Stretch(1, 4, 9)) and match.line == 0


def test_lines_are_counted_over_all_texts() -> None:
    texts = [_rows("one two three", 8), ((),), _rows("two", 8)]
    assert [match.line for match in matches_in(texts, "two")] == [0, 3]


def test_nothing_is_sought_by_blanks_alone() -> None:
    assert matches_in([_rows("a b", 8)], " ") == []


def test_signs_mean_themselves() -> None:
    rows = _rows("a.c abc (x", 20)
    assert len(matches_in([rows], "a.c")) == 1 and len(matches_in([rows], "(")) == 1


@given(wide_texts.map(safe), st.data())
@settings(deadline=None)
def test_marking_changes_looks_and_no_text(text: str, data: st.DataObject) -> None:
    row = Line(80).at(2).add("label", Role.FAINT).at(18).add(text).row()
    length = sum(len(piece.text) for piece in row)
    start = data.draw(st.integers(0, length))
    stretch = Stretch(0, start, data.draw(st.integers(start, length)))
    shown = marked(row, [stretch], Match((stretch,)))
    assert "".join(piece.text for piece in shown) == "".join(piece.text for piece in row)
    underlined = "".join(piece.text for piece in shown if piece.underline)
    assert underlined == "".join(piece.text for piece in row)[stretch.start : stretch.end]


def test_the_current_match_looks_otherwise_than_the_others() -> None:
    row = (Piece(" a b a"),)
    one, two = matches_in([(row,)], "a")
    shown = marked(row, [*one.stretches, *two.stretches], two)
    assert [piece for piece in shown if piece.underline] == [
        Piece("a", Role.TEXT, bold=True, underline=True),
        Piece("a", Role.ACCENT_BADGE, bold=True, underline=True),
    ]


def _finder(*lines: str) -> Finder:
    finder = Finder()
    finder.show([(_line(text),) for text in lines])
    return finder


def _line(text: str) -> Row:
    return (Piece(text),)


def test_the_first_match_is_the_next_from_where_one_stands() -> None:
    finder = _finder("a", "b", "a", "a")
    assert finder.place is None
    assert finder.find("a", 1) == 2 and finder.place == "2 of 3"
    assert finder.find("b", 2) == 1 and finder.place == "1 of 1", "around the end"


def test_one_goes_through_the_matches_around_the_end() -> None:
    finder = _finder("a", "b", "a a")
    assert finder.find("a", 0) == 0
    assert [(finder.step(1, 0), finder.place) for _ in range(3)] == [(2, "2 of 3"), (2, "3 of 3"), (0, "1 of 3")]
    assert finder.step(-1, 0) == 2 and finder.place == "3 of 3"


def test_in_other_texts_the_same_words_are_gone_through_from_where_one_stands() -> None:
    finder = _finder("a")
    finder.find("a", 0)
    for by, line, found in ((1, 1, 2), (-1, 2, 0), (1, 4, 0), (-1, 0, 3)):
        finder.show([(_line(text),) for text in ("a", "b", "a", "a")])
        assert finder.sought == "a" and finder.place is None
        assert finder.step(by, line) == found


def test_what_is_not_there_is_at_no_place() -> None:
    finder = _finder("a", "b")
    assert finder.find("a", 0) == 0 and not finder.holds("c")
    assert finder.find("c", 0) is None and finder.place is None and finder.step(1, 0) is None
    assert finder.marked(_line("a"), 0) == _line("a"), "no longer looked for"


def test_only_the_match_that_one_is_at_is_filled() -> None:
    finder = _finder("a", "a", "b")
    finder.find("a", 1)
    roles = [[piece.role for piece in finder.marked(_line(text), line)] for line, text in enumerate(("a", "a", "b"))]
    assert roles == [[Role.TEXT], [Role.ACCENT_BADGE], [Role.TEXT]]
    assert [finder.marked(_line("b"), 2)[0].underline, finder.marked(_line("a"), 0)[0].underline] == [False, True]

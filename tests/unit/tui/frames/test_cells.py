"""Tests of tui.frames.cells."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip
from wcwidth import wcwidth

from data.hostile import is_hostile
from tests.unit.tui.frames.both_terminals import Both
from tui.frames import cells, encoder
from tui.frames.cells import BEHIND, FIRST_NAMED, CellMemory, Row, is_everywhere

_RED = Style(color="red")
_HOSTILE = "\x1b[2J\x07\x9b31m\r\n\t\x00\x7f\u202e\u200d\ud800\U000f0000\U0010ffff\u2028"


def _memory() -> CellMemory:
    return CellMemory(ColorSystem.TRUECOLOR)


def test_a_strip_is_made_cells_once() -> None:
    memory = _memory()
    strip, same = Strip([Segment("ab", _RED)]), Strip([Segment("ab", _RED)])
    assert memory.row(strip) is memory.row(strip)
    assert memory.row(same) == memory.row(strip)


@settings(max_examples=100, deadline=None)
@given(
    texts=st.lists(st.text("a 漢e\u0301🔒\u231b\ufe0f☁\u20e3ก็ि한\x1b\u200d\U0001f3fd🇩🇪", max_size=6), max_size=3),
    cells_said=st.none() | st.integers(0, 20),
)
def test_a_row_has_as_many_cells_as_its_strip_says(texts: list[str], cells_said: int | None) -> None:
    memory = _memory()
    strip = Strip([Segment(text, _RED) for text in texts], cells_said)
    row = memory.row(strip)
    assert len(row.text) == len(row.looks) == strip.cell_length
    assert not row.text.startswith(BEHIND) and BEHIND * 2 not in row.text
    shown = "".join(memory.named(one) if one >= FIRST_NAMED else one for one in row.text if one != BEHIND)
    assert not any(map(is_hostile, shown))


def test_a_strip_that_is_longer_than_it_says_leaves_no_half_of_a_character() -> None:
    assert _memory().row(Strip([Segment("ab漢")], 3)).text == "ab "
    assert _memory().row(Strip([Segment("ab漢")], 4)).text == "ab漢" + BEHIND
    assert _memory().row(Strip([Segment("ab漢")], 6)).text == "ab漢" + BEHIND + "  "


@pytest.mark.parametrize("cut", range(6))
def test_a_row_that_is_cut_has_no_half_of_a_character(cut: int) -> None:
    row = Row("a漢" + BEHIND + "字" + BEHIND, "01122")
    assert row.cut(cut) == (("", "a", "a ", "a漢\0", "a漢\0 ", "a漢\0字\0")[cut], row.looks[:cut])


@pytest.mark.parametrize("character", _HOSTILE)
def test_no_character_that_drives_a_terminal_leaves(character: str) -> None:
    both = Both(12, 2)
    for text in (f"a{character}", character, f"漢{character}", f"🔒{character}\u0301"):
        # The emulated terminal fails on all that is neither text nor what frames are made of.
        both.frames.take(both.layout_of([Segment(text, _RED), Segment(character), Segment("z")], []), (0, 0))
        both.settle()
        shown = [cell.data for cell in both.framed.seen[0]]
        assert shown.index("z") == cell_len(text) + cell_len(character)


@pytest.mark.parametrize("character", _HOSTILE)
def test_no_link_holds_one_either(character: str) -> None:
    both = Both(12, 2)
    both.frames.take(both.layout_of([Segment("here", Style(link=f"https://a.example/{character}"))], []), (0, 0))
    both.settle()
    assert [cell.data for cell in both.framed.seen[0][:4]] == list("here")


def test_what_each_strip_shows_is_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_MOST_STRIPS", 8)
    memory = _memory()
    kept = [Strip([Segment(f"row {number}")]) for number in range(100)]
    for strip in kept * 2:
        assert memory.row(strip).text == strip.text
        assert len(memory._strips) <= 8


def test_looks_links_and_names_make_it_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_MOST_KEPT", 50)
    for segments in (
        [Segment("x", Style(color=f"rgb(1,2,{number})")) for number in range(60)],
        [Segment("x", Style(link=f"https://{number}.example/")) for number in range(60)],
        [Segment("x" + chr(0x300 + number)) for number in range(60)],
    ):
        memory = _memory()
        assert not memory.is_full
        memory.row(Strip(segments))
        assert memory.is_full
        memory.forget()
        assert not memory.is_full and not memory._strips
        assert memory.look(memory.plain).is_plain


@pytest.mark.parametrize("kind", ["looks", "links", "names"])
def test_the_screen_is_right_after_everything_was_forgotten(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(cells, "_MOST_KEPT", 50)
    both = Both(20, 4)
    for number in range(0, 120, 4):
        rows = []
        for one in range(number, number + 4):
            style = Style(color=f"rgb(1,2,{one})", link=f"https://{one}.example/" if kind == "links" else None)
            mark = chr(0x300 + one % 0x70) if kind == "names" else ""
            rows.append([Segment("x" + mark + "漢 ", style if kind != "names" else _RED), Segment("same")])
        both.show_rows(*rows)
        memory = both.frames._memory
        assert max(map(len, (memory._looks, memory._pairs, memory._named))) <= 60


def test_changes_of_looks_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_MOST_CHANGES", 8)
    both = Both(20, 1)
    for number in range(0, 60, 4):
        both.show_rows([Segment("x", Style(color=f"rgb(1,2,{one})")) for one in range(number, number + 4)])
        assert len(both.frames._encoder._changes) <= 8


def test_a_part_of_a_screen_is_refused_once_everything_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_MOST_KEPT", 5)
    both = Both(20, 1)
    both.show_rows([Segment("x" + chr(0x300 + number)) for number in range(8)])
    part = ChopsUpdate([{0: Strip([Segment("y" * 20)])}], [(0, 0, 20)], [[20]])
    assert not both.frames.take(part, (0, 0)), "whoever draws is to compose all of it"
    both.show_rows([Segment("z" * 20)])
    assert both.frames.take(part, (0, 0))
    both.settle()
    assert {cell.data for cell in both.framed.seen[0]} == {"y"}


@settings(max_examples=300, deadline=None)
@given(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Me", "Mc")))
def test_what_is_one_width_everywhere_is_so_to_others_too(character: str) -> None:
    assert not is_everywhere(character, cell_len(character)) or wcwidth(character) == cell_len(character)


@pytest.mark.parametrize("character", ["\U0001f512", "\u231b", "\U0001f9d1", "\ufffd", "\u303f"])
def test_emoji_and_late_comers_are_not_taken_to_be_one_width_everywhere(character: str) -> None:
    assert not is_everywhere(character, cell_len(character))


@pytest.mark.parametrize("character", ["a", "ä", "─", "█", "漢", "한", "Ａ", "\u3000"])
def test_what_terminals_have_always_known_is_written_as_it_is(character: str) -> None:
    assert is_everywhere(character, cell_len(character))

"""Tests of tui.terminal."""

import re
import unicodedata
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tui.made_up_events import HOSTILE, wide_texts
from tui.glyphs import ASCII, UNICODE, draw_with
from tui.terminal import can_draw_unicode, cells_of, cut, json_text, plain_json, refusal_of_terminal, safe, wrap

_DRIVING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ANY_TEXT = st.one_of(
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])), st.text(), wide_texts
)


def _drives(text: str) -> bool:
    return any(unicodedata.category(character) in _DRIVING for character in text)


def _is_all_of(lines: list[str], text: str) -> bool:
    """Whether the lines are the text with nothing gone but one space at each break."""
    at = 0
    for number, line in enumerate(lines):
        if number and not text.startswith(line, at):
            if text[at : at + 1] != " ":
                return False
            at += 1
        elif number and text[at : at + 1] == " " and text.startswith(line, at + 1) and not line.startswith(" "):
            at += 1
        if not text.startswith(line, at):
            return False
        at += len(line)
    return at == len(text)


@given(_ANY_TEXT)
@settings(deadline=None)
def test_nothing_that_could_drive_a_terminal_survives(text: str) -> None:
    assert not _drives(safe(text))


@given(_ANY_TEXT, st.integers(0, 20))
@settings(deadline=None)
def test_a_limit_changes_nothing_but_the_length(text: str, limit: int) -> None:
    shown = safe(text, limit)
    assert not _drives(shown)
    assert shown == (safe(text) if len(text) <= limit else safe(text[:limit]) + UNICODE.cut)


@given(_ANY_TEXT)
@settings(deadline=None)
def test_safe_text_stays_as_it_is(text: str) -> None:
    once = safe(text)
    assert safe(once) == once


def test_no_two_control_characters_look_the_same() -> None:
    controls = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf")]
    assert len({safe(character) for character in controls}) == len(controls)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00\x07\x1b\r\n\t", "␀␇␛␍␊␉"),
        ("\x7f", "␡"),
        ("\x9b", "⟨U+009B⟩"),
        ("\u202e\u2066\u200b\ufeff", "⟨U+202E⟩⟨U+2066⟩⟨U+200B⟩⟨U+FEFF⟩"),
        ("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("plain [b]text[/b] é 漢字 👩", "plain [b]text[/b] é 漢字 👩"),
    ],
)
def test_what_would_drive_a_terminal_is_shown(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(_ANY_TEXT.map(safe), st.integers(0, 40))
@settings(deadline=None)
def test_a_cut_text_keeps_to_its_cells(text: str, cells: int) -> None:
    assert cells_of(cut(text, cells)) <= cells


@given(_ANY_TEXT.map(safe), st.integers(1, 40))
@settings(deadline=None)
def test_a_text_is_cut_only_where_it_has_to_be(text: str, cells: int) -> None:
    shown = cut(text, cells)
    if cells_of(text) <= cells:
        assert shown == text
    else:
        assert shown.endswith(UNICODE.cut) and text.startswith(shown.removesuffix(UNICODE.cut))
        assert cells_of(shown) >= cells - 1, "a wide character leaves at most one cell empty"


@given(_ANY_TEXT.map(safe), st.integers(2, 40))
@settings(deadline=None)
def test_wrapped_lines_keep_to_their_cells_and_lose_nothing(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert all(cells_of(line) <= cells for line in lines)
    assert _is_all_of(lines, text)


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("", 5, [""]),
        ("one two three", 8, ["one two", "three"]),
        ("one two three", 7, ["one two", "three"]),
        ("onetwothree", 5, ["onetw", "othre", "e"]),
        ("漢字漢字", 5, ["漢字", "漢字"]),
        ("a 漢字漢字", 5, ["a", "漢字", "漢字"]),
        (" indented text", 9, [" indented", "text"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
    ],
)
def test_lines_break_at_spaces_where_there_are_any(text: str, cells: int, lines: list[str]) -> None:
    assert wrap(text, cells) == lines


@given(st.text("ab  é␛", max_size=60), st.integers(2, 12))
@settings(deadline=None)
def test_simple_text_is_broken_as_any_other_is(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    # A wide character further on makes it a text that is measured by clusters.
    assert wrap(f"{text} {'漢' * cells}", cells)[: len(lines) - 1] == lines[:-1]


@pytest.mark.parametrize("unit", ["漢", "\n", "x", "é "])
def test_the_longest_text_that_a_card_shows_is_wrapped_in_a_moment(unit: str) -> None:
    shown = safe(unit * (20_000 // len(unit)))
    start = perf_counter()
    wrap(shown, 40)
    assert perf_counter() - start < 0.2


def test_hostile_text_keeps_its_harmless_part() -> None:
    shown = safe(HOSTILE)
    assert "[/][@click=app.quit]x[/]" in shown and "gnp.exe" in shown
    assert not _drives(shown)


@pytest.mark.parametrize(
    ("term", "streams", "said"),
    [
        ("xterm-256color", (True, True), None),
        ("linux", (True, True), None),
        ("dumb", (True, True), "TERM is dumb"),
        ("", (True, True), "TERM is not set"),
        (None, (True, True), "TERM is not set"),
        ("xterm", (True, False), "needs a terminal"),
        ("xterm", (False, True), "needs a terminal"),
    ],
)
def test_where_no_console_can_be_shown_a_sentence_says_why(
    term: str | None, streams: tuple[bool, bool], said: str | None
) -> None:
    refusal = refusal_of_terminal(term, streams)
    if said is None:
        assert refusal is None
    else:
        assert refusal is not None and said in refusal and "auditdeck events" in refusal


@given(_ANY_TEXT, st.integers(0, 20))
@settings(deadline=None)
def test_on_a_terminal_with_ascii_alone_nothing_else_leaves_and_nothing_is_lost(text: str, limit: int) -> None:
    draw_with(ASCII)
    shown = safe(text)
    assert shown.isascii() and shown.isprintable() and safe(shown) == shown
    if "<U+" not in text:
        assert re.sub(r"<U\+([0-9A-F]{4,6})>", lambda found: chr(int(found[1], 16)), shown) == text
    assert safe(text, limit) == (shown if len(text) <= limit else safe(text[:limit]) + "~")
    draw_with(UNICODE)


@given(_ANY_TEXT, st.integers(0, 40))
@settings(deadline=None)
def test_what_is_cut_for_a_terminal_with_ascii_alone_fits_its_cells(text: str, cells: int) -> None:
    draw_with(ASCII)
    shown = cut(safe(text), cells)
    assert cells_of(shown) == len(shown) <= cells and shown.isascii()
    draw_with(UNICODE)


@pytest.mark.parametrize(
    ("encoding", "is_terminal", "locale_encoding", "term", "can"),
    [
        ("utf-8", True, "UTF-8", "xterm-256color", True),
        ("UTF-16", False, "UTF-8", None, True),
        ("utf-8", True, "UTF-8", "linux", False),
        ("utf-8", True, "UTF-8", "vt220", False),
        ("utf-8", True, "ANSI_X3.4-1968", "xterm", False),
        ("utf-8", True, "ISO-8859-15", "xterm", False),
        ("latin-1", True, "UTF-8", "xterm", False),
        ("latin-1", False, "UTF-8", None, False),
        ("no such encoding", False, "UTF-8", None, False),
        ("utf-8", False, "ANSI_X3.4-1968", "linux", True),
        (None, False, "UTF-8", "xterm", True),
    ],
)
def test_unicode_is_drawn_where_encoding_locale_and_terminal_agree(
    encoding: str | None, is_terminal: bool, locale_encoding: str, term: str | None, can: bool
) -> None:
    assert can is can_draw_unicode(encoding, is_terminal=is_terminal, locale_encoding=locale_encoding, term=term)


def test_json_has_whole_numbers_of_any_size() -> None:
    wide = -(2**63) - 1
    assert json_text({"expires": [wide, 1]}) == f'{{"expires":[{wide},1]}}'
    assert plain_json({"expires": wide}, indented=True) == f'{{\n  "expires": {wide}\n}}'

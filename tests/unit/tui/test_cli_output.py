"""What commands write."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Json
from tui.commands.output import say, tell
from tui.glyphs import ASCII, draw_with
from tui.terminal import json_text, safe

TEXTS = st.text(st.characters(codec="utf-8"))


@given(st.dictionaries(TEXTS, TEXTS))
@settings(deadline=None)
def test_json_drives_no_terminal_and_means_the_same(value: dict[str, str]) -> None:
    text = json_text({**value})
    assert safe(text) == text
    assert json.loads(text) == value


@given(st.dictionaries(TEXTS, TEXTS))
@settings(deadline=None)
def test_json_for_ascii_alone_means_the_same(value: dict[str, str]) -> None:
    draw_with(ASCII)
    text = json_text({**value})
    assert text.isascii() and text.isprintable() and json.loads(text) == value


def test_characters_outside_the_basic_plane_are_escaped_as_pairs() -> None:
    assert json_text("\U000e0041") == '"\\udb40\\udc41"'


def test_what_no_utf8_can_hold_is_there_as_text() -> None:
    value: Json = {"path\udcff": ["a\ud800\x1b", 1, None]}
    text = json_text(value)
    assert text.isprintable()
    assert json.loads(text) == {"path\\udcff": ["a\\ud800\x1b", 1, None]}


def test_letters_of_all_languages_stay_as_they_are() -> None:
    assert json_text("Zoë 漢字 😀") == '"Zoë 漢字 😀"'


def test_lines_are_made_safe_on_both_streams(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31m\nb")
    tell("c\x1b\u202e")
    assert capsys.readouterr() == ("a␛[31m␊b\n", "c␛⟨U+202E⟩\n")

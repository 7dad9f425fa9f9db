"""Tests of tui.key_names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.keys import Keys

from tui.key_names import is_text, key_named, shown_key
from tui.keymap import ACTIONS


def _sent(characters: str) -> Key:
    """What Textual makes of what a terminal sends."""
    (event,) = [event for event in XTermParser().feed(characters) if isinstance(event, Key)]
    return event


@given(st.characters(min_codepoint=0x20, max_codepoint=0x2FF).filter(str.isprintable))
def test_a_character_is_the_key_that_types_it(character: str) -> None:
    event = _sent(character)
    assert key_named(character) == event.key
    assert is_text(event.key) == event.is_printable


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("?", "?"),
        ("/", "/"),
        ("+", "+"),
        ("G", "G"),
        ("g", "g"),
        ("shift+g", "G"),
        ("upper_u", "U"),
        ("space", " "),
        ("esc", "\x1b\x1b"),
        ("Escape", "\x1b\x1b"),
        ("Enter", "\r"),
        ("return", "\r"),
        ("tab", "\t"),
        ("backspace", "\x7f"),
        ("ctrl+f", "\x06"),
        ("Ctrl+F", "\x06"),
        ("control+f", "\x06"),
        ("F5", "\x1b[15~"),
        ("f5", "\x1b[15~"),
        ("PgDn", "\x1b[6~"),
        ("pagedown", "\x1b[6~"),
        ("del", "\x1b[3~"),
        ("↑", "\x1b[A"),
        ("up", "\x1b[A"),
        ("shift+up", "\x1b[1;2A"),
        ("shift+ctrl+left", "\x1b[1;6D"),
        ("question_mark", "?"),
        ("plus", "+"),
        ("alt+f", "\x1b[102;3u"),
    ],
)
def test_what_a_person_writes_is_the_key_that_the_terminal_sends(written: str, sent: str) -> None:
    events = [event for event in XTermParser().feed(sent) if isinstance(event, Key)]
    if sent == "\x1b\x1b":  # one alone may yet become the beginning of another key
        events = events or [Key("escape", None)]
    assert key_named(written) == events[0].key


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("", "is no key"),
        ("banana", "is no key"),
        ("ctrl+banana", "is no key"),
        ("hold+f", "is no key"),
        ("<any>", "is no key"),
        ("\x1b", "is no key"),
        ("f25", "is no key"),
        ("shift+1", "write the character"),
        ("shift+slash", "write the character"),
        ("ctrl+i", "write tab"),
        ("ctrl+m", "write enter"),
        ("ctrl+h", "write backspace"),
        ("ctrl+[", "write esc"),
        ("ctrl+space", "not sent alike"),
    ],
)
def test_what_is_no_key_is_told(written: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        key_named(written)


def test_every_key_can_be_written_as_it_is_shown() -> None:
    ours = {key for action in ACTIONS for key in action.default_keys}
    others = {key.value for key in Keys if key.value.replace("_", "").isalnum()} - {"return"}
    for key in ours | others | {"ctrl+slash", "alt+plus", "ctrl+shift+left"}:
        assert key_named(shown_key(key)) == key == key_named(key)


@pytest.mark.parametrize("key", ["escape", "f1", "ctrl+f", "left", "alt+plus", "tab", "enter"])
def test_what_types_nothing_is_no_text(key: str) -> None:
    assert not is_text(key)

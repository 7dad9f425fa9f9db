"""Tests of tui.clipboard."""

import re
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clipboard import MOST_BYTES, Between, between, refusal, sequence

XTERM = {"TERM": "xterm-256color"}
TMUX = {"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}
SCREEN = {"TERM": "screen", "STY": "1.pts-0.host"}
_PLAIN = re.compile(r"\x1b]52;c;([A-Za-z0-9+/=]*)\x07")
_TEXTS = st.text(st.characters(codec="utf-8"))


def _copied(plain: str) -> str:
    found = _PLAIN.fullmatch(plain)
    assert found is not None, plain
    return b64decode(found[1], validate=True).decode()


@given(_TEXTS)
def test_a_terminal_is_sent_the_text_as_base64(text: str) -> None:
    assert _copied(sequence(text, XTERM)) == text


@given(_TEXTS)
def test_tmux_is_sent_it_plain_and_wrapped_with_escapes_doubled(text: str) -> None:
    plain, begin, wrapped = sequence(text, TMUX).partition("\x1bPtmux;")
    assert _copied(plain) == text and begin
    assert wrapped.endswith("\x1b\\") and "\x1b" not in wrapped.removesuffix("\x1b\\").replace("\x1b\x1b", "")
    assert _copied(wrapped.removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b")) == text


@given(st.one_of(_TEXTS, st.integers(0, 5_000).map(lambda length: "x" * length)))
def test_screen_is_sent_pieces_that_it_has_room_for(text: str) -> None:
    written = sequence(text, SCREEN)
    assert written.startswith("\x1bP") and written.endswith("\x1b\\")
    pieces = written[2:-2].split("\x1b\\\x1bP")
    assert all(len(piece) <= 764 for piece in pieces), "768 with what is around it"
    assert _copied("".join(pieces)) == text


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        (XTERM, Between.NOTHING),
        ({}, Between.NOTHING),
        (TMUX, Between.TMUX),
        ({"TERM": "tmux-256color"}, Between.TMUX),
        (SCREEN, Between.SCREEN),
        ({"TERM": "screen.xterm-256color"}, Between.SCREEN),
        ({"TERM": "screen", "STY": "1", "TMUX": "x"}, Between.SCREEN),
        ({"TERM": "tmux-256color", "STY": "1", "TMUX": "x"}, Between.TMUX),
    ],
)
def test_what_lies_between_is_known_by_its_variables_and_over_ssh_by_its_terminal(
    environment: dict[str, str], found: Between
) -> None:
    assert between(environment) is found


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"TERM": "linux"}, "This terminal (linux) has no clipboard"),
        ({"TERM": "vt220"}, "This terminal (vt220) has no clipboard"),
        ({**XTERM, "TERM_PROGRAM": "Apple_Terminal"}, "This terminal (Apple_Terminal) lets no program copy"),
        (XTERM, None),
        ({**TMUX, "TERM_PROGRAM": "tmux"}, None),
        ({**SCREEN, "TERM_PROGRAM": "Apple_Terminal"}, None),
    ],
)
def test_a_terminal_that_is_known_to_have_no_clipboard_is_sent_nothing(
    environment: dict[str, str], said: str | None
) -> None:
    assert refusal("x", environment) == said


def test_what_a_terminal_would_cut_is_not_sent() -> None:
    assert refusal("x" * MOST_BYTES, XTERM) is None
    assert len(sequence("x" * MOST_BYTES, XTERM)) <= 100_000
    said = refusal("é" * (MOST_BYTES // 2 + 1), XTERM)
    assert said == "Too long for a terminal's clipboard, 74,996 bytes of at most 74,994"

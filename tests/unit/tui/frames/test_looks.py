"""Tests of tui.frames.looks."""

from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from textual.strip import Strip

from tests.strategies.screens import random_style
from tests.unit.tui.frames.emulated_terminal import Cell, EmulatedTerminal
from tui.frames.looks import PLAIN, Look, change, read_look
from tui.frames.traits import LEAST, MODERN, SCREEN, TerminalTraits

_TRAITS = {"modern": MODERN, "screen": SCREEN, "least": LEAST}
_ATTRIBUTES = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
_LINK = "id=1;https://a.example/"
# All pairs of attributes, and so all triples of what undoes what; with colours of each kind, of none, and links.
_LOOKS = (
    *(Look(frozenset(pair)) for pair in product(_ATTRIBUTES, repeat=2)),
    *(Look(frozenset({"1"}), foreground, background)
      for foreground, background in product(("", "31", "38;5;200", "38;2;1;2;3"), ("", "101", "48;5;3", "48;2;1;2;3"))),
    PLAIN,
    Look(link=_LINK),
    Look(frozenset({"4"}), "31", link=_LINK),
    Look(frozenset({"4"}), "31", link="id=2;https://b.example/"),
)  # fmt: skip


def _set_by(parameters: str, traits: TerminalTraits = MODERN) -> Cell:
    terminal = EmulatedTerminal(2, 1, traits)
    terminal.write(parameters)
    found: Cell = terminal.cursor.attrs
    return found


def _from_plain(look: Look) -> str:
    link = f"\x1b]8;{look.link}\x1b\\" if look.link else ""
    return f"{link}\x1b[{';'.join(('0', *look.parameters))}m"


@pytest.mark.parametrize("terminal", _TRAITS)
def test_every_look_becomes_every_other(terminal: str) -> None:
    traits = _TRAITS[terminal]
    cells = {look: _set_by(_from_plain(look)) for look in _LOOKS}
    emulated = EmulatedTerminal(2, 1, traits)
    for old, new in product(cells, repeat=2):
        emulated.cursor.attrs = cells[old]
        emulated.write(change(old, new, traits))
        assert emulated.cursor.attrs == cells[new], (old, new, change(old, new, traits))


@pytest.mark.parametrize("terminal", _TRAITS)
def test_every_look_comes_out_of_an_unknown_one(terminal: str) -> None:
    for look in _LOOKS:
        emulated = EmulatedTerminal(2, 1, _TRAITS[terminal])
        emulated.cursor.attrs = Cell(fg="35", bg="42", bold=True, underscore="double", reverse=True)
        emulated.write(change(None, look, _TRAITS[terminal]))
        assert emulated.cursor.attrs == _set_by(_from_plain(look))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=True), colors=st.sampled_from(ColorSystem))
def test_what_textual_writes_for_a_style_is_read_as_its_look(random: Random, colors: ColorSystem) -> None:
    style = random_style(random)
    parameters = Strip.render_ansi(style, colors)
    assert _set_by(_from_plain(read_look(parameters))) == _set_by(f"\x1b[{parameters}m")


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        (Look(frozenset("1"), "31"), Look(frozenset("1"), "32"), "\x1b[32m"),
        (Look(frozenset("134")), Look(frozenset("13")), "\x1b[24m"),
        (Look(frozenset("1"), "31", "42"), Look(frozenset("1"), "31"), "\x1b[49m"),
        (Look(frozenset("12")), Look(frozenset("1")), "\x1b[;1m"),
        (Look(frozenset("1"), "31"), PLAIN, "\x1b[m"),
        (PLAIN, PLAIN, ""),
    ],
)
def test_a_change_is_as_short_as_can_be(old: Look, new: Look, written: str) -> None:
    assert change(old, new, MODERN) == written


def test_parameters_that_nobody_knows_are_refused() -> None:
    with pytest.raises(ValueError, match="1000"):
        read_look("1000")


@pytest.mark.parametrize("attribute", _ATTRIBUTES)
def test_the_look_of_a_blank_is_the_least_in_which_it_is_seen_the_same(attribute: str) -> None:
    look = Look(frozenset({attribute}), "31", "42")
    seen = _set_by(_from_plain(look)).seen
    assert _set_by(_from_plain(look.on_blank)).seen == seen
    assert (look.on_blank == look) is (seen == _set_by(_from_plain(look))), "what cannot be seen is left out"
    assert look.is_erasable is (seen == Cell(bg="42"))

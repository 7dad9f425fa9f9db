"""Tests of tui.themes: every pair of colours can be read, and the terminal's own are the terminal's own."""

from itertools import product

import pytest
from rich.color import Color, ColorSystem, ColorType
from rich.console import Console
from rich.style import Style

from data.places_of_settings import ThemeName
from tui.presenters.pieces import Role
from tui.themes import HIGH_CONTRAST, PALETTES, TERMINAL, Ground, Grounds, Palette, suited
from tui.widgets.painting import style_of

_TRUE, _FEW = ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT
_SHOWN = [
    pytest.param(palette, system, id=f"{palette.name}-{system.name}")
    for palette in PALETTES.values()
    for system in (_TRUE, _FEW)
    if not palette.is_ansi and suited(palette.name, "256" if system is _FEW else "truecolor") == palette.name
]
"""Every theme in colours of its own, with every number of colours in which it is shown."""

_NOT_READ = {Role.RULE}
"""A rule is decoration, as the deck is that a drawer dims: nothing in it can be used until the drawer is left."""


def _names(palette: Palette) -> str:
    return palette.name


def _grounds(palette: Palette) -> dict[str, Ground]:
    return {name: palette.ground(name) for name in Grounds._fields}


def _luminance(color: Color | None, system: ColorSystem) -> float:
    """Relative luminance of a colour as that many can show it, WCAG 2.2."""
    assert color is not None
    triplet = color.downgrade(system).get_truecolor()
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in triplet.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: Color | None, other: Color | None, system: ColorSystem = _TRUE) -> float:
    """The ratio of two colours, WCAG 2.2: 1 to 21."""
    darker, lighter = sorted((_luminance(one, system), _luminance(other, system)))
    return (lighter + 0.05) / (darker + 0.05)


def _colors(palette: Palette) -> set[Color]:
    styles = [style_of(ground, role, False, False) for ground in _grounds(palette).values() for role in Role]
    return {color for style in styles for color in (style.color, style.bgcolor) if color is not None}


def test_the_ratio_is_that_of_wcag() -> None:
    black, white, grey = map(Color.parse, ("#000000", "#ffffff", "#767676"))
    assert _contrast(black, white) == _contrast(white, black) == 21
    assert 4.54 < _contrast(grey, white) < 4.55


@pytest.mark.parametrize(("palette", "system"), _SHOWN)
def test_every_role_can_be_read_on_whatever_it_lies_on(palette: Palette, system: ColorSystem) -> None:
    least = 7 if palette is HIGH_CONTRAST else 4.5
    low = {}
    for (name, ground), role in product(_grounds(palette).items(), Role):
        style = style_of(ground, role, False, False)
        ratio = _contrast(style.color, style.bgcolor, system)
        if role not in _NOT_READ and ratio < least:
            low[f"{role} on {name}"] = round(ratio, 2)
    assert low == {}


@pytest.mark.parametrize(("palette", "system"), _SHOWN)
def test_what_rows_lie_on_can_be_told_apart(palette: Palette, system: ColorSystem) -> None:
    colors = {name: ground.bare.bgcolor for name, ground in _grounds(palette).items()}
    for one, other, least in (
        ("panel", "background", 1.05),
        ("header", "background", 1.05),
        ("selection", "background", 1.2),
        ("selection", "panel", 1.08),
    ):
        assert _contrast(colors[one], colors[other], system) >= least, (one, other)
    assert _contrast(palette.background.inks[Role.RULE].color, colors["background"], system) >= 1.35


def test_every_theme_is_looked_at_with_256_colours() -> None:
    assert sum(_FEW in parameters.values for parameters in _SHOWN) == 3


def test_the_terminals_own_colours_are_the_only_ones() -> None:
    assert TERMINAL.is_ansi and TERMINAL.theme().ansi
    assert {color.type for color in _colors(TERMINAL)} <= {ColorType.STANDARD, ColorType.DEFAULT}
    for role in Role:
        style = style_of(TERMINAL.background, role, True, True)
        assert style.bgcolor is None, "a background of 16 colours may be that of the text"
    theme = TERMINAL.theme()
    colors = [
        theme.primary,
        theme.accent,
        theme.error,
        theme.warning,
        theme.success,
        theme.foreground,
        theme.background,
    ]
    colors += [value for name, value in theme.variables.items() if not name.endswith("text-style")]
    assert all(color is not None and color.startswith("ansi_") for color in colors)


def test_without_colours_the_roles_that_only_colours_tell_apart_are_those_with_words_or_marks() -> None:
    """A badge is in capitals, before and after have their signs; the others differ by weight, line or reverse."""
    plain = {role: TERMINAL.background.inks[role].without_color for role in Role}
    assert plain[Role.FAILURE_BADGE].reverse and plain[Role.DENIED_BADGE].reverse and plain[Role.ACCENT_BADGE].reverse
    assert plain[Role.MARKED].reverse and not plain[Role.ACCENT].reverse
    assert plain[Role.LINK].underline and not plain[Role.MUTED].underline
    assert plain[Role.FAILURE].bold and plain[Role.DENIED].bold and plain[Role.ACCENT].bold


@pytest.mark.parametrize("palette", PALETTES.values(), ids=_names)
def test_weight_and_line_add_to_what_a_role_has(palette: Palette) -> None:
    for role in Role:
        style = style_of(palette.selection, role, True, True)
        assert style.bold and style.underline
        assert style_of(palette.selection, role, False, False).without_color == (
            Style() + palette.selection.inks[role].without_color
        )


def test_every_theme_that_can_be_asked_for_is_there() -> None:
    assert {str(name) for name in ThemeName} <= PALETTES.keys()
    assert {palette.name: palette for palette in PALETTES.values()} == PALETTES


@pytest.mark.parametrize(
    ("term", "colorterm", "shown"),
    [
        ("xterm-256color", "truecolor", {"dark": "dark", "light": "light", "high-contrast": "high-contrast"}),
        ("xterm-256color", "", {"dark": "dark-256", "light": "light-256", "high-contrast": "high-contrast"}),
        ("tmux-256color", "", {"dark": "dark-256", "light": "light-256", "high-contrast": "high-contrast"}),
        ("screen", "", {"dark": "terminal", "light": "terminal", "high-contrast": "terminal"}),
        ("linux", "", {"dark": "terminal", "light": "terminal", "high-contrast": "terminal"}),
        ("dumb", "", {"dark": "terminal"}),
    ],
)
def test_a_theme_is_shown_as_the_terminal_can(term: str, colorterm: str, shown: dict[str, str]) -> None:
    console = Console(force_terminal=True, _environ={"TERM": term, "COLORTERM": colorterm})
    assert {name: suited(name, console.color_system) for name in shown} == shown
    assert suited("terminal", console.color_system) == "terminal"

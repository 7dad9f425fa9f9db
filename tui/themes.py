"""Colours: how each role is drawn in each theme, and the same as Textual's themes for the style sheets.

A theme is one entry of `PALETTES`: the colours of what rows lie on, and for each `Role` how text of it is drawn, as Rich
writes styles (`#d7dce3`, `bold red`, `#14171c on #ff8f85`). A role, or something to lie on, is added in one place. What
has no word or sign beside it is told apart by more than a colour in every theme: a marked bar is also reversed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from tui.presenters.pieces import Role


class Grounds(NamedTuple):
    """What rows lie on: colours as Textual's style sheets write them."""

    background: str
    panel: str
    header: str
    selection: str


@dataclass(frozen=True, eq=False)
class Ground:
    """One of them, with how each role is drawn on it."""

    color: str
    inks: Mapping[Role, Style]

    @cached_property
    def bare(self) -> Style:
        """Of cells with nothing in them. The terminal's own background is no colour that has to be set."""
        color = Color.parse(self.color)
        return Style() if color.ansi == -1 else Style(bgcolor=color.rich_color)


@dataclass(frozen=True, eq=False)
class Palette:
    """A theme. `is_ansi`: of the terminal's own colours, whatever they are; then `dark` means nothing."""

    name: str
    dark: bool
    grounds: Grounds
    inks: Mapping[Role, str]
    on_selection: Mapping[Role, str] = field(default_factory=dict)
    """What is drawn differently on a selection, to stay readable."""
    is_ansi: bool = False

    @cached_property
    def background(self) -> Ground:
        return self._ground(self.grounds.background, self.inks)

    @cached_property
    def panel(self) -> Ground:
        return self._ground(self.grounds.panel, self.inks)

    @cached_property
    def header(self) -> Ground:
        return self._ground(self.grounds.header, self.inks)

    @cached_property
    def selection(self) -> Ground:
        return self._ground(self.grounds.selection, {**self.inks, **self.on_selection})

    def ground(self, name: str) -> Ground:
        """The one that is called so."""
        found: Ground = getattr(self, name)
        return found

    def theme(self) -> Theme:
        """The same for Textual; the style sheets name the colours `$deck-...`."""
        inks = {role: _css(self.background.inks[role]) for role in Role}
        grounds = self.grounds
        return Theme(
            name=self.name,
            dark=self.dark,
            ansi=self.is_ansi,
            primary=inks[Role.ACCENT],
            accent=inks[Role.ACCENT],
            error=inks[Role.FAILURE],
            warning=inks[Role.DENIED],
            success=inks[Role.AFTER],
            foreground=inks[Role.TEXT],
            background=grounds.background,
            surface=grounds.background,
            panel=grounds.panel,
            variables={
                **{f"deck-{name}": color for name, color in grounds._asdict().items()},
                **{f"deck-{role.value.replace('_', '-')}": color for role, color in inks.items()},
                # Textual's own style sheets ask for these two, and define them for no theme.
                "ansi-background": grounds.background,
                "ansi-foreground": inks[Role.TEXT],
                # The terminal's own colours are not known: the other way round is the one other pair there is.
                "input-cursor-background": grounds.background if self.is_ansi else inks[Role.TEXT],
                "input-cursor-foreground": inks[Role.TEXT] if self.is_ansi else grounds.background,
                "input-cursor-text-style": "reverse" if self.is_ansi else "none",
                "input-selection-background": grounds.selection,
                "input-selection-foreground": inks[Role.TITLE],
            },
        )

    @staticmethod
    def _ground(color: str, inks: Mapping[Role, str]) -> Ground:
        return Ground(color, {role: Style.parse(ink) for role, ink in inks.items()})


def _css(style: Style) -> str:
    return "ansi_default" if style.color is None else Color.from_rich_color(style.color).hex


DARK = Palette(
    name="dark",
    dark=True,
    grounds=Grounds(background="#14171c", panel="#1b1f26", header="#0e1014", selection="#27303d"),
    inks={
        Role.TEXT: "#d7dce3",
        Role.TITLE: "#ffffff",
        Role.MUTED: "#9aa4b2",
        Role.FAINT: "#808a99",
        Role.ACCENT: "#7cb7ff",
        Role.LINK: "#7cb7ff",
        Role.FAILURE: "#ff8f85",
        Role.DENIED: "#f2c14e",
        Role.BEFORE: "#e0a19b",
        Role.AFTER: "#8fd6a0",
        Role.RULE: "#2c323c",
        Role.FAILURE_BADGE: "#14171c on #ff8f85",
        Role.DENIED_BADGE: "#14171c on #f2c14e",
        Role.ACCENT_BADGE: "#14171c on #7cb7ff",
        Role.MARKED: "reverse #2c323c on #ffffff",
    },
    on_selection={Role.FAINT: "#9aa4b2"},
)

LIGHT = Palette(
    name="light",
    dark=False,
    grounds=Grounds(background="#ffffff", panel="#f3f4f6", header="#e7eaee", selection="#dbe8fa"),
    inks={
        Role.TEXT: "#20252c",
        Role.TITLE: "#000000",
        Role.MUTED: "#505865",
        Role.FAINT: "#626a76",
        Role.ACCENT: "#0b5cad",
        Role.LINK: "#0b5cad",
        Role.FAILURE: "#b3261e",
        Role.DENIED: "#7a4f00",
        Role.BEFORE: "#9a3412",
        Role.AFTER: "#176b34",
        Role.RULE: "#d5d9df",
        Role.FAILURE_BADGE: "#ffffff on #b3261e",
        Role.DENIED_BADGE: "#ffffff on #7a4f00",
        Role.ACCENT_BADGE: "#ffffff on #0b5cad",
        Role.MARKED: "reverse #d5d9df on #000000",
    },
    on_selection={Role.FAINT: "#505865"},
)

# Looks the same with 256 colours: there is no variant of it.
HIGH_CONTRAST = Palette(
    name="high-contrast",
    dark=True,
    grounds=Grounds(background="#000000", panel="#121212", header="#262626", selection="#000087"),
    inks={
        Role.TEXT: "#eeeeee",
        Role.TITLE: "#ffffff",
        Role.MUTED: "#d0d0d0",
        Role.FAINT: "#bcbcbc",
        Role.ACCENT: "#87d7ff",
        Role.LINK: "#87d7ff",
        Role.FAILURE: "#ffafaf",
        Role.DENIED: "#ffd75f",
        Role.BEFORE: "#ffaf87",
        Role.AFTER: "#87ff87",
        Role.RULE: "#808080",
        Role.FAILURE_BADGE: "#000000 on #ffafaf",
        Role.DENIED_BADGE: "#000000 on #ffd75f",
        Role.ACCENT_BADGE: "#000000 on #87d7ff",
        Role.MARKED: "reverse #4e4e4e on #ffffff",
    },
)

# Nothing is known of the 16 colours but their names. Red and magenta can be read on black and on white in the palettes
# that terminals come with; green, yellow, cyan and blue cannot on one of them. What is left is said by other means.
TERMINAL = Palette(
    name="terminal",
    dark=True,
    is_ansi=True,
    grounds=Grounds(*["ansi_default"] * 4),
    inks={
        Role.TEXT: "",
        Role.TITLE: "",
        Role.MUTED: "",
        Role.FAINT: "dim",
        Role.ACCENT: "bold",
        Role.LINK: "underline",
        Role.FAILURE: "bold red",
        Role.DENIED: "bold magenta",
        Role.BEFORE: "",
        Role.AFTER: "",
        Role.RULE: "dim",
        Role.FAILURE_BADGE: "reverse red",
        Role.DENIED_BADGE: "reverse magenta",
        Role.ACCENT_BADGE: "reverse",
        Role.MARKED: "reverse",
    },
    on_selection={Role.FAINT: ""},
)

# Of 256 colours Rich takes the nearest by its own lights, and dark bluish greys would all become black. These stay apart.
_DARK_256 = replace(
    DARK,
    name="dark-256",
    grounds=Grounds(background="#1c1c1c", panel="#262626", header="#121212", selection="#3a3a3a"),
    inks={
        Role.TEXT: "#dadada",
        Role.TITLE: "#ffffff",
        Role.MUTED: "#b2b2b2",
        Role.FAINT: "#949494",
        Role.ACCENT: "#87afff",
        Role.LINK: "#87afff",
        Role.FAILURE: "#ff8787",
        Role.DENIED: "#ffaf5f",
        Role.BEFORE: "#d7af87",
        Role.AFTER: "#87d7af",
        Role.RULE: "#444444",
        Role.FAILURE_BADGE: "#121212 on #ff8787",
        Role.DENIED_BADGE: "#121212 on #ffaf5f",
        Role.ACCENT_BADGE: "#121212 on #87afff",
        Role.MARKED: "reverse #444444 on #ffffff",
    },
    on_selection={Role.FAINT: "#b2b2b2"},
)
_LIGHT_256 = replace(
    LIGHT,
    name="light-256",
    grounds=Grounds(background="#ffffff", panel="#eeeeee", header="#e4e4e4", selection="#d7d7ff"),
    inks={
        Role.TEXT: "#262626",
        Role.TITLE: "#000000",
        Role.MUTED: "#4e4e4e",
        Role.FAINT: "#585858",
        Role.ACCENT: "#005faf",
        Role.LINK: "#005faf",
        Role.FAILURE: "#af0000",
        Role.DENIED: "#5f5f00",
        Role.BEFORE: "#870000",
        Role.AFTER: "#005f00",
        Role.RULE: "#d0d0d0",
        Role.FAILURE_BADGE: "#ffffff on #af0000",
        Role.DENIED_BADGE: "#ffffff on #5f5f00",
        Role.ACCENT_BADGE: "#ffffff on #005faf",
        Role.MARKED: "reverse #d0d0d0 on #000000",
    },
    on_selection={Role.FAINT: "#4e4e4e"},
)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT, HIGH_CONTRAST, TERMINAL, _DARK_256, _LIGHT_256)}
_IN_256 = {"dark": "dark-256", "light": "light-256"}


def palette_of(theme_name: str) -> Palette:
    """The palette of the theme in force."""
    return PALETTES.get(theme_name, DARK)


def suited(theme_name: str, color_system: str | None) -> str:
    """The theme as a terminal can show it that has the colours of `color_system`, as Rich names it (`256`, `truecolor`).

    With 16 colours or none it is `terminal`: the nearest of 16 would leave text that cannot be told from what it lies on.
    """
    if color_system not in ("256", "truecolor"):
        return TERMINAL.name
    return _IN_256.get(theme_name, theme_name) if color_system == "256" else theme_name

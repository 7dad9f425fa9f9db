"""What a terminal is known to understand, beyond what all of them do."""

from collections.abc import Mapping
from dataclasses import dataclass

# These and their descendants; TERM may go on after any of them (xterm-256color, tmux-direct, foot-extra).
_MODERN = (
    "xterm",
    "tmux",
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "iterm",
    "kitty",
    "konsole",
    "linux",
    "mintty",
    "putty",
    "rxvt",
    "st-",
    "vte",
    "wezterm",
)


@dataclass(frozen=True, slots=True)
class TerminalTraits:
    """Of one terminal. What it is not known to do is done without: longer, and right on all."""

    erases_characters: bool = False
    """ECH: so many cells become blank, and the cursor stays."""
    erases_in_color: bool = False
    """What is erased takes the background that is set, not the terminal's own."""
    undoes_attributes: bool = False
    """One attribute, or a colour, goes without all others."""
    shifts_lines: bool = False
    """IL, DL: lines put in and taken out within the margins; without, one line at a time."""


LEAST = TerminalTraits()
MODERN = TerminalTraits(erases_characters=True, erases_in_color=True, undoes_attributes=True, shifts_lines=True)
# GNU screen erases with the terminal's own background, whatever is set, and may not know ECH.
SCREEN = TerminalTraits(undoes_attributes=True, shifts_lines=True)


def traits_of(environment: Mapping[str, str]) -> TerminalTraits:
    """Of the terminal that TERM names. tmux calls itself `screen`, too, and says by TMUX that it is not; in it there may be one."""
    term = environment.get("TERM", "")
    if term.startswith("screen"):
        return MODERN if environment.get("TMUX") and not environment.get("STY") else SCREEN
    return MODERN if term == "st" or term.startswith(_MODERN) else LEAST

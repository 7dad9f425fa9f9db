"""Every character beyond ASCII that we draw, once, and what stands for it on a terminal that has ASCII alone.

Whoever draws one asks for it at the moment of drawing, `glyphs().arrow`, and never writes it out; a new one is a new field
with both of its forms. Nothing else is needed: what is stored passes `tui.terminal.safe`, which asks here as well. The two
forms of one may differ in width, so whoever reckons with it measures what it was given (`cells_of`, `len`), except where
a field says that it is one cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of them, by what they are for."""

    only_ascii: bool
    """Whether nothing but printable ASCII may leave."""

    selection: str
    """The bar before what is selected; one cell."""
    failed: str
    """One cell, as all marks of a card are."""
    altered: str
    """One cell, too."""
    erased: str
    """One cell, too."""
    cause: str
    """Before the change that is to blame; one cell."""
    removed: str
    """Before what was taken away; what was added has its plus in ASCII anyway."""
    arrow: str
    dot: str
    """Between short facts."""
    dash: str
    """Between two dates."""
    rule: str
    """One cell of a line across."""
    thumb: str
    """One cell of where one is in the whole."""
    bars: str
    """A histogram's bars from the lowest to the highest; one cell each."""
    plot_area: str
    """What the plotting library fills an area with: one of its markers by name, or one character."""
    plot_line: str
    """What it draws a line with; where it cannot be told from an area by its form, another character."""
    folded: str
    cut: str
    """In the last cell of what was cut; one cell."""
    pending: str
    """What is not known yet."""
    stand_in: str
    """For a character that cannot be drawn in one cell; one cell."""
    arrow_keys: Mapping[str, str]
    """The keys that have arrows on them, by Textual's names; without one, a key is called by its name."""


UNICODE = Glyphs(
    only_ascii=False,
    selection="▌",
    failed="×",
    altered="≠",
    erased="∅",
    cause="»",
    removed="−",
    arrow="→",
    dot="·",
    dash="–",
    rule="─",
    thumb="┃",
    bars="▁▂▃▄▅▆▇█",
    plot_area="hd",
    plot_line="hd",
    folded="▸",
    cut="…",
    pending="…",
    stand_in="\ufffd",
    arrow_keys=MappingProxyType({"left": "←", "right": "→", "up": "↑", "down": "↓"}),
)

ASCII = Glyphs(
    only_ascii=True,
    selection=">",
    failed="x",
    altered="#",
    erased="0",
    cause="#",
    removed="-",
    arrow="->",
    dot=".",
    dash="-",
    rule="-",
    thumb="|",
    bars=".:|#",
    plot_area=":",
    plot_line="*",
    folded="+",
    cut="~",
    pending="...",
    stand_in="?",
    arrow_keys=MappingProxyType({}),
)

# A terminal belongs to the whole process, so this does too: an argument would run through every function that makes a row.
_in_force = UNICODE


def glyphs() -> Glyphs:
    """Those in force."""
    return _in_force


def draw_with(chosen: Glyphs) -> None:
    """Draw with these from now on. To be said before the first row is made, for rows are kept."""
    global _in_force
    _in_force = chosen

"""NO_COLOR (no-color.org): present and not empty, and no colour leaves."""

from collections.abc import Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


def wants_no_color(environment: Mapping[str, str]) -> bool:
    """Whether the person asked for no colour."""
    return bool(environment.get("NO_COLOR"))


class WithoutColor(LineFilter):
    """Takes every colour away, and leaves bold, dim, underline and reverse.

    Textual has shades of grey for a theme in colours, whose backgrounds run together, and sets even the terminal's own
    colours for one without.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment if segment.style is None else Segment(segment.text, segment.style.without_color, segment.control)
            for segment in segments
        ]

"""A few counts as bars of one cell each."""

from collections.abc import Sequence

from tui.glyphs import glyphs


def sparkline(counts: Sequence[int]) -> str:
    """One bar a count, the highest of them full; what is nothing stays blank, what is little has the lowest bar."""
    highest = max(counts, default=0)
    bars = glyphs().bars
    return "".join(bars[(count * len(bars) - 1) // highest] if count else " " for count in counts)

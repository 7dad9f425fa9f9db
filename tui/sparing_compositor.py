"""A compositor that asks a widget for those lines alone of which something has to be drawn.

Textual's asks every widget between the first and the last cell that has changed for all of its lines: where a key changes
two cards and the last row, that is the whole screen, most of it to be thrown away.
"""

from collections import defaultdict
from itertools import pairwise

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_Cells = tuple[int, int]
"""The first cell of a piece of a line, and the one after its last."""


class SparingCompositor(Compositor):
    """Draws what Textual's draws, wherever something has changed."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """The pieces of lines that have changed since the last update; None without any."""
        regions = self._dirty_regions.copy()
        self._dirty_regions.clear()
        spans = [span for span in self._regions_to_spans(regions) if 0 <= span[0] < self.size.height]
        if not spans:
            return None
        cuts = self.cuts
        # No line has a piece that reaches from one widget into another.
        missing: defaultdict[int, list[_Cells]] = defaultdict(list)
        for y, first, last in spans:
            line = cuts[y]
            missing[y] += [cells for cells in pairwise(line) if cells[0] < last and cells[1] > first]
        unchanged: dict[int, Strip | None] = {}
        chops = [
            dict[int, Strip | None].fromkeys(cuts[y][:-1]) if y in missing else unchanged for y in range(len(cuts))
        ]
        lines = sorted(missing)
        for widget, (region, clip) in self.visible_widgets.items():  # from the front to the back
            self._draw(widget, region, region.intersection(clip), lines, missing, chops)
        return ChopsUpdate(chops, spans, [cut[1:] for cut in cuts])

    def _draw(
        self,
        widget: Widget,
        region: Region,
        seen: Region,
        lines: list[int],
        missing: dict[int, list[_Cells]],
        chops: list[dict[int, Strip | None]],
    ) -> None:
        """Fill in what is missing where the widget is seen."""
        left, right = seen.x, seen.right
        found: dict[int, list[_Cells]] = {}
        for y in lines:
            if seen.y <= y < seen.bottom:
                here = [cells for cells in missing[y] if left <= cells[0] and cells[1] <= right]
                if here:
                    found[y] = here
        if not found:
            return
        first, last = next(iter(found)), next(reversed(found))
        strips = widget.render_lines(Region(left - region.x, first - region.y, seen.width, last - first + 1))
        for y, here in found.items():
            strip, line = strips[y - first], chops[y]
            for start, end in here:
                line[start] = strip.crop(start - left, end - left)
            missing[y] = [cells for cells in missing[y] if cells not in here] if len(here) < len(missing[y]) else []

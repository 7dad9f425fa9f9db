"""Stretches of time as sets: what several clauses about time leave, in microseconds (UTC)."""

from dataclasses import dataclass

from data.query import Window

END = 1 << 62
"""Later than any event."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches [start, end) that do not touch each other, in order. Nothing happens before 1970, which is 0."""

    stretches: tuple[tuple[int, int], ...] = ((0, END),)

    @classmethod
    def of(cls, windows: "list[Window]") -> "Spans":
        """All that lies in any of these windows."""
        bounds = sorted(
            (max(0, window.start_us or 0), END if window.end_us is None else window.end_us) for window in windows
        )
        found: list[tuple[int, int]] = []
        for start, end in bounds:
            if end <= start:
                continue
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return cls(tuple(found))

    def outside(self) -> "Spans":
        """All the rest of time."""
        edges = [0, *(edge for stretch in self.stretches for edge in stretch), END]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return Spans(tuple((start, end) for start, end in pairs if start < end))

    def and_also(self, other: "Spans") -> "Spans":
        """What lies in both."""
        found = []
        for start, end in self.stretches:
            for other_start, other_end in other.stretches:
                both = max(start, other_start), min(end, other_end)
                if both[0] < both[1]:
                    found.append(both)
        return Spans(tuple(sorted(found)))

    def may_overlap(self, first_ms: int, last_ms: int) -> bool:
        """Whether anything that happened from one millisecond up to another can lie in any of them."""
        return any(start // 1000 <= last_ms and first_ms * 1000 < end for start, end in self.stretches)

"""What a run has to say: aligned tables of plain text, and the machine that the numbers are of."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Table:
    """One part's results. The first column is text, the others are numbers already written out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The table in lines, the first column to the left and the others to the right."""
        lines = (self.columns, *self.rows)
        widths = [max(len(line[index]) for line in lines) for index in range(len(self.columns))]
        written = ["  ".join(_aligned(line, widths)).rstrip() for line in lines]
        return "\n".join((self.title, *(f"  {line}" for line in (*written, *self.notes))))


def milliseconds(seconds: float) -> str:
    """Seconds, as milliseconds with as many digits as mean something."""
    shown = seconds * 1_000
    return f"{shown:.2f}" if shown < 10 else f"{shown:.1f}" if shown < 100 else f"{shown:,.0f}"


def ratio(number: float, baseline: float) -> str:
    """How many times the baseline a number is."""
    return f"{number / baseline:.2f}" if baseline else UNKNOWN


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values that at least so many per cent of them do not exceed; NaN without values."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def machine() -> str:
    """The machine and the versions, on one line. The load is what others had it do when the run began."""
    return (
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, SQLAlchemy {version('sqlalchemy')}, "
        f"Textual {version('textual')}"
    )


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *rest = zip(line, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]

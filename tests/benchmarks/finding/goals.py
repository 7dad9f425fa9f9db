"""What is to be reached, by engine, and how it is said next to what was reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.finding.engines import POSTGRES, SQLITE
from tests.benchmarks.report import Table


@dataclass(frozen=True, slots=True)
class Goals:
    """Times are seconds. `memory` is in times the minimal app's."""

    page_p95: float
    facets_everything: float
    facets_30_days: float
    index_bytes: float
    memory: float
    page_most: float = 0.050
    of_plain: float = 0.03
    narrowing: float = 0.500
    cold_p95: float = 0.500
    growth: float = 3.0
    appending: float = 4.0
    importing: float = 8.0
    waiting: float = 0.250
    key: float = 0.050


GOALS = {
    SQLITE: Goals(page_p95=0.015, facets_everything=0.050, facets_30_days=0.015, index_bytes=40, memory=2.3),
    POSTGRES: Goals(page_p95=0.025, facets_everything=0.150, facets_30_days=0.025, index_bytes=50, memory=2.6),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One number, with its goal if it has one. `unit` is one of ms, times, % and bytes; of ms the numbers are seconds."""

    what: str
    reached: float
    unit: str
    goal: float | None = None

    @property
    def is_met(self) -> bool:
        return self.goal is None or self.reached <= self.goal

    def cells(self) -> tuple[str, ...]:
        """As a row of the table."""
        if self.goal is None:
            return (self.what, "", self._written(self.reached), "")
        return (self.what, self._written(self.goal), self._written(self.reached), "" if self.is_met else "missed")

    def _written(self, number: float) -> str:
        match self.unit:
            case "ms":
                return f"{number * 1_000:,.1f} ms"
            case "%":
                return f"{number:.1%}"
            case "times":
                return f"{number:.2f} x"
            case _:
                return f"{number:,.1f} {self.unit}"


def table_of(title: str, lines: Sequence[Line], notes: Sequence[str] = ()) -> Table:
    """Goal and reached, a line each."""
    return Table(title, ("what", "goal", "reached", ""), tuple(line.cells() for line in lines), tuple(notes))

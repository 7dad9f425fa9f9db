"""What the sidebar shows, and what its rows are for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from data.answers import Dimension, Facet
from data.query import Clause, Value, Window
from data.query.pausing import Filtering
from tui.presenters.pieces import Row
from tui.reading.narrowing import Narrowing


@dataclass(frozen=True, slots=True)
class TabsKey:
    """The row of tabs."""


@dataclass(frozen=True, slots=True)
class DatesKey:
    """The row that opens the dates."""


@dataclass(frozen=True, slots=True)
class ArchiveKey:
    """The row that says whether archived events are shown."""


@dataclass(frozen=True, slots=True)
class ClauseKey:
    """The row of a condition that is no value of a dimension."""

    clause: Clause


@dataclass(frozen=True, slots=True)
class ValueKey:
    """A value's row."""

    dimension: Dimension
    value: Value


@dataclass(frozen=True, slots=True)
class MoreKey:
    """The row behind which a dimension has more values."""

    dimension: Dimension


@dataclass(frozen=True, slots=True)
class BoxKey:
    """The row in which one types what to look for in a dimension."""

    dimension: Dimension


SidebarKey: TypeAlias = TabsKey | DatesKey | ArchiveKey | ClauseKey | ValueKey | MoreKey | BoxKey


@dataclass(frozen=True, slots=True)
class SidebarState:
    """All that the sidebar shows. Of `pending` dimensions, `facets` has the names from before, or nothing at all.

    `kept` is a value that is listed though nobody asks for it and others are more frequent: the cursor stands on it.
    `live_since_us` is the moment before which events are archived (µs, UTC), None while it is not known.
    """

    filtering: Filtering
    window: Window
    facets: Mapping[Dimension, Facet]
    pending: Collection[Dimension]
    narrowing: Narrowing | None
    zone: ZoneInfo
    now: datetime
    kept: ValueKey | None = None
    live_since_us: int | None = None


@dataclass(frozen=True, slots=True)
class SidebarRow:
    """Rows of the sidebar that belong together; without a key they are only read.

    `full` is the whole of a name that had to be cut.
    """

    rows: tuple[Row, ...]
    key: SidebarKey | None = None
    full: str | None = None


BLANK = SidebarRow(((),))


def first_found(rows: Iterable[SidebarRow], dimension: Dimension) -> ValueKey | None:
    """The first value of a dimension that there is a row of."""
    keys = (row.key for row in rows)
    return next((key for key in keys if isinstance(key, ValueKey) and key.dimension is dimension), None)


def key_to_stand_on(row: SidebarRow, rows: Iterable[SidebarRow]) -> SidebarKey | None:
    """The row's key, None where one cannot stand: on the box only as long as it has no value that one could stand on."""
    is_passed = isinstance(row.key, BoxKey) and first_found(rows, row.key.dimension) is not None
    return None if is_passed else row.key

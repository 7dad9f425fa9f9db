"""The made-up events as numpy columns: the very events that the databases hold, and what the oracle answers from.

24 months; a few do much and many do little; a year ago every fifth actor left; some popular pairs never meet, and some of
those met once, in the oldest month. Positions are in the order of ids, and so of time. No event has a request id, a
session or a token.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from data.answers import Dimension
from data.clock import to_microseconds
from tests.benchmarks.finding.vocabulary import vocabulary

Column: TypeAlias = npt.NDArray[Any]

END = datetime(2026, 11, 1, tzinfo=UTC)
"""What the readers take for now; nothing happened later."""
SPAN = timedelta(days=730)
START = END - SPAN
LATE = 0.05
"""So many events arrive late: minutes to weeks after they happened."""
NO_DURATION = -1
SERVICES_OF_A_TYPE = 8

_SEED = 6962
_DAY_US, _HOUR_US = 86_400_000_000, 3_600_000_000
_START_US, _END_US = to_microseconds(START), to_microseconds(END)
_A_YEAR_AGO_US = _END_US - 365 * _DAY_US
_RENAMED_AT_US = (_START_US + _END_US) // 2
# Microseconds: a minute to four weeks.
_LATENESS = (60_000_000, 28 * _DAY_US)
_TAIL_BITS = 62


@dataclass(frozen=True, slots=True)
class Columns:
    """A position's values stand at the same place of each column.

    `at` and `recorded` are microseconds (UTC), `tail` the random bits of the id, `arrival` the positions in the order of
    arrival, `seq` the order of arrival by position, from 1. `codes` are those of the vocabularies; a `duration` of -1 is
    none.
    """

    at: Column
    recorded: Column
    tail: Column
    arrival: Column
    seq: Column
    duration: Column
    codes: Mapping[Dimension, Column]

    def __len__(self) -> int:
        return len(self.at)

    def parts(self) -> Iterator[tuple[str, Column]]:
        """Every column and its name."""
        for name in ("at", "recorded", "tail", "arrival", "seq", "duration"):
            yield name, getattr(self, name)
        yield from self.codes.items()


def load_columns(folder: Path) -> Columns:
    """The columns in this folder; read as they are needed."""
    found = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    codes = {dimension: found.pop(dimension.value) for dimension in Dimension}
    return Columns(codes=codes, **found)


def save_columns(columns: Columns, folder: Path) -> None:
    """Keep them in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, column in columns.parts():
        np.save(folder / f"{name}.npy", column)


def make_columns(count: int) -> Columns:
    """So many events, the same in every run."""
    chance = np.random.default_rng(_SEED)
    at, tail = _moments(chance, count)
    codes = _codes(chance, at)
    _place_needles(codes, count)
    _rename(codes, at)
    recorded = _recorded(chance, at)
    arrival = np.argsort(recorded, kind="stable").astype("u4")
    seq = np.empty(count, "u4")
    seq[arrival] = np.arange(1, count + 1, dtype="u4")
    # Log-normal: half of them take less than 20 ms, one in a hundred more than 300 ms.
    duration = np.exp(chance.normal(3, 1.2, count)).astype("i4")
    duration[chance.random(count) < 0.05] = NO_DURATION
    return Columns(at, recorded, tail, arrival, seq, duration, codes)


def _moments(chance: np.random.Generator, count: int) -> tuple[Column, Column]:
    """When each happened, and the tail of its id, in the order of both. Less happens at night."""
    at = _START_US + (chance.random(count) * (_END_US - _START_US)).astype("i8")
    at_night = at // _HOUR_US % 24 < 6
    moved = at_night & (chance.random(count) < 0.6)
    at[moved] += 9 * _HOUR_US
    at = np.minimum(at, _END_US - 1)
    tail = chance.integers(0, 1 << _TAIL_BITS, count, dtype="u8")
    order = np.lexsort((tail, at))
    return at[order], tail[order]


def _codes(chance: np.random.Generator, at: Column) -> dict[Dimension, Column]:
    count = len(at)
    kind = _zipf(chance, vocabulary(Dimension.TYPE).size, 1.1, count)
    actors, clients = vocabulary(Dimension.ACTOR), vocabulary(Dimension.CLIENT)
    actor = _zipf(chance, actors.size, 1.1, count)
    left = (at >= _A_YEAR_AGO_US) & (actor % 5 == 3)
    actor[left] -= 1
    client = _zipf(chance, clients.size, 1.1, count)
    # Half of the time an actor uses one of six clients of their own.
    own = chance.random(count) < 0.5
    client[own] = (actor[own] * 31 + _zipf(chance, 6, 1.0, int(own.sum())) * 97) % clients.size
    client[_never_meet(actor, client)] += 1
    client %= clients.size
    client[chance.random(count) < 0.15] = clients.none
    service = (kind * 7 + _zipf(chance, SERVICES_OF_A_TYPE, 1.0, count) * 5) % vocabulary(Dimension.SERVICE).size
    service[chance.random(count) < 0.02] = vocabulary(Dimension.SERVICE).none
    outcome = np.searchsorted([0.92, 0.97], chance.random(count), side="right")
    outcome[(kind % 3 == 0) & (outcome == 2)] = 0  # every third type is never denied
    addresses = vocabulary(Dimension.IP)
    ip = (actor * 4 + chance.integers(0, 4, count)) % addresses.size
    elsewhere = chance.random(count) < 0.1
    ip[elsewhere] = _zipf(chance, addresses.size, 1.0, int(elsewhere.sum()))
    ip[chance.random(count) < 0.05] = addresses.none
    return {
        Dimension.TYPE: kind.astype("u1"),
        Dimension.OUTCOME: outcome.astype("u1"),
        Dimension.ACTOR: actor.astype("u2"),
        Dimension.CLIENT: client.astype("u2"),
        Dimension.TARGET: _zipf(chance, vocabulary(Dimension.TARGET).size, 0.8, count).astype("u4"),
        Dimension.SERVICE: service.astype("u1"),
        Dimension.IP: ip.astype("u2"),
    }


def _never_meet(actor: Column, client: Column) -> Column:
    found: Column = (actor + client) % 7 == 0
    return found


def _place_needles(codes: Mapping[Dimension, Column], count: int) -> None:
    """In the oldest month, one event each of a popular actor and client, and of a popular type and service, that never
    meet otherwise."""
    first, second = count // 2_000, count // 1_500
    codes[Dimension.ACTOR][first], codes[Dimension.CLIENT][first] = 1, 6
    codes[Dimension.TYPE][second], codes[Dimension.SERVICE][second] = 0, 1


def _rename(codes: Mapping[Dimension, Column], at: Column) -> None:
    for dimension in (Dimension.ACTOR, Dimension.CLIENT):
        words = vocabulary(dimension)
        second = np.arange(words.none + 1, dtype=codes[dimension].dtype)
        for code, new in words.renamed.items():
            second[code] = new
        since = int(np.searchsorted(at, _RENAMED_AT_US))
        codes[dimension][since:] = second[codes[dimension][since:]]


def _recorded(chance: np.random.Generator, at: Column) -> Column:
    delay = chance.integers(1_000, 400_000, len(at))
    late = chance.random(len(at)) < LATE
    shortest, longest = np.log(_LATENESS)
    delay[late] = np.exp(chance.uniform(shortest, longest, int(late.sum()))).astype("i8")
    recorded: Column = np.minimum(at + delay, _END_US + 400_000)
    return recorded


def _zipf(chance: np.random.Generator, size: int, exponent: float, count: int) -> Column:
    """Numbers below `size`, the first far more often than the last."""
    shares = np.cumsum(1 / np.arange(1, size + 1) ** exponent)
    found: Column = np.searchsorted(shares, chance.random(count) * shares[-1]).astype("i8")
    return found

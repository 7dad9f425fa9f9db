"""What the benchmark takes for a console that is left alone."""

from collections.abc import Mapping

import pytest

from tests.benchmarks.idle import bytes_within, until_calm
from tests.benchmarks.pseudo_terminal import Piece, PseudoTerminal


class _Played(PseudoTerminal):
    """Writes a piece at each of these seconds, and is busy until one of them; a second passes while it is read in vain."""

    def __init__(self, pieces: Mapping[float, bytes], busy_until: float = 0.0) -> None:
        self._pieces = dict(pieces)
        self._busy_until = busy_until
        self._clock = 0.0

    @property
    def now(self) -> float:
        return self._clock

    def read(self, patience_s: float) -> Piece | None:
        due = [at for at in self._pieces if at <= self._clock]
        if due:
            return Piece(due[0], self._pieces.pop(due[0]))
        self._clock += 1.0
        return None

    def cpu_s(self) -> float:
        return min(self._clock, self._busy_until)


def test_what_each_writes_in_that_time_is_counted_and_nothing_after_it() -> None:
    first, second = _Played({1.0: b"12345", 9.0: b"late"}), _Played({0.0: b"123", 2.0: b"4"})
    assert bytes_within({"first": first, "second": second}, 5.0) == {"first": 5, "second": 4}


@pytest.mark.parametrize(("busy_s", "waited_s"), [(0.0, 2.0), (5.0, 6.0), (1_000.0, 60.0)])
def test_whoever_is_busy_is_waited_for_but_not_for_ever(busy_s: float, waited_s: float) -> None:
    assert until_calm({"calm": _Played({}), "busy": _Played({}, busy_s)}) == pytest.approx(waited_s, abs=2.0)

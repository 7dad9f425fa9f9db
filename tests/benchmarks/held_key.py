"""A key that is held down: how long after each press the screen shows what it did, and how long output goes on after it.

Where the cursor stands is read off the screen: the time of the card that it is on. A first, slow pass tells where each press
leads, and a press counts as shown once the cursor stands there or further on: presses may be shown together.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tests.benchmarks.pseudo_terminal import Piece, PseudoTerminal
from tests.benchmarks.report import percentile
from tests.benchmarks.screen import Screen

RATE_HZ = 30
_CURSOR = re.compile(r"▌(\d\d:\d\d:\d\d)")
_ANSWERED_S = 0.05
_PATIENCE_S = 3.0
# A narrow line may pause; more than this is the end.
_OVER_S = 1.0


class Sighting(NamedTuple):
    """Where the cursor stood in a whole frame, and when that was on the screen."""

    at: float
    place: str


class Held(NamedTuple):
    """What became of a key that was held: seconds until each press was shown, of those that were, and from the last press
    to the last output."""

    latencies_s: tuple[float, ...]
    presses: int
    after_s: float
    sent: int
    """Bytes."""

    def latency_s(self, percent: int) -> float:
        """The percentile over all presses; infinite if so many were never shown."""
        never = (float("inf"),) * (self.presses - len(self.latencies_s))
        return percentile((*self.latencies_s, *never), percent)


def cursor_on(text: str) -> str | None:
    """The time of the card that the cursor is on, as the screen shows it."""
    found = _CURSOR.search(text)
    return found[1] if found else None


def places_of(terminal: PseudoTerminal, screen: Screen, key: bytes, presses: int) -> list[str]:
    """Where the cursor stands after each of so many presses, each of which waits until the one before is shown."""
    places = []
    for _ in range(presses):
        terminal.write(key)
        screen.settle(_ANSWERED_S, _PATIENCE_S)
        place = cursor_on(screen.text())
        assert place is not None, screen.text()
        places.append(place)
    return places


def hold(terminal: PseudoTerminal, screen: Screen, key: bytes, places: Sequence[str], patience_s: float) -> Held:
    """Press the key as a keyboard repeats it, once for each place that it leads to; then wait until nothing comes any more,
    at most for so long."""
    pressed: list[float] = []
    pieces: list[Piece] = []
    began = terminal.now
    for number in range(len(places)):
        while (left := began + number / RATE_HZ - terminal.now) > 0:
            pieces += filter(None, [terminal.read(left)])
        pressed.append(terminal.now)
        terminal.write(key)
    end = terminal.now + patience_s
    while terminal.now < end and (piece := terminal.read(_OVER_S)):
        pieces.append(piece)
    # Emulated only now: it takes longer than reading, and the times would wait for it.
    shown = [Sighting(piece.at, place) for piece in pieces for place in _places_in(screen, piece)]
    last = max((piece.at for piece in pieces), default=pressed[-1])
    return Held(
        tuple(latencies(pressed, shown, places)),
        len(pressed),
        max(last - pressed[-1], 0.0),
        sum(len(piece.data) for piece in pieces),
    )


def latencies(pressed: Sequence[float], shown: Sequence[Sighting], places: Sequence[str]) -> list[float]:
    """Seconds from each press to the first sighting of where it leads, or of where a later one does."""
    found: list[float] = []
    for sighting in shown:
        reached = len(found)
        if sighting.place in places[reached:]:
            covered = pressed[reached : places.index(sighting.place, reached) + 1]
            found += (max(sighting.at - at, 0.0) for at in covered)
    return found


def _places_in(screen: Screen, piece: Piece) -> list[str]:
    """Where the cursor stands in each frame that this piece of output ends."""
    return [place for text in screen.frames_in(piece) if (place := cursor_on(text)) is not None]

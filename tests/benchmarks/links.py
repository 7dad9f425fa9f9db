"""A key held down over a real ssh, near and far: how long after a press the screen shows it, and how long output goes on."""

from collections.abc import Iterator, Mapping, Sequence

from tests.benchmarks.consoles import USUAL, console_words
from tests.benchmarks.frames import Frames, counted, framed_console, frames_environment
from tests.benchmarks.held_key import RATE_HZ, Held, hold, places_of
from tests.benchmarks.keys import PAGE_DOWN
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.report import UNKNOWN, Table, milliseconds, ratio
from tests.benchmarks.screen import Screen
from tests.benchmarks.slow_link import Link, slow_link
from tests.benchmarks.ssh_server import MISSING, SshServer, can_serve, ssh_server
from tests.benchmarks.workplace import Workplace

_KEYS = {"j": b"j", "pgdn": PAGE_DOWN}
_TO_THE_TOP = b"g"
_LINKS: dict[Link, tuple[str, ...]] = {
    Link(0): (
        "p50, p95: from a press to the screen that shows it; after: from the last press to the last output",
        "ratios: auto to stock over the same link",
    ),
    Link(100): (),
    Link(100, 2_000): ("goal: auto p95 200, after 200",),
    Link(100, 512): ("goal: auto p95 500, after 500",),
}
_PRESSES = 3 * RATE_HZ
_QUIET_S = 0.4
# Stock output over the narrowest line goes on for about 20 s.
_PATIENCE_S = 40.0
_PERCENTS = (50, 95)
_COLUMNS = (
    "key",
    *(column for frames in Frames for column in (f"{frames} p50", "p95", "after", "kB")),
    *("p95 ratio", "after", "kB"),
)


def measure(place: Workplace) -> Iterator[Table]:
    """A table a link, and in it a row a key: stock output, then the encoder's."""
    if not can_serve():
        yield _table("nowhere", (), (MISSING,))
        return
    with framed_console(place, Frames.STOCK) as (terminal, screen):
        places = {}
        for name, key in _KEYS.items():
            _go_to_the_top(terminal, screen)
            places[name] = places_of(terminal, screen, key, _PRESSES)
    with ssh_server(place) as server:
        for link, notes in _LINKS.items():
            with slow_link(link, server.port, place.environment()) as port:
                held = [_held(place, server, port, frames, places) for frames in Frames]
            yield _table(str(link), tuple(_row(name, *(one[name] for one in held)) for name in _KEYS), notes)


def _table(link: str, rows: tuple[tuple[str, ...], ...], notes: tuple[str, ...]) -> Table:
    title = f"(k) A key held over ssh, {link}, {RATE_HZ} a second, {_PRESSES} presses; {USUAL}; ms"
    return Table(title, _COLUMNS, rows, notes)


def _held(
    place: Workplace, server: SshServer, port: int, frames: Frames, places: Mapping[str, Sequence[str]]
) -> dict[str, Held]:
    """Each key, held from the newest event on."""
    words, environment = console_words(place), frames_environment(place, frames)
    found = {}
    with server.on_terminal(place, port, words, environment, USUAL) as terminal:
        screen = counted(place, terminal)
        for name, key in _KEYS.items():
            _go_to_the_top(terminal, screen)
            found[name] = hold(terminal, screen, key, places[name], _PATIENCE_S)
    return found


def _go_to_the_top(terminal: PseudoTerminal, screen: Screen) -> None:
    terminal.write(_TO_THE_TOP)
    screen.settle(_QUIET_S, 2 * _QUIET_S)


def _row(name: str, stock: Held, auto: Held) -> tuple[str, ...]:
    cells = []
    for held in (stock, auto):
        cells += [_shown(held.latency_s(percent)) for percent in _PERCENTS]
        cells += [milliseconds(held.after_s), f"{held.sent / 1_000:,.0f}"]
    return (
        name,
        *cells,
        ratio(auto.latency_s(95), stock.latency_s(95)),
        ratio(auto.after_s, stock.after_s),
        ratio(auto.sent, stock.sent),
    )


def _shown(seconds: float) -> str:
    return UNKNOWN if seconds == float("inf") else milliseconds(seconds)

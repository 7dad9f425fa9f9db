"""What frames show is what Textual's own output shows: hand-picked screens through a real tmux and a real GNU screen."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.functional.console.multiplexers import SCREEN, TMUX, Pane, Screen, Tmux
from tests.unit.tui.frames.emulated_terminal import Cell, EmulatedTerminal
from tui.frames.frames import Frames
from tui.frames.traits import traits_of

_WIDTH, _HEIGHT = 40, 10
_ENVIRONMENTS: dict[str, dict[str, str]] = {
    "tmux-256color": {"TERM": "tmux-256color"},
    "screen-256color in tmux": {"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"},
    "screen-256color": {"TERM": "screen-256color"},
    "vt100": {"TERM": "vt100"},
}
_Line = Sequence[Segment]


def _line(text: str, **look: str | bool) -> _Line:
    return [Segment(text, Style(**look) if look else None)]  # type: ignore[arg-type]


def _full(text: str, **look: str | bool) -> _Line:
    return _line((text * _WIDTH)[:_WIDTH], **look)


def _log(first: int, count: int = _HEIGHT) -> list[_Line]:
    """Lines as of a log, each unlike the others."""
    return [
        [
            Segment(f"{number:03} ", Style(color="bright_black")),
            Segment("client.created", Style(bold=True, color="green")),
            Segment(" by 漢字 ", Style(bgcolor="blue") if number % 2 else None),
            Segment("#" * (number % 7)),
        ]
        for number in range(first, first + count)
    ]


_COLORS = ("red", "bright_red", "color(200)", "color(9)", "#010203", "default")


def _sequences() -> dict[str, Sequence[Sequence[_Line]]]:
    """Screens that follow each other. Made anew each time, for Rich keeps with a style how it was first written."""
    blue_row, rule = _line(" " * _WIDTH, bgcolor="blue"), _line("─" * _WIDTH, color="cyan")
    return {
        "wide characters by halves": (
            [_line("漢字漢字漢字"), _line("a漢字", bold=True), _line("漢漢漢", color="red")],
            [_line("a漢字漢字漢"), _line("漢字a", bold=True), _line("漢字漢", color="red")],
            [_line(" 字 字 字"), _line("abcdef", bold=True), _line("字漢字 and on", color="red")],
        ),
        "wide characters in color over and under narrow ones": (
            [_line("abcdef", bgcolor="blue"), _line("漢字漢", bgcolor="blue")],
            [_line("a漢字f", bgcolor="red"), _line("x字xx漢", bgcolor="red")],
        ),
        "erased with a background": (
            [_full("x"), _full("x"), _full("x"), _full("x")],
            [blue_row, _line("x" + " " * 30 + "y" * 9, bgcolor="red"), _line("", bgcolor="red"), _line("abc" + " " * 37)],
            [_line(" " * _WIDTH, bgcolor="#123456"), blue_row, blue_row, _line(" " * 39 + "x", bgcolor="color(30)")],
        ),
        "scrolled within margins": (
            [blue_row, *_log(10, 8), rule],
            [blue_row, *_log(11, 8), rule],
            [blue_row, *_log(15, 8), rule],
            [blue_row, *_log(13, 8), rule],
        ),
        "scrolled as a whole": (_log(10), _log(12), _log(11), _log(6)),
        "scrolled with blank lines in color": (
            [*_log(1, 5), blue_row, *_log(6, 4)],
            [*_log(2, 4), blue_row, *_log(6, 4), blue_row],
            [_line(""), *_log(1, 5), blue_row, *_log(6, 3)],
        ),
        "underlined, struck and reversed blanks": (
            [_line(" " * 20, underline=True), _line(" " * 20, strike=True), _line(" " * 20, reverse=True, color="red")],
            [_line(" " * 20), _line(" " * 20, underline=True), _line("a" + " " * 20, strike=True, underline=True)],
            [_line("  x" + " " * 20, reverse=True), _line(" " * 40, underline=True), _line(" " * 20, bold=True)],
        ),
        "the last column, and the last cell": (
            [_full("0123456789")] * _HEIGHT,
            [_full("012345678") for _ in range(_HEIGHT)],
            [*[_line("x" * 39 + "y", bold=True)] * 9, _line(" " * 39 + "z", bgcolor="red")],
            [*[_line("x" * 38 + "漢", bold=True)] * 9, _line(" " * 38 + "字", bgcolor="red")],
            [*[_line("x" * 39 + " ", bold=True)] * 9, _line(" " * 40, bgcolor="red")],
        ),
        "marks": (
            [_line("cafe\u0301 e\u0301e\u0301"), _line("o\u0323\u0302x", color="red")],
            [_line("cafe e\u0301e"), _line("xo\u0323\u0302", color="red")],
            [[*_line("caf"), *_line("e", reverse=True), *_line("\u0301 e")], _line("o\u0323x", color="red")],
        ),
        "emoji that are wide everywhere": (
            [_line("a\U0001f512b\U0001f512c"), _line("\U0001f512" * 10, bgcolor="blue")],
            [_line("ab\U0001f512c\U0001f512d"), _line("x" + "\U0001f512" * 9, bgcolor="blue")],
        ),
        "colors of every kind": (
            [[Segment(f"{name:>12}", Style(color=name, bgcolor=behind)) for behind in _COLORS[:3]] for name in _COLORS],
            [[Segment(f"{name:>12}", Style(color=name, bgcolor=behind)) for behind in _COLORS[3:]] for name in _COLORS],
            [[Segment(f"{name:>12}", Style(color=behind, bgcolor=name)) for behind in _COLORS[:3]] for name in _COLORS],
        ),
        "attributes that come and go": (
            [_line("word " * 3, bold=True, dim=True), _line("word", underline2=True), _line("word", underline=True)],
            [_line("word " * 3, dim=True, italic=True), _line("word", underline=True), _line("word", underline2=True)],
            [_line("word " * 3, bold=True), _line("word", blink=True, overline=True), _line("word", conceal=True)],
        ),
        "a word among many": (
            [_full("all that there was ", color="green", bgcolor="#101010")] * 5,
            [_full("all what there was ", color="green", bgcolor="#101010")] * 5,
            [_full("all what there is! ", color="green", bgcolor="#202020")] * 5,
        ),
    }  # fmt: skip


def _updates(screens: Sequence[Sequence[_Line]]) -> list[tuple[LayoutUpdate, tuple[int, int]]]:
    """Each screen as Textual composes it, with the cursor's cell."""
    blank = _line("")
    return [
        (
            LayoutUpdate(
                [[Strip(line).adjust_cell_length(_WIDTH)] for line in (*lines, *[blank] * (_HEIGHT - len(lines)))],
                Region(0, 0, _WIDTH, _HEIGHT),
            ),
            (number * 13 % _WIDTH, number * 3 % _HEIGHT),
        )
        for number, lines in enumerate(screens)
    ]


def _write_stock(pane: Pane, screens: Sequence[Sequence[_Line]], colors: ColorSystem) -> None:
    console = Console(color_system=None)
    console._color_system = colors
    for update, cursor in _updates(screens):
        pane.write(update.render_segments(console) + Control.move_to(*cursor).segment.text)


def _write_frames(
    pane: Pane, screens: Sequence[Sequence[_Line]], colors: ColorSystem, environment: Mapping[str, str]
) -> None:
    def later(wait_s: float, then: Callable[[], None]) -> None:
        raise AssertionError("nothing keeps a frame here")

    frames = Frames(colors, traits_of(environment), pane.write, later)
    frames.answer()
    for update, cursor in _updates(screens):
        frames.take(update, cursor)
        frames.answer()


def _seen(lines: Sequence[str]) -> list[list[Cell]]:
    """What tmux says that is seen."""
    emulated = EmulatedTerminal(_WIDTH, _HEIGHT)
    for number, line in enumerate(lines, 1):
        # Its own way to write a double underline, and a line above.
        emulated.write(f"\x1b[{number}H" + re.sub(r"5:3(?=[;m])", "53", re.sub(r"4:2(?=[;m])", "21", line)))
    return emulated.seen


def _everything(tmux: Tmux, name: str) -> tuple[str, list[str], list[list[Cell]]]:
    """The cursor's place, the text of each row, and what is seen in all cells but the last column's."""
    cursor, lines = tmux.shown(name)
    text = ["".join(cell.data for cell in row).rstrip() for row in _seen(lines)]
    # tmux tells of a row's cells up to the last that was written, and of none that was erased behind it.
    tmux.pane(name).write(_in_last_column("|"))
    return cursor, text, _seen(tmux.shown(name)[1])


def _in_last_column(mark: str) -> str:
    return "\x1b[m" + "".join(f"\x1b[{y};{_WIDTH}H{mark}" for y in range(1, _HEIGHT + 1))


@pytest.fixture(scope="module")
def tmux() -> Iterator[Tmux]:
    """A tmux with panes of that size."""
    if TMUX is None:
        pytest.skip("there is no tmux here (Debian: apt-get install tmux)")
    with Tmux(_WIDTH, _HEIGHT) as running:
        yield running


@pytest.fixture(scope="module")
def screen(tmux: Tmux) -> Iterator[Screen]:
    """A GNU screen of the same size."""
    if SCREEN is None:
        pytest.skip("there is no GNU screen here (Debian: apt-get install screen)")
    with Screen(tmux) as running:
        yield running


_OF_COLORS = ("colors of every kind", "erased with a background")
# tmux is asked when all is shown: what it is asked for ends a sequence.
_SEQUENCES = [
    pytest.param(name, count, colors, id=f"{name}-{count}-{colors.name.lower()}")
    for name, screens in _sequences().items()
    for colors in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD)
    for count in range(1, len(screens) + 1)
    if colors is ColorSystem.TRUECOLOR or name in _OF_COLORS and count == len(screens)
]


@pytest.mark.parametrize(("name", "count", "colors"), _SEQUENCES)
def test_frames_show_in_tmux_what_textual_shows(tmux: Tmux, name: str, count: int, colors: ColorSystem) -> None:
    screens = _sequences()[name][:count]
    tmux.pane("stock").begin()
    _write_stock(tmux.pane("stock"), screens, colors)
    wanted = _everything(tmux, "stock")
    for environment in _ENVIRONMENTS.values():
        tmux.pane("framed").begin()
        _write_frames(tmux.pane("framed"), screens, colors, environment)
        assert _everything(tmux, "framed") == wanted


# It knows neither links nor colours in full, and shows those of Textual that it is sent all the same in ways of its own.
@pytest.mark.parametrize("name", _sequences())
def test_frames_show_in_gnu_screen_what_textual_shows(screen: Screen, name: str) -> None:
    screens, seen = _sequences()[name], []
    for mark, write in (("<", _write_stock), (">", partial(_write_frames, environment={"TERM": "screen-256color"}))):
        screen.pane.begin()
        write(screen.pane, screens, ColorSystem.EIGHT_BIT)
        screen.pane.write(_in_last_column(mark))
        seen.append([row[:-1] for row in _seen(screen.shown_with(mark))])
    stock, framed = seen
    assert framed == stock

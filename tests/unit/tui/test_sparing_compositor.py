"""What is drawn of a change is what Textual would draw of it, by asking for fewer lines."""

from collections import Counter
from random import Random

import pytest
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.painted_screen import PaintedScreen
from tui.sparing_compositor import SparingCompositor

_COLUMNS, _ROWS = 40, 14


class Lines(Widget):
    """Draws lines that say whose they are, and counts them."""

    drawn: Counter[str]

    def render_line(self, y: int) -> Strip:
        assert self.id is not None
        self.drawn[self.id] += 1
        segments = [
            Segment(f"{self.id}{y} 漢字 ", Style(bold=True)),
            Segment("." * self.size.width, Style(color="red")),
        ]
        return Strip(segments).adjust_cell_length(self.size.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        assert self.id is not None
        self.drawn[f"{self.id} asked"] += crop.height
        return super().render_lines(crop)


class _Panes(PaintedScreen[None]):
    def compose(self) -> ComposeResult:
        yield Lines(id="head")
        with Horizontal():
            yield Lines(id="left")
            with Vertical():
                yield Lines(id="long")
            yield Lines(id="right")
        yield Lines(id="foot")
        yield Lines(id="over")


class _App(App[None]):
    CSS = """
    Screen { layers: below above; }
    #head, #foot { height: 1; }
    #left { width: 9; }
    #right { padding: 0 1; }
    #long { height: 30; }
    #over { layer: above; width: 11; height: 5; offset: 5 3; }
    Vertical { overflow: hidden; }
    """

    def get_default_screen(self) -> _Panes:
        return _Panes()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    counted: Counter[str] = Counter()
    monkeypatch.setattr(Lines, "drawn", counted, raising=False)
    return counted


async def test_every_cell_that_has_changed_is_as_textual_draws_it(drawn: Counter[str]) -> None:
    random = Random(8)
    async with _App().run_test(size=(_COLUMNS, _ROWS)) as pilot:
        await pilot.pause()
        compositor = pilot.app.screen._compositor
        assert isinstance(compositor, SparingCompositor)
        for _ in range(300):
            regions = {_region(random) for _ in range(random.randint(1, 4))}
            compositor._dirty_regions = set(regions)
            ours = compositor.render_partial_update()
            compositor._dirty_regions = set(regions)
            theirs = Compositor.render_partial_update(compositor)
            assert ours is not None
            assert theirs is not None
            assert _cells(ours) == _cells(theirs)
    assert drawn


async def test_only_lines_that_have_changed_are_asked_for(drawn: Counter[str]) -> None:
    async with _App().run_test(size=(_COLUMNS, _ROWS)) as pilot:
        await pilot.pause()
        compositor = pilot.app.screen._compositor
        drawn.clear()
        compositor._dirty_regions = {Region(0, 0, _COLUMNS, 1), Region(0, _ROWS - 1, _COLUMNS, 1), Region(36, 5, 2, 2)}
        compositor.render_partial_update()
    assert drawn == {"head asked": 1, "foot asked": 1, "right asked": 2}


async def test_nothing_is_drawn_where_nothing_has_changed(drawn: Counter[str]) -> None:
    async with _App().run_test(size=(_COLUMNS, _ROWS)) as pilot:
        await pilot.pause()
        drawn.clear()
        pilot.app.screen._compositor._dirty_regions = set()
        assert pilot.app.screen._compositor.render_partial_update() is None
    assert not drawn


def _region(random: Random) -> Region:
    x, y = random.randrange(_COLUMNS), random.randrange(_ROWS)
    return Region(x, y, random.randint(1, _COLUMNS - x), random.randint(1, _ROWS - y))


def _cells(update: ChopsUpdate) -> dict[tuple[int, int], tuple[str, Style | None]]:
    """Every cell of the spans, with what stands in it; a wide character stands in its first."""
    cells: dict[tuple[int, int], tuple[str, Style | None]] = {}
    for y, first, last in update.spans:
        for x, strip in update.chops[y].items():
            if strip is None:
                continue
            at = x
            for text, style, _ in strip:
                for character in text:
                    if first <= at < last:
                        cells[at, y] = character, style
                    at += 2 if character in "漢字" else 1
    return cells

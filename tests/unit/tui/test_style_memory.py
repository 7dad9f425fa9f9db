"""What has the focus and which classes are set is asked about only by those rules that ask for it."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.css import stylesheet
from textual.css.styles import RenderStyles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from tests import headless
from tui.style_memory import StyleMemory


class Pane(Widget, can_focus=True):
    """Something with parts that it draws itself."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"pane--part"}


class Leaf(Widget):
    """One of those that there are many of."""


class _Deck(App[None]):
    CSS = """
    Pane { color: #111111; }
    Pane:focus { color: #222222; }
    Pane .pane--part { color: #333333; }
    Screen.-low Pane .pane--part { color: #444444; }
    Leaf { color: #555555; }
    #first:focus Leaf.-asking { color: #666666; }
    Screen.-low #second > Leaf { color: #777777; }
    .-narrow.-low Leaf { height: 3; }
    Leaf.-own { height: 4; }
    """

    def __init__(self, kind: type[Stylesheet] = StyleMemory) -> None:
        super().__init__()
        self.stylesheet = kind(variables=self.get_css_variables())

    def compose(self) -> ComposeResult:
        with Pane(id="first"):
            yield Leaf(classes="-asking")
            yield Leaf()
        with Pane(id="second"):
            yield Leaf()
        with Vertical(id="third"):
            yield Leaf()
            yield Leaf()
        with Vertical(id="fourth"):
            yield Pane(id="inner")
            yield Leaf()


class _DeckOfOthers(_Deck):
    """One with rules that ask what others there are."""

    CSS = (
        _Deck.CSS
        + """
    Leaf:disabled { height: 5; }
    Vertical:last-child Leaf { width: 7; }
    #third Leaf:first-child { width: 8; }
    #fourth:focus-within Leaf { width: 9; }
    """
    )


def _said(styles: RenderStyles) -> dict[str, str]:
    return {name: repr(value) for name, value in styles.base._rules.items()}


def _styles(app: App[None]) -> dict[str, Any]:
    return {
        f"{number} {node}": (
            _said(node.styles),
            {name: _said(styles) for name, styles in node._component_styles.items()},
        )
        for number, node in enumerate(app.screen.walk_children(with_self=True))
    }


def _low(app: App[None]) -> None:
    app.screen.toggle_class("-low")


def _narrow(app: App[None]) -> None:
    app.screen.toggle_class("-narrow")


def _own(app: App[None]) -> None:
    app.query(Leaf).toggle_class("-own")


def _focus(selector: str) -> Callable[[App[None]], None]:
    return lambda app: app.screen.set_focus(app.query_one(selector))


def _out_of_use(app: App[None]) -> None:
    app.query_one("#second").disabled = not app.query_one("#second").disabled


def _more(app: App[None]) -> None:
    app.query_one("#third").mount(Leaf(), before=0)


def _theme(app: App[None]) -> None:
    app.theme = "textual-light" if app.current_theme.dark else "textual-dark"


CHANGES = (
    *(_low, _focus("#second"), _narrow, _own, _focus("#inner"), _low, _out_of_use, _focus("#first")),
    *(_more, _theme, _focus("#inner"), _low, _narrow, _out_of_use, _own, _low, _theme),
)


def _change_nothing(_app: App[None]) -> None:
    pass


@pytest.mark.parametrize("deck", [_Deck, _DeckOfOthers])
async def test_styles_are_those_of_textual(deck: type[_Deck]) -> None:
    app, theirs = deck(), deck(Stylesheet)
    async with app.run_test() as pilot:
        seen = []
        for change in (_change_nothing, *CHANGES):
            change(app)
            await pilot.pause()
            seen.append(_styles(app))
    async with theirs.run_test() as pilot:
        for change, styles in zip((_change_nothing, *CHANGES), seen, strict=True):
            change(theirs)
            await pilot.pause()
            assert styles == _styles(theirs), change
    idle = [change for (before, after), change in zip(pairwise(seen), CHANGES, strict=True) if before == after]
    assert idle == []


async def test_who_is_not_asked_about_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    app = _Deck()
    async with app.run_test() as pilot:
        await pilot.pause()
        applied: list[DOMNode] = []
        apply = Stylesheet.apply

        def noted(
            sheet: Stylesheet, node: DOMNode, *, animate: bool = False, cache: dict[tuple[Any, ...], Any] | None = None
        ) -> None:
            applied.append(node)
            apply(sheet, node, animate=animate, cache=cache)

        monkeypatch.setattr(Stylesheet, "apply", noted)
        app.screen.add_class("-of-no-rule")
        app.query_one("#second").focus()
        await pilot.pause()
        asked, unasked = app.query_one("#first > .-asking"), app.query_one("#second > Leaf")
        assert asked in applied
        assert unasked not in applied
        app.screen.add_class("-low")
        assert unasked in applied


async def test_no_sheet_is_read_twice_in_the_same_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[object, ...]] = []
    parse: Any = vars(stylesheet)["parse"]

    def noted(*source: Any, **how: Any) -> Any:  # noqa: ANN401
        read.append((*source, how["tie_breaker"], tuple(map(str, how["variable_tokens"].values()))))
        return parse(*source, **how)

    monkeypatch.setattr(stylesheet, "parse", noted)
    monkeypatch.setattr(
        Stylesheet, "_parse_rules", headless._parse_rules
    )  # as outside of tests, which read each sheet once
    app = _Deck()
    async with app.run_test() as pilot:
        app.add_mode("other", _Other)
        await app.switch_mode("other")
        await pilot.pause()
        assert app.screen.query_one(Pane).styles.opacity == 0.5
        assert read and len(set(read)) == len(read)
        before = len(read)
        app.refresh_css()
        assert len(read) == before
        app.theme = "textual-light"
        app.refresh_css()
        assert len(read) > before


class _Other(Screen[None]):
    CSS = "Pane { opacity: 0.5; }"

    def compose(self) -> ComposeResult:
        yield Pane()


async def test_another_theme_has_other_colours() -> None:
    app = _Themed()
    async with app.run_test() as pilot:
        before = app.query_one(Leaf).styles.background
        app.theme = "textual-light"
        await pilot.pause()
        assert app.query_one(Leaf).styles.background != before
        app.theme = "textual-dark"
        await pilot.pause()
        assert app.query_one(Leaf).styles.background == before


class _Themed(App[None]):
    CSS = "Leaf { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = StyleMemory(variables=self.get_css_variables())

    def compose(self) -> ComposeResult:
        yield Leaf()

"""What a console that nobody looks at need not do over and over: a third of what its tests would wait for."""

from typing import Any

from rich.console import RenderableType
from textual._compositor import Compositor
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.screen import Screen

_Key = tuple[str, CSSLocation, bool, int, str, tuple[tuple[str, str], ...]]
_RULES: dict[_Key, list[RuleSet]] = {}
_parse_rules = Stylesheet._parse_rules


def parse_rules_once(
    sheet: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    """`Stylesheet._parse_rules`, which every application does anew for the same style sheets."""
    key = (css, read_from, is_default_rules, tie_breaker, scope, tuple(sorted(sheet._variables.items())))
    if key not in _RULES:
        _RULES[key] = _parse_rules(sheet, css, read_from, is_default_rules, tie_breaker, scope)
    return _RULES[key]


def paint_nothing(
    compositor: Compositor, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
) -> RenderableType | None:
    """`Compositor.render_update` for a terminal that is not there: what tests read, they have painted when they read it.

    Whatever has to hold of each frame is for the snapshots and for the tests on pseudo-terminals.
    """
    compositor._dirty_regions.clear()
    return None

"""What a console of these tests need not do over and over."""

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

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

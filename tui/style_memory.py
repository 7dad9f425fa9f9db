"""A style sheet that applies its rules to a widget again only when something has changed that they ask about.

Textual applies all rules anew to each widget below one that gets or loses the focus or a class, whatever they ask: 45 ms
for a deck of cards, on each way from pane to pane.
"""

from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from textual.app import App
from textual.cache import LRUCache
from textual.css.model import RuleSet, Selector, SelectorType
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

# What these say of a widget follows from others, which come and go.
_OF_OTHERS = Stylesheet._EXCLUDE_PSEUDO_CLASSES_FROM_CACHE

# Each widget's own rules and each screen's: 61 for the first one, and more for each of the others.
_MOST_SOURCES = 512

_Situation = tuple[object, ...]


class _Asked(NamedTuple):
    """What the rules that can be a widget's ask about those around it."""

    classes: frozenset[str]
    """Classes of widgets above it."""
    is_state_asked: bool
    """Whether the states of widgets above it matter: having the focus, lying under the mouse, being out of use."""
    is_of_others: bool
    """Whether anything else matters, which is not remembered."""


class StyleMemory(Stylesheet):
    """Remembers of each widget in which situation its rules were applied."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._remembered_rules: list[RuleSet] | None = None
        self._situations: WeakKeyDictionary[DOMNode, _Situation] = WeakKeyDictionary()
        self._asked: dict[tuple[type[Widget], frozenset[str]], _Asked] = {}
        self._parse_cache = LRUCache(_MOST_SOURCES)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take these colours; nothing that was read is forgotten where they are those that there were."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Read anew whatever the colours are in. Textual reads every sheet again, six times until the first screen is seen."""
        self.parse()  # which changes nothing where there is an error

    def apply(
        self, node: DOMNode, *, animate: bool = False, cache: dict[tuple[object, ...], RulesMap] | None = None
    ) -> None:
        if not isinstance(node, Widget):
            super().apply(node, animate=animate, cache=cache)
            return
        if self._remembered_rules is not self.rules:
            self._remembered_rules = self.rules
            self._situations.clear()
            self._asked.clear()
        situation = self._situation(node)
        if situation is not None and self._situations.get(node) == situation:
            # What it has worked out from its styles also follows from those above it.
            node.notify_style_update()
            return
        super().apply(node, animate=animate, cache=cache)
        if situation is None:
            self._situations.pop(node, None)
        else:
            self._situations[node] = situation

    def _situation(self, node: Widget) -> _Situation | None:
        """All that the rules ask about a widget; None if they ask for more than can be said of it by itself."""
        names = frozenset(node._selector_names)
        asked = self._asked.get((type(node), names))
        if asked is None:
            asked = self._asked[type(node), names] = self._asked_of(names.union(_components(node)))
        if asked.is_of_others:
            return None
        own = (id(node._parent), names, _state(node))
        if not asked.classes and not asked.is_state_asked:
            return own
        above = node.ancestors
        classes = tuple(frozenset(asked.classes & one._classes) for one in above)
        states = tuple(map(_state, above)) if asked.is_state_asked else ()
        return (*own, classes, states)

    def _asked_of(self, names: frozenset[str]) -> _Asked:
        rules = [rule for name in self.rules_map.keys() & names for rule in self.rules_map[name]]
        above = [*_above(rules)]
        return _Asked(
            frozenset(selector.name for selector in above if selector.type is SelectorType.CLASS),
            any(selector.pseudo_classes for selector in above),
            any(not rule.pseudo_classes.isdisjoint(_OF_OTHERS) for rule in rules),
        )


def _state(node: DOMNode) -> tuple[object, ...]:
    """What can be asked of a widget, or of the application, by a colon; themes are other rules."""
    if isinstance(node, Widget):
        return (*node._pseudo_classes_cache_key, node.allow_focus())
    return (isinstance(node, App) and node.app_focus,)


def _components(node: DOMNode) -> Iterator[str]:
    """The names by which rules can be those of a part that a widget draws itself."""
    for name in node._get_component_classes():
        yield f".{name}"
    yield DOMNode.__name__


def _above(rules: list[RuleSet]) -> Iterator[Selector]:
    """The parts of rules that are about others than the widget or, of it, more than the last word."""
    for rule in rules:
        for selectors in rule.selector_set:
            yield from selectors.selectors[:-1]

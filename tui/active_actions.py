"""Which actions mean something where the focus is now, and on what they would be run."""

from dataclasses import dataclass

from textual.dom import DOMNode
from textual.screen import Screen

from tui.keymap import BY_ID, Action
from tui.permitted import may


@dataclass(frozen=True, slots=True)
class ActiveAction:
    """An action, and the widget, screen or application that declares it."""

    action: Action
    node: DOMNode


def active_actions(screen: Screen[object]) -> tuple[ActiveAction, ...]:
    """The actions that a key could reach on this screen now, from the nearest to the focus to the farthest.

    One whose every key is another's nearer to the focus is not among them, nor is what one may not do; one without a key
    is.
    """
    found: dict[str, ActiveAction] = {}
    for active in screen.active_bindings.values():
        action = BY_ID.get(active.binding.id or "")
        if action is not None and active.enabled and may(action.needed):
            found.setdefault(action.id, ActiveAction(action, active.node))
    return tuple(found.values())

"""The keys that lead out of the console, on every screen."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from textual.binding import Binding
from textual.screen import Screen

from tui import screens


def _all_screens() -> Iterator[type[Screen[object]]]:
    for module in walk_packages(screens.__path__, f"{screens.__name__}."):
        import_module(module.name)
    waiting: list[type[Screen[object]]] = [Screen]
    while waiting:
        found = waiting.pop().__subclasses__()
        yield from (one for one in found if one.__module__.startswith(screens.__name__))
        waiting += found


def test_wherever_one_can_quit_one_can_go_to_the_shell() -> None:
    seen = 0
    for screen in _all_screens():
        ids = {one.id for one in screen.BINDINGS if isinstance(one, Binding)}
        assert ("app.quit" in ids) == ("app.stop" in ids), screen
        seen += "app.quit" in ids
    assert seen > 10

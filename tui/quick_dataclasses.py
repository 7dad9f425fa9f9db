"""Methods of dataclasses, made when they are first called: making them all took a third of the time that imports take.

`dataclass` writes each method as text and has Python compile it, five or six for a class, and most are never called before
the first events are on the screen. Here a method is that text until its first call, and from then on what it always was.
Until then `inspect.signature` of the class is not the dataclass's own: it says that whatever is given will do. The docstring
that `dataclass` makes for a class without one is written with that, and stays so. Where `dataclasses` is not as it was in
Python 3.11 and 3.12, nothing is changed.
"""

import dataclasses
from collections.abc import Callable
from types import FunctionType
from typing import Any

_MAKER = "_create_fn"
_TAKES = ("name", "args", "body", "globals", "locals", "return_type")


def make_methods_when_called() -> bool:
    """From here on, in this process; whether that can be, or is so already."""
    make = getattr(dataclasses, _MAKER, None)
    if make is _late:
        return True
    if not isinstance(make, FunctionType) or make.__code__.co_varnames[: len(_TAKES)] != _TAKES:
        return False
    _Making.at_once = make
    setattr(dataclasses, _MAKER, _late)
    return True


class _Making:
    at_once: Callable[..., Callable[..., Any]]
    """As `dataclasses` makes them."""


def _late(name: str, *text: Any, **scope: Any) -> Callable[..., Any]:  # noqa: ANN401
    made: Callable[..., Any] | None = None

    def method(self: object, /, *arguments: Any, **words: Any) -> Any:  # noqa: ANN401
        nonlocal made
        if made is None:
            made = _Making.at_once(name, *text, **scope)
            made.__qualname__ = method.__qualname__
            for one in type(self).__mro__:
                if one.__dict__.get(name) is method:
                    setattr(one, name, made)
        return made(self, *arguments, **words)

    method.__name__ = method.__qualname__ = name
    return method

"""A property that is found out once for each object, and nobody waits for another object's.

`functools.cached_property` of Python 3.11 has one lock for all objects of a class: a thread that asks the database within
it, and waits there for what another thread's transaction has, would keep that one from going on, for ever.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

_Found = TypeVar("_Found")


class once(Generic[_Found]):
    """As `property`, and kept in the object's dictionary. For objects that one thread has at a time."""

    def __init__(self, find: Callable[[Any], _Found]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, thing: None, owner: type) -> "once[_Found]": ...

    @overload
    def __get__(self, thing: object, owner: type) -> _Found: ...

    def __get__(self, thing: object | None, owner: type) -> "once[_Found] | _Found":
        if thing is None:
            return self
        # What is in the dictionary is found before this is asked again.
        found = vars(thing)[self._name] = self._find(thing)
        return found

"""Tests of tui.quick_dataclasses, each in a process of its own: it changes what all of a process goes by."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]

_SCRIPT = """
import copy, dataclasses, inspect, pickle, sys
from dataclasses import FrozenInstanceError, InitVar, dataclass, field, fields, replace
from functools import cached_property

if {is_quick}:
    from tui.quick_dataclasses import make_methods_when_called
    assert make_methods_when_called() and make_methods_when_called(), "dataclasses are made in another way now"

@dataclass(frozen=True, slots=True, order=True)
class Place:
    x: int
    y: int = 0
    names: list = field(default_factory=list, compare=False, repr=False)

@dataclass
class Base:
    one: int
    def __post_init__(self):
        self.two = self.one * 2

@dataclass(kw_only=True)
class Derived(Base):
    three: InitVar[int] = 3
    def __post_init__(self, three):
        super().__post_init__()
        self.four = three + 1

@dataclass(frozen=True)
class Holder:
    place: Place
    me: object = None
    def __repr__(self):
        return "own"
    @cached_property
    def far(self):
        return self.place.x + 1

@dataclass(eq=False)
class Loop:
    to: object = None

@dataclass
class Owner:
    self: int
    arguments: int = 0
    words: int = 0

def raised(call):
    try:
        return call()
    except Exception as error:
        return f"{{type(error).__name__}}: {{error}}"

place, loop = Place(1, names=["a"]), Loop()
loop.to = loop
place_again = Place(1)
said = [
    repr(place), place == place_again, place != Place(2), hash(place) == hash(place_again), place < Place(1, 2),
    raised(lambda: place < 3), place.__eq__(3), replace(place, y=5), copy.copy(place), pickle.loads(pickle.dumps(place)).names,
    raised(lambda: setattr(place, "x", 3)), raised(lambda: delattr(place, "x")), raised(lambda: setattr(place, "z", 3)),
    raised(Place), raised(lambda: Owner(self=1)), raised(lambda: Owner(2, words=3, arguments=4)), raised(lambda: Place(1, 2, [], 4)), raised(lambda: Place(w=1)),
    Derived(one=2, three=5).__dict__, Derived(one=2) == Derived(one=2), raised(lambda: Derived(2)), raised(lambda: hash(Base(1))),
    repr(Holder(place)), Holder(place).far, repr(loop), repr(loop), Place.__match_args__, [one.name for one in fields(Derived)],
    str(inspect.signature(Place.__init__)), Place.__init__.__qualname__, dataclasses.asdict(place), dataclasses.make_dataclass("M", ["a"])(1),
]
print("\\n".join(map(str, said)))
"""


def _said(*, is_quick: bool) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(is_quick=is_quick)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return ended.stdout.splitlines()


def test_dataclasses_do_all_that_they_did() -> None:
    quick, usual = _said(is_quick=True), _said(is_quick=False)
    assert quick == usual
    assert "Place(x=1, y=0)" in usual and "FrozenInstanceError: cannot assign to field 'x'" in usual


def test_another_dataclasses_is_left_alone() -> None:
    script = """
import dataclasses
dataclasses._create_fn = other = lambda name, body: None
from tui.quick_dataclasses import make_methods_when_called
assert not make_methods_when_called() and dataclasses._create_fn is other
del dataclasses._create_fn
assert not make_methods_when_called() and not hasattr(dataclasses, "_create_fn")
"""
    subprocess.run([sys.executable, "-c", script], cwd=PROJECT, timeout=30, check=True)

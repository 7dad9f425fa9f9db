"""Memory goes back after what took long, whatever came of it, and after nothing else."""

import ctypes

import pytest

from data import memory


class _Library:
    def __init__(self) -> None:
        self.trimmed = 0

    def malloc_trim(self, _kept: int) -> int:
        self.trimmed += 1
        return 1


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> _Library:
    library = _Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    return library


def test_what_is_quick_gives_nothing_back(library: _Library) -> None:
    with memory.given_back():
        pass
    assert library.trimmed == 0


def test_what_took_long_gives_back_once_even_where_it_fails(library: _Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_LONG_S", -1.0)
    with memory.given_back():
        assert library.trimmed == 0, "not before it is over"
    with pytest.raises(KeyError), memory.given_back():
        raise KeyError
    assert library.trimmed == 2


def test_a_library_that_cannot_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_LONG_S", -1.0)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    with memory.given_back():
        pass

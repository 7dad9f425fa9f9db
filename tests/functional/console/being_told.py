"""How soon a console is told of what arrives: sooner than people need it, for tests that wait."""

import pytest

from data.store import arrivals


def tell_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives is told as soon as it does, from the beginning on."""
    monkeypatch.setattr("tui.app.BEGIN_S", 0.01)
    monkeypatch.setattr(arrivals, "LOOK_S", 0.02)
    monkeypatch.setattr(arrivals, "APART_S", 0.05)


def tell_often(monkeypatch: pytest.MonkeyPatch, every_s: float) -> None:
    """So often it is told that something may have arrived, as by a server that does not tell by itself."""
    monkeypatch.setattr("tui.app.BEGIN_S", every_s)
    monkeypatch.setattr(arrivals, "APART_S", 0.0)
    monkeypatch.setattr(arrivals, "POLL_S", every_s)
    monkeypatch.setattr(arrivals, "_DataVersion", lambda _: arrivals._Deaf())

"""The snapshots stand on the demo of the console's tests: the same events, ids and moment in every run."""

from pathlib import Path

import pytest

from tests.functional.console.conftest import demo, events, own_demo, terminal_without_wishes
from tests.functional.console.troubled_log import Trouble
from tests.snapshot.states import Scene

__all__ = ["demo", "events", "own_demo", "terminal_without_wishes"]


@pytest.fixture
def scene(own_demo: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The demo, with trouble that can be made. Its file has a name that is the same in every run."""
    monkeypatch.chdir(own_demo.parent)
    for transaction in ("read_transaction", "unit_of_work"):
        monkeypatch.setattr(f"data.store.{transaction}.person_at", lambda _: "alice")
    monkeypatch.setattr("data.store.location.Location.shown", property(lambda location: location.name))
    return Scene(own_demo, Trouble())

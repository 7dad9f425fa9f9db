"""States of the requests' screen, at three sizes, as a picture that was looked at; see `test_audit_log_screen`."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.functional.console.driving import Driver, make_app
from tests.snapshot.states import STATES_OF_REQUESTS, Scene, State, lead, made


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
@pytest.mark.parametrize("state", STATES_OF_REQUESTS, ids=[state.name for state in STATES_OF_REQUESTS])
def test_state(state: State, size: tuple[int, int], scene: Scene, snap_compare: Callable[..., bool]) -> None:
    async def lead_there(pilot: Pilot[None]) -> None:
        await lead(Driver(pilot), state, scene)

    with made(state, scene):
        app = make_app(scene.open_log, state.query)
        assert snap_compare(app, terminal_size=size, run_before=lead_there)

"""States of the requests' screen, at three sizes, as pictures that were looked at; see `test_audit_log_screen`."""

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.functional.console.driving import Driver, make_app
from tests.snapshot.pictures import FIRST, differing
from tests.snapshot.states import STATES_OF_REQUESTS, Scene, State, lead, made

_LOOKS = ((FIRST, "dark"), ((80, 24), "dark"), ((200, 60), "dark"))


@pytest.mark.parametrize("state", STATES_OF_REQUESTS, ids=[state.name for state in STATES_OF_REQUESTS])
async def test_state(state: State, scene: Scene, snapshot: SnapshotAssertion) -> None:
    with made(state, scene):
        async with make_app(scene.open_log, state.query).run_test(size=FIRST) as pilot:
            driver = Driver(pilot)
            await lead(driver, state, scene)
            assert await differing(driver, _LOOKS, snapshot) == []

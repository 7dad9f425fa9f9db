"""Every state of the audit log screen, at two sizes and up to four, and some in the other themes, as pictures that were looked at.

`python -m pytest tests/snapshot --snapshot-update` makes them anew.
"""

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.functional.console.driving import Driver, make_app
from tests.snapshot.pictures import FIRST, Size, differing
from tests.snapshot.states import STATES, Scene, State, lead, made

# Where the smallest and the largest size show what the two between them do not; `test_sizes.py` holds every state to its size.
_SMALLEST_TOO = frozenset(
    {
        *("deck", "oldest", "filters", "open_card", "open_card_end", "this_value", "dates", "search_error", "no_match"),
        *("empty_log", "no_connection", "new_events", "views", "save_view", "lines", "palette", "help", "why_stopped"),
    }
)
_LARGEST_TOO = frozenset(
    {
        *(
            "deck",
            "scrolled",
            "card_selected",
            "filters",
            "open_card",
            "found",
            "failed_or_denied",
            "looking",
            "no_match",
        ),
        *("empty_log", "connection_lost", "net_change", "histogram", "compact", "marked", "views", "why_stopped"),
    }
)
# What these show between them has every role on every ground; the other states have the same in other places.
_IN_EVERY_THEME = frozenset({"filters_paused", "open_card", "this_value", "search_error", "failed_or_denied", "found"})
_LIGHT_TOO = frozenset({"deck", "why_stopped", "compact", "lines", "histogram", "net_change", "views"})


def _looks_of(state: State) -> list[tuple[Size, str]]:
    """The sizes and themes in which a state is seen; the console's first size comes first, and its own theme last."""
    themes = [
        *(["light"] if state.name in _IN_EVERY_THEME | _LIGHT_TOO else []),
        *(["high-contrast", "terminal"] if state.name in _IN_EVERY_THEME else []),
    ]
    sizes = [
        (80, 24),
        *([(60, 20)] if state.name in _SMALLEST_TOO else []),
        *([(200, 60)] if state.name in _LARGEST_TOO else []),
    ]
    return [(FIRST, "dark"), *((FIRST, theme) for theme in themes), *((size, "dark") for size in sizes)]


@pytest.mark.parametrize("state", STATES, ids=[state.name for state in STATES])
async def test_state(state: State, scene: Scene, snapshot: SnapshotAssertion) -> None:
    with made(state, scene):
        async with make_app(scene.open_log, state.query).run_test(size=FIRST) as pilot:
            driver = Driver(pilot)
            await lead(driver, state, scene)
            assert await differing(driver, _looks_of(state), snapshot, settles=state.settles) == []

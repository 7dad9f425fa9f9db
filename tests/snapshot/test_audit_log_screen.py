"""Every state of the audit log screen, at two sizes and up to four, and some in the other themes, as a picture that was looked at.

`python -m pytest tests/snapshot --snapshot-update` makes them anew.
"""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.functional.console.driving import Driver, make_app
from tests.snapshot.states import STATES, Scene, State, lead, made

_SIZES = ((80, 24), (120, 40))
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
_PICTURES = [
    *((state, size, "dark") for state in STATES for size in _SIZES),
    *((state, (60, 20), "dark") for state in STATES if state.name in _SMALLEST_TOO),
    *((state, (200, 60), "dark") for state in STATES if state.name in _LARGEST_TOO),
    *((state, (120, 40), "light") for state in STATES if state.name in _IN_EVERY_THEME | _LIGHT_TOO),
    *(
        (state, (120, 40), theme)
        for theme in ("high-contrast", "terminal")
        for state in STATES
        if state.name in _IN_EVERY_THEME
    ),
]


@pytest.mark.parametrize(
    ("state", "size", "theme"),
    _PICTURES,
    ids=[f"{state.name}-{size[0]}x{size[1]}-{theme}" for state, size, theme in _PICTURES],
)
def test_state(
    state: State, size: tuple[int, int], theme: str, scene: Scene, snap_compare: Callable[..., bool]
) -> None:
    async def lead_there(pilot: Pilot[None]) -> None:
        await lead(Driver(pilot), state, scene)

    with made(state, scene):
        app = make_app(scene.open_log, state.query, theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=lead_there)

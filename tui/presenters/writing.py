"""That nothing can be written, in a sentence."""

from zoneinfo import ZoneInfo

from data.keeping import Unwritable
from tui.presenters.values import minute_text


def unwritable_text(state: Unwritable, zone: ZoneInfo) -> str:
    """Since when, what still works, and why. Times are shown in `zone`."""
    return (
        f"Nothing can be written since {minute_text(state.since, zone)}; reading goes on, and exporting to another disk. "
        f"{state.why}"
    )

"""What every screen of the console is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from data.clock import Clock
from data.records import Event, Json
from tui.first_answer import FirstAnswer
from tui.navigation import Navigation
from tui.reading.questions import LogOpener
from tui.reading_recorder import Recording


@dataclass(frozen=True, slots=True)
class Workplace:
    """One database seen in one zone, and the way to the other screens.

    `database` is what it is called on the screen, `address` what a command line calls it, without a password (None
    leaves it out). `as_json` gives an event's JSON form. `first_answer` may have the first events of the audit log.
    """

    log: LogOpener
    database: str
    address: str | None
    zone: ZoneInfo
    clock: Clock
    as_json: Callable[[Event], Mapping[str, Json]]
    navigation: Navigation
    recording: Recording = field(default_factory=Recording)
    first_answer: FirstAnswer | None = None

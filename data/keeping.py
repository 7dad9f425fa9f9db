"""What the keeper did, and how often it looks."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta

EVERY_S = 60
"""Seconds from one run to the next."""

RETIRE_WITHIN_S, RETIRE_BESIDE_S = 20.0, 5.0
"""Seconds of a run that removing old events takes at most, and of one within a program that has something else to do."""

INDEX_EVERY_S = 1
"""Seconds from one look at the index to the next: what it does not hold yet is slow to read."""

SEAL_EVERY_S = 0.5
"""Seconds from one look for unsealed events to the next: a checkpoint is at most a second behind."""

LAST_RUN, LAST_WORK = "keeper", "keeper work"
"""What is noted of the keeper: its last run, and the last one in which there was anything to do."""

MISSED_AFTER = timedelta(minutes=10)
"""Where none has run for so long, none is at work: it looks every minute."""


@dataclass(frozen=True, slots=True)
class Unwritable:
    """Nothing can be written to the database since then (UTC), and why; what is there can be read."""

    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is noted of one run: when it began (UTC), what it did, a number by each kind, and why it could not go on."""

    ran_at: datetime
    did: Mapping[str, int]
    error: str | None = None
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class KeeperRun:
    """What one run did.

    `expired` counts the clients and tokens whose expiry it logged, `lost` the sessions whose consoles vanished, `over` the
    invitations whose time was; `sent` the invitations whose mail went out, and `unsent` those whose mail did not. `indexed`
    are the events that came into the index since the run before, and `segments` of how many it was made anew; `sealed` are
    those that have their place in the proof since then. `retired` are the old events that were removed.
    """

    expired: int = 0
    lost: int = 0
    over: int = 0
    sent: int = 0
    unsent: int = 0
    indexed: int = 0
    segments: int = 0
    sealed: int = 0
    retired: int = 0

    @property
    def did_anything(self) -> bool:
        """But for sealing, which goes on all the time."""
        return any(astuple(replace(self, sealed=0)))

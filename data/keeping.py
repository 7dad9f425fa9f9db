"""What the keeper did, and how often it looks."""

from dataclasses import dataclass

EVERY_S = 60
"""Seconds from one run to the next."""


@dataclass(frozen=True, slots=True)
class KeeperRun:
    """What one run did. `expired` counts the clients and tokens whose expiry it logged, `lost` the sessions
    whose consoles vanished."""

    expired: int = 0
    lost: int = 0

    @property
    def did_anything(self) -> bool:
        return bool(self.expired or self.lost)

"""How the whole stands: the database, the rules in force, the keeper and whoever looks. Times are in UTC."""

from dataclasses import dataclass, field
from datetime import datetime

from data.access.model import Standing
from data.erasing import Unfinished
from data.keeping import Upkeep
from data.policy import Policy
from data.proof_state import ProofState
from data.retention import RetentionState


@dataclass(frozen=True, slots=True)
class LogCondition:
    """How many events a log holds, and when the oldest of them happened."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class DatabaseCondition:
    """What a database says of itself. Sizes are in bytes, `free_bytes` is what the disk of an embedded one has left.

    `connections` counts all to a shared one, whoever has them; `schema` is its revision. In `address` is no password.
    """

    engine: str
    version: str
    address: str
    schema: str
    is_embedded: bool
    size_bytes: int
    free_bytes: int | None
    events: LogCondition
    requests: LogCondition
    connections: int | None
    most_connections: int | None
    is_replica: bool = False


@dataclass(frozen=True, slots=True)
class LastVerification:
    """The last verification that the log tells of: when it ended, who had it made (a name), how many events were looked at,
    and whether the proof held, else the first thing that was wrong.
    """

    at: datetime
    who: str
    looked: int
    holds: bool
    because: str | None = None


@dataclass(frozen=True, slots=True)
class SystemState:
    """All of it as of `asked_at`.

    `verification` is None where there was none, or whoever asks may not read the log. `last_run` is the keeper's last, `last_work` the last one in which there was anything to do; None where there was none.
    """

    asked_at: datetime
    database: DatabaseCondition
    policy: Policy
    standing: Standing
    proof: ProofState | None = None
    session_id: str | None = None
    last_run: Upkeep | None = None
    last_work: Upkeep | None = None
    retention: RetentionState | None = None
    unfinished: Unfinished = field(default_factory=Unfinished)
    verification: LastVerification | None = None

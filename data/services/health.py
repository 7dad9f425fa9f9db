"""How the whole stands, asked at once: what the System screen shows."""

from data.health import SystemState
from data.keeping import LAST_RUN, LAST_WORK
from data.services.acts import READ_HEALTH
from data.services.gate import Gate
from data.stop import Stop


class Health:
    """Reads how one database stands. Whoever is let in may know it."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def read(self, stop: Stop | None = None) -> SystemState:
        """All of it, counted exactly. Raises NotSignedIn, Cancelled, and the errors of `data.errors`."""
        gate = self._gate
        with gate.reading(READ_HEALTH, stop) as transaction:
            return SystemState(
                gate.clock(),
                transaction.condition.read(gate.database.location),
                transaction.policy_in_force,
                gate.standing_of(transaction, gate.caller_in(transaction)),
                gate.session_id,
                transaction.upkeep.find(LAST_RUN),
                transaction.upkeep.find(LAST_WORK),
            )

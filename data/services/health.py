"""How the whole stands, asked at once: what the System screen shows."""

from dataclasses import replace

from data.health import SystemState
from data.keeping import LAST_RUN, LAST_WORK
from data.services.acts import READ_HEALTH
from data.services.gate import Gate
from data.services.proofs import Proofs
from data.services.retention import retention_state
from data.stop import Stop


class Health:
    """Reads how one database stands. Whoever is let in may know it."""

    def __init__(self, gate: Gate, proofs: Proofs) -> None:
        self._gate = gate
        self._proofs = proofs

    def read(self, stop: Stop | None = None) -> SystemState:
        """All of it, counted exactly. Raises NotSignedIn, Cancelled, and the errors of `data.errors`."""
        gate = self._gate
        with gate.reading(READ_HEALTH, stop) as transaction:
            now = gate.clock()
            standing = gate.standing_of(transaction, gate.caller_in(transaction))
            state = SystemState(
                now,
                transaction.condition.read(gate.database.location),
                transaction.policy_in_force,
                standing,
                session_id=gate.session_id,
                last_run=transaction.upkeep.find(LAST_RUN),
                last_work=transaction.upkeep.find(LAST_WORK),
                retention=retention_state(transaction, now, standing),
            )
        return replace(state, proof=self._proofs.look(stop))

"""How the whole stands, asked at once: what the System screen shows."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from data.health import LastVerification, SystemState
from data.keeping import LAST_RUN, LAST_WORK
from data.permissions import Permission
from data.query import parse_query
from data.records import Log, Outcome
from data.services.acts import READ_HEALTH
from data.services.erasing import unfinished_in
from data.services.exports import CHANGE_LOG
from data.services.gate import Gate
from data.services.proofs import Proofs
from data.services.retention import retention_state
from data.stop import Stop
from data.store.read_transaction import ReadTransaction

_VERIFICATIONS = parse_query("type:log.verified,log.verification_failed last:all")
_AMONG = 50
_UTC = ZoneInfo("UTC")


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
                unfinished=unfinished_in(transaction),
                verification=_last_verification(transaction) if standing.may(Permission.AUDIT_READ) else None,
            )
        return replace(state, proof=self._proofs.look(stop))


def _last_verification(transaction: ReadTransaction) -> LastVerification | None:
    """The last that was about the whole log, among the latest few of all."""
    for event in transaction.events(_UTC, Log.CHANGES).page(_VERIFICATIONS, limit=_AMONG).items:
        if event.target is not None and event.target.type == CHANGE_LOG.type and event.target.id == CHANGE_LOG.id:
            looked = event.data.get("count")
            return LastVerification(
                event.occurred_at,
                event.actor.name or event.actor.id or event.actor.type,
                looked if isinstance(looked, int) else 0,
                event.outcome is Outcome.SUCCESS,
                event.reason,
            )
    return None

"""The proof as whoever looks at the log sees it: how far it is sealed, and that it continues what was seen before."""

import logging
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from data.caller import Caller
from data.errors import DatabaseError
from data.proof.errors import ProofBroken
from data.proof.findings import Finding, Wrong
from data.proof.one_event import VerifiedEvent, verify_event
from data.proof.pool import WORTH_A_POOL_BESIDE
from data.proof.verifier import Progress, Verified, Verifier
from data.proof.witness import Witness
from data.proof_state import ProofState
from data.records import Json, Outcome, Reference
from data.services.acts import TELL_OF_MISMATCH, VERIFY, WATCH_PROOF
from data.services.exports import CHANGE_LOG
from data.services.gate import Act, Gate
from data.services.index_inspecting import index_findings
from data.stop import Stop
from data.store.any_text import any_text

_LOG = logging.getLogger("auditdeck.proof")


class Proofs:
    """Watches the proof of one database, for somebody who remembers what they saw of it."""

    def __init__(self, gate: Gate, folder: Path | None) -> None:
        """In `folder` is remembered what was seen last."""
        self._gate = gate
        self._witness = Witness(folder, gate.database.location.shown)
        self._told: str | None = None

    def look(self, stop: Stop | None = None) -> ProofState:
        """How the proof stands. A contradiction to what was seen before is logged, once by each process.

        Raises NotSignedIn, Cancelled, and the errors of `data.errors`.
        """
        with self._gate.reading(WATCH_PROOF, stop):
            pass
        with self._gate.database.upkeep_reading(stop) as connection, any_text(connection):
            state = self._witness.look(connection, self._gate.clock())
        if state.mismatch is not None and state.mismatch != self._told:
            self._told = state.mismatch
            _LOG.error("the proof does not hold: %s", state.mismatch)
            try:
                self._tell(self._gate.caller(), state)
            except DatabaseError as error:  # whoever looks is told all the same
                _LOG.error("that the proof does not hold could not be logged: %s", error)
        return state

    def verify(
        self,
        by: Caller,
        *,
        only_new: bool = False,
        stop: Stop | None = None,
        progress: Progress = lambda _what, _done, _all: None,
        beside: bool = False,
    ) -> Verified:
        """Whether all that is sealed is as it was sealed, and nothing else is there; with `only_new`, what was sealed since it
        was verified here last, and not the index. What comes of it is logged. `beside` is for a program that has something
        else to do: other processes look at all but a few events.

        Raises NotPermitted, Cancelled, ProofBroken where there is nothing to verify by, and the errors of `data.errors`.
        """
        with self._gate.reading(VERIFY, stop, by=by):
            pass
        database = self._gate.database
        state = self.look(stop)
        if state.trouble is not None:
            raise ProofBroken(state.trouble)
        since = self._witness.verified if only_new else 0
        address = database.location.url.render_as_string(hide_password=False)
        worth_a_pool = WORTH_A_POOL_BESIDE if beside else None
        found = Verifier(database, address, worth_a_pool).run(since, stop, progress)
        if not only_new:
            wrong = index_findings(database, address, stop or Stop(), progress, worth_a_pool)
            found = replace(found, findings=(*found.findings, *wrong))
        if state.mismatch is not None:
            found = replace(found, findings=(Finding(Wrong.CONTINUED, state.mismatch), *found.findings))
        if found.holds:
            self._witness.note_verified(found.size)
        because = None if found.holds else found.findings[0].sentence
        self._note(by, because, {"count": found.checked, "size": found.size}, found.root)
        return found

    def verify_event(self, by: Caller, event_id: UUID, stop: Stop | None = None) -> VerifiedEvent:
        """Whether one event of the change log is as it was sealed. What comes of it is logged.

        Raises NotPermitted, EventNotFound, ProofBroken where there is nothing to verify by, and the errors of `data.errors`.
        """
        with self._gate.reading(VERIFY, stop, by=by):
            pass
        state = self.look(stop)
        if state.trouble is not None:
            raise ProofBroken(state.trouble)
        with self._gate.database.upkeep_reading(stop) as connection, any_text(connection):
            found = verify_event(connection, event_id)
        if state.mismatch is not None:
            found.findings.insert(0, Finding(Wrong.CONTINUED, state.mismatch))
        if found.place is not None or found.findings:
            because = None if found.holds else found.findings[0].sentence
            self._note(by, because, {"count": 1, "size": found.size}, found.root, Reference("event", str(event_id)))
        return found

    def forget(self, by: Caller) -> bool:
        """Take what is seen next for true, as after a copy was put back on purpose; whether anything was remembered.

        Raises DatabaseError where the memory cannot be removed.
        """
        with self._gate.reading(VERIFY, by=by):
            pass
        self._told = None
        try:
            return self._witness.forget()
        except OSError as error:
            raise DatabaseError(f"What was seen last cannot be forgotten: {error.strerror}.") from error

    def _note(
        self, by: Caller, because: str | None, data: dict[str, Json], root: bytes | None, target: Reference = CHANGE_LOG
    ) -> None:
        """Log what a verification came to: `because` is what does not hold, None where all does."""
        tag = "log.verified" if because is None else "log.verification_failed"
        try:
            self._log(by, VERIFY, tag, because, data, root, target)
        except DatabaseError as error:  # what was found is told all the same
            _LOG.error("that the log was verified could not be logged: %s", error)

    def _tell(self, by: Caller, state: ProofState) -> None:
        self._log(by, TELL_OF_MISMATCH, TELL_OF_MISMATCH.tag, state.mismatch, {"size": state.size}, state.root)

    def _log(
        self,
        by: Caller,
        act: Act,
        tag: str,
        because: str | None,
        data: dict[str, Json],
        root: bytes | None,
        target: Reference = CHANGE_LOG,
    ) -> None:
        if root is not None:
            data["root"] = root.hex()
        outcome = Outcome.SUCCESS if because is None else Outcome.FAILURE
        draft = by.draft(tag, self._gate.clock(), target=target, outcome=outcome, reason=because, data=data)
        with self._gate.writing(by, act) as work:
            work.events.append(draft)
            work.commit()

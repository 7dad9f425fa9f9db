"""The keeper: what has to be done from time to time, by whoever does it, and harmless if several do it at once."""

import logging
from contextlib import suppress
from dataclasses import asdict, astuple
from threading import Lock
from time import monotonic

from data.caller import KEEPER
from data.errors import AuditdeckError, Cancelled, DatabaseError
from data.index.indexer import AT_ONCE, AT_ONCE_BESIDE, Indexed, Indexer
from data.keeping import LAST_RUN, LAST_WORK, RETIRE_BESIDE_S, KeeperRun, Upkeep
from data.merkle.notes import Signer
from data.proof.places import SealingPlaces
from data.proof.publishing import Publisher
from data.proof.sealer import Sealed, Sealer, note_key
from data.records import Outcome
from data.services.acts import INDEX, NOTE_UPKEEP, REPLACE_KEY, SEAL, TELL_OF_MISMATCH
from data.services.api_clients import ApiClients
from data.services.exports import CHANGE_LOG
from data.services.gate import Gate
from data.services.invitations import Invitations
from data.services.retention import Retention
from data.services.sessions import Sessions
from data.stop import Stop
from data.store.data_version import Version

_NAMED = 5
_LOG = logging.getLogger("auditdeck.keeper")


class Keeper:
    """The keeper of one database. What it does, it does in the name of the system.

    It works for the program itself, or on an embedded database for its owner; whoever else asks it is refused.
    """

    def __init__(
        self,
        gate: Gate,
        clients: ApiClients,
        sessions: Sessions,
        invitations: Invitations,
        retention: Retention,
        sealing: SealingPlaces | None = None,
    ) -> None:
        """`sealing` says where the key is and where checkpoints go; without it, only an embedded database is sealed."""
        self._gate = gate
        self._clients = clients
        self._sessions = sessions
        self._invitations = invitations
        self._retention = retention
        self._indexer = Indexer(gate.database)
        places, location = sealing or SealingPlaces(), gate.database.location
        self._sealer = Sealer(gate.database, gate.clock, lambda keys: places.key_of(keys.log, location.path))
        self._publisher = Publisher(places)
        self._seals = sealing is not None or location.is_embedded
        self._indexed = Indexed()
        self._sealed = 0
        self._one_at_a_time = Lock()
        # At which data version there was nothing to do: none has to look again until somebody has written.
        self._nothing_to_seal_at: Version | None = None
        self._nothing_to_index_at: Version | None = None

    def seal(self, stop: Stop | None = None) -> int:
        """Give every event its place that has none yet, and sign for all of them; how many that were.

        A look that finds nothing to do is cheap, and after it there is none at an embedded database until somebody has
        written to it. Nothing is done while somebody else is at it. Raises Cancelled between two steps once `stop` is
        requested, NotPermitted, SealingRefused, ProofBroken, and the errors of `data.errors`.
        """
        if self._rests(self._nothing_to_seal_at) and not self._publisher.is_behind:
            return 0
        return self._look_what_to_seal(stop)

    def forget_signed(self) -> bool:
        """Seal on from whatever is there, as after an old copy was put back on purpose; whether anything was remembered.

        Raises NotPermitted, DatabaseError where the memory cannot be removed, and the errors of `data.errors`.
        """
        with self._gate.reading(REPLACE_KEY):
            pass
        try:
            return self._sealer.forget()
        except OSError as error:
            raise DatabaseError(f"What was signed last cannot be forgotten: {error.strerror}.") from error

    def rebuild_tree(self) -> int:
        """Make the nodes of the stored tree again from its leaves; how many there are.

        Raises NotPermitted, SealingRefused, ProofBroken where the leaves were altered, and the errors of `data.errors`.
        """
        with self._gate.reading(REPLACE_KEY):
            pass
        return self._sealer.rebuild()

    def replace_key(self) -> str:
        """Make another key that seals from now on, as when the old one is lost; the public half of it.

        Raises NotPermitted, SealingRefused, and the errors of `data.errors`.
        """
        made: list[str] = []

        def note(signer: Signer) -> None:
            with self._gate.writing(KEEPER, REPLACE_KEY) as work:
                note_key(work.connection, signer)
                made.append(str(signer.verifier))
                work.events.append(
                    KEEPER.draft(REPLACE_KEY.tag, self._gate.clock(), target=CHANGE_LOG, data={"key": made[0]})
                )
                work.commit()

        with self._gate.reading(REPLACE_KEY):
            pass
        self._sealer.new_key(note)
        return made[0]

    def index(self, stop: Stop | None = None, *, beside: bool = False) -> Indexed:
        """Bring the index up to date if enough events wait for that; what was done. What was erased goes from the files.

        `beside` is for a program that has something else to do: it takes less memory, and so more time. A look that finds
        nothing to do is cheap, and after it there is none at an embedded database until somebody has written to it. Nothing
        is done while somebody else is at it. Raises Cancelled between two steps once `stop` is requested, NotSignedIn, and
        the errors of `data.errors`.
        """
        if self._rests(self._nothing_to_index_at):
            return Indexed()
        with self._gate.reading(INDEX, stop):
            pass
        version = self._gate.database.data_version()
        is_due = self._indexer.is_due()
        done = self._index(stop or Stop(), beside=beside) if is_due else Indexed()
        is_clean = self._gate.database.let_go_of_erased_bytes()  # of which whoever reads can keep it
        self._nothing_to_index_at = version if is_clean and not is_due else None
        return done

    def run(self, stop: Stop | None = None, *, retire_within_s: float | None = RETIRE_BESIDE_S) -> KeeperRun:
        """Do all that is due, and note that it was done.

        Removing old events stops after so many seconds, without which it goes on until all are gone, and between two steps
        once `stop` is requested: the next run goes on. Raises NotPermitted, DatabaseUnavailable and the other errors of
        `data.errors`.
        """
        with self._gate.reading(NOTE_UPKEEP):
            pass  # whoever may not keep house is told so once, and not for each thing that is due
        began_at, began = self._gate.clock(), monotonic()
        done, trouble = KeeperRun(), None
        try:
            self._look_what_to_seal()  # as it is now, whatever a look has found before
            self._publisher.finish()
        except AuditdeckError as error:  # which keeps nothing else waiting
            trouble = error
        try:
            done = self._do_what_is_due(stop, retire_within_s)
        except AuditdeckError as error:
            trouble = error
        took_ms = round((monotonic() - began) * 1000)
        try:
            self._note(Upkeep(began_at, asdict(done), None if trouble is None else str(trouble), took_ms), done)
        except AuditdeckError as error:
            trouble = trouble or error
        if trouble is not None:
            raise trouble
        return done

    def _look_what_to_seal(self, stop: Stop | None = None) -> int:
        with self._gate.reading(SEAL, stop):
            pass
        if not self._seals:
            return 0
        version = self._gate.database.data_version()
        is_due = self._sealer.is_due()
        self._nothing_to_seal_at = None if is_due else version
        done = self._sealer.run(stop) if is_due else Sealed()
        with self._one_at_a_time:
            self._sealed += done.events
        if done.altered or done.gone:
            self._tell_of(done)
        # Whoever ended this keeper before may have done so between the two.
        note = self._sealer.last_note() if done.note is None and self._publisher.lacks_the_last else done.note
        self._publisher.publish(note)
        return done.events

    def _rests(self, nothing_to_do_at: Version | None) -> bool:
        """Whether all is as it was when there was nothing to do."""
        return nothing_to_do_at is not None and nothing_to_do_at == self._gate.database.data_version()

    def _tell_of(self, done: Sealed) -> None:
        """Log that what waited to be sealed was altered, or is gone."""
        told = []
        if done.altered:
            more = f" and {len(done.altered) - _NAMED:,} more" if len(done.altered) > _NAMED else ""
            told.append(f"Altered before it was sealed: {', '.join(done.altered[:_NAMED])}{more}.")
        if done.gone:
            told.append(f"Removed before it was sealed: {done.gone:,} {'event' if done.gone == 1 else 'events'}.")
        reason = " ".join(told)
        _LOG.error("%s", reason)
        draft = KEEPER.draft(
            TELL_OF_MISMATCH.tag, self._gate.clock(), target=CHANGE_LOG, outcome=Outcome.FAILURE, reason=reason
        )
        try:
            with self._gate.writing(KEEPER, TELL_OF_MISMATCH) as work:
                work.events.append(draft)
                work.commit()
        except DatabaseError as error:
            _LOG.error("that could not be logged: %s", error)

    def _do_what_is_due(self, stop: Stop | None, retire_within_s: float | None) -> KeeperRun:
        expired, lost = self._clients.note_expired(), self._sessions.note_lost()
        over = self._invitations.note_expired()
        sent = self._invitations.send_due()
        retired = 0
        # Last: there can be much of it, and trouble with it keeps no mail waiting. What removing leaves to be done to the
        # index comes after it.
        try:
            with suppress(Cancelled):
                retired = self._retention.run(stop, within_s=retire_within_s)
        finally:
            self._index(Stop(), beside=self._gate.database.location.is_embedded)
        self._gate.database.let_go_of_erased_bytes()
        with self._one_at_a_time:
            indexed, self._indexed = self._indexed, Indexed()
            sealed, self._sealed = self._sealed, 0
        done = KeeperRun(
            *(expired, lost, over, sent.delivered, sent.failed),
            indexed=indexed.events,
            segments=indexed.segments + indexed.merged + indexed.folded + indexed.mended,
            sealed=sealed,
            retired=retired,
        )
        if done.did_anything:
            _LOG.info(
                "the keeper logged ends of clients and tokens: %d, of sessions: %d, of invitations: %d; "
                "mails sent: %d, not sent: %d; events indexed: %d, segments made of the index: %d; events sealed: %d; "
                "old events removed: %d",
                *astuple(done),
            )
        return done

    def _index(self, stop: Stop, *, beside: bool) -> Indexed:
        done = self._indexer.run(stop, most=AT_ONCE_BESIDE if beside else AT_ONCE)
        with self._one_at_a_time:
            self._indexed += done
        return done

    def _note(self, upkeep: Upkeep, done: KeeperRun) -> None:
        with self._gate.writing(KEEPER, NOTE_UPKEEP) as work:
            work.upkeep.note(LAST_RUN, upkeep)
            if done.did_anything:
                work.upkeep.note(LAST_WORK, upkeep)
            work.commit()

"""The keeper: what has to be done from time to time, by whoever does it, and harmless if several do it at once."""

import logging
from dataclasses import asdict
from time import monotonic

from data.caller import KEEPER
from data.errors import AuditdeckError
from data.keeping import LAST_RUN, LAST_WORK, KeeperRun, Upkeep
from data.services.acts import NOTE_UPKEEP
from data.services.api_clients import ApiClients
from data.services.gate import Gate
from data.services.invitations import Invitations
from data.services.sessions import Sessions

_LOG = logging.getLogger("auditdeck.keeper")


class Keeper:
    """The keeper of one database. What it does, it does in the name of the system.

    It works for the program itself, or on an embedded database for its owner; whoever else asks it is refused.
    """

    def __init__(self, gate: Gate, clients: ApiClients, sessions: Sessions, invitations: Invitations) -> None:
        self._gate = gate
        self._clients = clients
        self._sessions = sessions
        self._invitations = invitations

    def run(self) -> KeeperRun:
        """Do all that is due, and note that it was done.

        Raises NotPermitted, DatabaseUnavailable and the other errors of `data.errors`.
        """
        with self._gate.reading(NOTE_UPKEEP):
            pass  # whoever may not keep house is told so once, and not for each thing that is due
        began_at, began = self._gate.clock(), monotonic()
        done, trouble = KeeperRun(), None
        try:
            done = self._do_what_is_due()
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

    def _do_what_is_due(self) -> KeeperRun:
        expired, lost = self._clients.note_expired(), self._sessions.note_lost()
        over = self._invitations.note_expired()
        sent = self._invitations.send_due()  # last: a mail server may take its time
        done = KeeperRun(expired, lost, over, sent.delivered, sent.failed)
        if done.did_anything:
            _LOG.info(
                "the keeper logged ends of clients and tokens: %d, of sessions: %d, of invitations: %d; "
                "mails sent: %d, not sent: %d",
                *(done.expired, done.lost, done.over, done.sent, done.unsent),
            )
        return done

    def _note(self, upkeep: Upkeep, done: KeeperRun) -> None:
        with self._gate.writing(KEEPER, NOTE_UPKEEP) as work:
            work.upkeep.note(LAST_RUN, upkeep)
            if done.did_anything:
                work.upkeep.note(LAST_WORK, upkeep)
            work.commit()

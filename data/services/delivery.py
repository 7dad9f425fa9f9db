"""Sending the mails of invitations: once each, however many send, and again after a while where it went wrong."""

import logging
import time
from dataclasses import replace
from datetime import datetime, timedelta

from data.access.codes import new_code
from data.access.joining import Sent, invitation_text
from data.access.model import Delivery, Invitation
from data.caller import KEEPER
from data.mail.model import Mail, Mailer, MailError
from data.records import Outcome
from data.services.acts import LOOK_FOR_MAILS, SEND_MAIL
from data.services.gate import Gate
from data.services.invitation_events import invitation_event
from data.tokens import Entropy, without_secrets

SUBJECT = "Invitation to the audit console"
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 12 * 60, 24 * 60))
"""From each failure to the next attempt; after as many, and one, it is given up."""

CLAIM = timedelta(minutes=10)
"""So long a mail that somebody sends is nobody else's: longer than all answers of a server can take together. Whoever ends
within it leaves the mail to the next one, who cannot know whether it went out, and sends it once more."""

ROUND_S = 30
"""Seconds after which a round begins no other mail: a server that does not answer must not hold up what else is due."""

_LOG = logging.getLogger("auditdeck.mail")


class Delivering:
    """Sends what is due for one organisation."""

    def __init__(self, gate: Gate, entropy: Entropy, mailer: Mailer | None, join_command: str | None) -> None:
        self._gate = gate
        self._entropy = entropy
        self._mailer = mailer
        self._join_command = join_command

    def send_due(self) -> Sent:
        """See `data.services.invitations.Invitations.send_due`."""
        if self._mailer is None:
            return Sent()
        with self._gate.reading(LOOK_FOR_MAILS, by=KEEPER) as transaction:
            due = [one.id for one in transaction.invitations.to_be_sent(self._gate.clock())]
        until = time.monotonic() + ROUND_S
        delivered = failed = 0
        for invitation_id in due:
            if time.monotonic() >= until:
                break
            claimed = self._claim(invitation_id)
            if claimed is None:
                continue
            invitation, mail = claimed
            try:
                self._mailer.send(mail)
            except MailError as error:
                self._note_failed(invitation, error)
                failed += 1
            else:
                self._note_sent(invitation)
                delivered += 1
        return Sent(delivered, failed)

    def _claim(self, invitation_id: str) -> tuple[Invitation, Mail] | None:
        """Give an invitation a new code, and keep others from sending it; None if it is not due any more."""
        with self._gate.writing(KEEPER, SEND_MAIL) as work:
            now = self._gate.clock()
            found = next((one for one in work.invitations.to_be_sent(now) if one.id == invitation_id), None)
            if found is None:
                return None
            claimed = replace(found, attempts=found.attempts + 1, next_try_at=now + CLAIM, revision=found.revision + 1)
            code = new_code(self._entropy)
            work.invitations.put(claimed, code.digest)
            zone = work.policy_in_force.zone
            work.commit()
        inviter = claimed.invited_by.label
        text = invitation_text(inviter, code, claimed.expires_at, zone, self._join_command)
        return claimed, Mail(claimed.email, SUBJECT, text, now)

    def _note_sent(self, claimed: Invitation) -> None:
        with self._gate.writing(KEEPER, SEND_MAIL) as work:
            now = self._gate.clock()
            found = work.invitations.find(claimed.id)
            if found is None or found.revision != claimed.revision:
                return  # sent again or revoked meanwhile: this mail's code is dead already
            work.invitations.put(
                replace(
                    found,
                    delivery=Delivery.SENT,
                    sent_at=now,
                    last_error=None,
                    next_try_at=None,
                    revision=found.revision + 1,
                )
            )
            work.commit()

    def _note_failed(self, claimed: Invitation, error: MailError) -> None:
        reason = without_secrets(str(error))
        _LOG.warning("the mail of the invitation %s did not go out: %s", claimed.id, reason)
        with self._gate.writing(KEEPER, SEND_MAIL) as work:
            now = self._gate.clock()
            found = work.invitations.find(claimed.id)
            if found is None or found.revision != claimed.revision:
                return
            again = None if error.is_final else _next_try(found, now)
            failed = replace(
                found,
                delivery=Delivery.FAILED,
                last_error=reason,
                next_try_at=again,
                revision=found.revision + 1,
            )
            work.invitations.put(failed)
            if reason != found.last_error or again is None:
                event = invitation_event(
                    "delivery_failed",
                    KEEPER,
                    failed,
                    work.events.moment_after_all(now),
                    reason=reason,
                    data={"given_up": again is None},
                    outcome=Outcome.FAILURE,
                )
                work.events.append(event)
            work.commit()


def _next_try(invitation: Invitation, now: datetime) -> datetime | None:
    """When it is tried again; None if that would be of no use any more."""
    if invitation.attempts > len(PAUSES):
        return None
    again = now + PAUSES[invitation.attempts - 1]
    return again if again < invitation.expires_at else None

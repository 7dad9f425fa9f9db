"""API clients and their tokens: what is done to them by the services themselves, and what these refuse."""

from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Unpack

from data.access.errors import NotPermitted
from data.clients.model import Token
from data.clients.rules import read_details
from data.demo.agenda import Agenda
from data.demo.calendar import ZONE
from data.demo.cast import Cast, ClientPlan, ExternalSystem
from data.demo.entropy import SeededEntropy
from data.demo.journal import Journal, Origin, Telling
from data.demo.roster import new_system
from data.records import ActorType, Json, Reference
from data.services.audit_log import AuditLog
from data.services.client_events import logged_status

_NO_TIME = timedelta()


class Clients:
    """The register of API clients. What the services refuse changes nothing, and is in the log by then.

    What fails, and what a gateway turns away, is written to the journal.
    """

    def __init__(self, log: AuditLog, cast: Cast, agenda: Agenda, journal: Journal, entropy: SeededEntropy) -> None:
        self._services = log.clients
        self._cast = cast
        self._agenda = agenda
        self._journal = journal
        self._entropy = entropy

    def open(self, by: Origin) -> None:
        """Makes the clients that are there from the first day on."""
        for number, plan in enumerate(self._cast.planned, 1):
            self._journal.pause(4)
            self._make(by, plan)
            if plan.rotates_every:
                # Spread over the first days and hours, so that they do not all rotate together.
                first = timedelta(days=number % plan.rotates_every, hours=2, minutes=17 * number % 240)
                self._agenda.after(first, partial(self._rotate_itself, plan))

    def origin(self, system: ExternalSystem) -> Origin:
        """From where a system calls with the token that it uses, and what it may do."""
        return Origin(
            Reference(ActorType.API_CLIENT, system.client.id, system.name),
            "admin-api",
            system.address,
            system.user_agent,
            client=system.reference,
            token=system.uses,
            grants=system.scopes,
            holder="its token holds",
            barred=system.barred(self._journal.now),
            barred_code=system.refusal(self._journal.now, system.address),
            guard="gateway",
        )

    def create(self, by: Origin, plan: ClientPlan, handed: str = "copied") -> None:
        """A client with its first token, which is `copied`, `saved` or `printed` once."""
        with suppress(NotPermitted):
            system = self._make(by, plan)
            self._journal.pause(9)
            self.hand_over(by, system, handed)

    def update(self, by: Origin, system: ExternalSystem, **typed: str) -> None:
        """What somebody types into the fields of a client; nothing is written when nothing changes."""
        details = system.client.details
        if typed:
            details = read_details(typed, self._cast.policy, self._journal.today, details)
        with suppress(NotPermitted):
            system.client = self._services.edit(self._journal.caller(by, "api_client.updated"), system.client, details)

    def fail_update(self, by: Origin, system: ExternalSystem, because: str) -> None:
        """An update that breaks on the way."""
        self._write("updated", by, system, failure=because)

    def revoke(self, by: Origin, system: ExternalSystem, reason: str) -> None:
        """Ends a client for good; it stays visible."""
        with suppress(NotPermitted):
            caller = self._journal.caller(by, "api_client.revoked")
            system.client = self._services.revoke(caller, system.client.id, reason)

    def delete(self, by: Origin, system: ExternalSystem, reason: str) -> None:
        """Hides a client; one that was not revoked is revoked first."""
        with suppress(NotPermitted):
            caller = self._journal.caller(by, "api_client.deleted")
            system.client = self._services.delete(caller, system.client.id, reason)

    def issue(self, by: Origin, system: ExternalSystem) -> None:
        """One more token, copied and used at once."""
        with suppress(NotPermitted):
            issued = self._services.issue(self._journal.caller(by, "token.issued"), system.client.id)
            system.client, system.uses = issued.client, issued.token.public_id
            self._journal.pause(6)
            self.hand_over(by, system, "copied")

    def rotate(
        self,
        by: Origin,
        system: ExternalSystem,
        overlap_days: int = 7,
        handed: str | None = "copied",
        used_after: timedelta = _NO_TIME,
    ) -> None:
        """A new token beside the present one, which ends after the overlap; the system uses the new one `used_after`."""
        if by.barred:
            self._write_token("rotated", by, system, system.token, refusal=by.barred)
            return
        with suppress(NotPermitted):
            issued = self._services.rotate(self._journal.caller(by, "token.rotated"), system.client.id, overlap_days)
            system.client = issued.client
            fresh = issued.token.public_id
            if used_after:
                self._agenda.after(used_after, partial(system.use, fresh))
            else:
                system.use(fresh)
            if handed:
                self._journal.pause(8)
                self._hand_over(by, system, fresh, handed)

    def prolong(self, by: Origin, system: ExternalSystem, until: date) -> None:
        """The older of two tokens gets more time. Raises LookupError if there is no overlap."""
        token = self._overlapping(system)
        system.client = self._services.prolong(
            self._journal.caller(by, "token.prolonged"), system.client.id, token.public_id, until
        )

    def end_overlap(self, by: Origin, system: ExternalSystem, reason: str) -> None:
        """The older of two tokens ends now. Raises LookupError if there is no overlap."""
        token = self._overlapping(system)
        system.client = self._services.end_token(
            self._journal.caller(by, "token.ended"), system.client.id, token.public_id, reason
        )

    def hand_over(self, by: Origin, system: ExternalSystem, how: str, because: str | None = None) -> None:
        """The token in use is `copied`, `saved` or `printed`; `because` tells why that failed."""
        self._hand_over(by, system, system.uses, how, because)

    def note_expired(self) -> None:
        """The keeper looks at what time has brought about."""
        self._journal.step()
        if self._services.note_expired():
            for system in self._cast.clients.values():
                if system.is_due(self._journal.today):
                    system.client = self._services.find(system.client.id)

    def _make(self, by: Origin, plan: ClientPlan) -> ExternalSystem:
        if plan.public_id is not None:
            self._entropy.foretell(plan.public_id)
        typed = {
            "name": plan.name,
            "owner": plan.owner,
            "scopes": plan.scopes,
            "networks": plan.network,
            "expires": plan.expires.isoformat(),
        }
        details = read_details(typed, self._cast.policy, self._journal.today)
        system = new_system(plan, self._services.create(self._journal.caller(by, "api_client.created"), details))
        self._cast.clients[plan.handle] = system
        return system

    def _hand_over(
        self, by: Origin, system: ExternalSystem, public_id: str, how: str, because: str | None = None
    ) -> None:
        self._services.note_handed_over(
            self._journal.caller(by, f"token.{how}"), system.client.id, public_id, how, because
        )

    def _overlapping(self, system: ExternalSystem) -> Token:
        for token in system.client.live_tokens(self._journal.now, ZONE):
            if token.overlap_ends is not None:
                return token
        raise LookupError(f"{system.name} has no token that is being replaced")

    def _rotate_itself(self, plan: ClientPlan) -> None:
        system = self._cast.clients[plan.handle]
        if system.barred(self._journal.now) is None:
            self.rotate(self.origin(system), system, overlap_days=2, handed=None)
            self._agenda.after(timedelta(days=plan.rotates_every), partial(self._rotate_itself, plan))

    def _write(self, act: str, by: Origin, system: ExternalSystem, **telling: Unpack[Telling]) -> None:
        data: dict[str, Json] = {
            "expires": system.expires.isoformat(),
            "scopes": [*system.scopes],
            "networks": [*system.networks],
            "status": logged_status(system.client, self._journal.now, ZONE),
        }
        self._journal.write(f"api_client.{act}", by, system.reference, data=data, client=system.reference, **telling)

    def _write_token(
        self, act: str, by: Origin, system: ExternalSystem, token: Token, **telling: Unpack[Telling]
    ) -> None:
        self._journal.write(
            f"token.{act}",
            by,
            token.reference,
            data={"expires": system.expires.isoformat()},
            client=system.reference,
            token=token.public_id,
            **telling,
        )

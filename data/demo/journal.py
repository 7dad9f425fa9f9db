"""What happens, in order of time: the drafts of events, and who calls a service when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TypedDict
from uuid import UUID

from data.caller import Caller
from data.demo.agenda import Agenda
from data.records import SYSTEM, Change, Draft, Json, Outcome, Reference


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act comes from: who, through what, and what that actor may do.

    `grants` are permissions of a member or scopes of a token; `holder` and `because_of` put them into words. `barred` is
    why nothing at all is allowed. `guard` is the service that refuses in place of `service`.
    """

    actor: Reference
    service: str
    ip: str | None = None
    user_agent: str | None = None
    session_id: str | None = None
    client: Reference | None = None
    token: str | None = None
    grants: Sequence[str] = ()
    holder: str = ""
    because_of: str = ""
    barred: str | None = None
    guard: str | None = None

    def refusal(self, needs: str) -> str | None:
        """Why an act that needs this permission or scope is refused, or None if it is not."""
        if self.barred is not None:
            return self.barred
        if needs in self.grants or "admin" in self.grants:
            return None
        family = needs.partition(":")[0]
        held = [grant for grant in self.grants if grant.startswith(f"{family}:")]
        return f"needs {needs}; {self.holder} {', '.join(held or self.grants) or 'nothing'}{self.because_of}"


KEEPER = Origin(SYSTEM, "keeper", grants=("admin",))


class Telling(TypedDict, total=False):
    """What else an event can tell, in words of the one who writes it: why it was refused, failed or done, and the rest."""

    refusal: str | None
    failure: str | None
    reason: str | None
    changes: tuple[Change, ...]
    request_id: str | None


class Journal:
    """The drafts that are not in the log yet, oldest first; times strictly increase, be it an event's or an act's."""

    def __init__(self, agenda: Agenda, rng: Random) -> None:
        self.drafts: list[Draft] = []
        self._agenda = agenda
        self._rng = rng
        self._time = agenda.now

    @property
    def now(self) -> datetime:
        """When the next event happens at the earliest."""
        return max(self._agenda.now, self._time)

    @property
    def moment(self) -> datetime:
        """When the last act happened: what the clock of the services says."""
        return self._time

    @property
    def today(self) -> date:
        """The day of `now`, in UTC."""
        return self.now.date()

    def pause(self, seconds: float) -> None:
        """Lets time pass, as between two things that one person does."""
        self._time = self.now + timedelta(seconds=seconds)

    def step(self) -> datetime:
        """Lets the little time pass that an act takes, and gives the moment at which it happens."""
        self._time = self.now + timedelta(microseconds=self._rng.randrange(1_000, 900_000))
        return self._time

    def caller(self, by: Origin) -> Caller:
        """Who asks a service for an act, which happens now, by a request of its own."""
        self.step()
        return Caller(by.actor, by.service, by.ip, by.user_agent, by.session_id, self.request_id(), by.token)

    def take(self) -> list[Draft]:
        """The drafts so far, which are not kept here any longer."""
        taken, self.drafts = self.drafts, []
        return taken

    def request_id(self) -> str:
        """A fresh id of a request, for events that belong to one."""
        return str(UUID(int=self._rng.getrandbits(128), version=4))

    def digest(self) -> str:
        """A fresh SHA-256, in hexadecimal."""
        return f"{self._rng.getrandbits(256):064x}"

    def write(
        self,
        tag: str,
        by: Origin,
        target: Reference | None,
        *,
        refusal: str | None = None,
        failure: str | None = None,
        reason: str | None = None,
        changes: tuple[Change, ...] = (),
        data: Mapping[str, Json] | None = None,
        client: Reference | None = None,
        token: str | None = None,
        request_id: str | None = None,
        duration_ms: int | None = None,
    ) -> None:
        """Writes one event at `now`. With a `refusal` it was denied, with a `failure` it failed: then nothing changed."""
        at = self.step()
        outcome = Outcome.DENIED if refusal else Outcome.FAILURE if failure else Outcome.SUCCESS
        machine = by.service in {"admin-api", "gateway"}
        if duration_ms is None and (machine or (by.service != "keeper" and self._rng.random() < 0.6)):
            duration_ms = int(self._rng.lognormvariate(4.2 if machine else 2.7, 0.7)) + 1
        if request_id is None and by.service != "keeper":
            request_id = self.request_id()
        self.drafts.append(
            Draft(
                type=tag,
                occurred_at=at,
                outcome=outcome,
                actor=by.actor,
                client=client or by.client,
                target=target,
                service=by.guard if refusal and by.guard else by.service,
                duration_ms=duration_ms,
                ip=by.ip,
                user_agent=by.user_agent,
                request_id=request_id,
                session_id=by.session_id,
                token=token or by.token,
                reason=refusal or failure or reason,
                changes=changes if outcome is Outcome.SUCCESS else (),
                data=data or {},
            )
        )

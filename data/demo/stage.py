"""Where it plays: the calendar, the agenda, the log and everything that a story needs to tell what happens."""

from collections.abc import Callable
from functools import partial
from random import Random

from data.demo.access import Access
from data.demo.agenda import Agenda, Step
from data.demo.calendar import ZONE, Calendar, on
from data.demo.clients import Clients
from data.demo.custody import Custody
from data.demo.entropy import SeededEntropy
from data.demo.journal import Journal, Origin
from data.demo.portal import Portal
from data.demo.register import Register
from data.demo.roster import SCOPES, opening_cast
from data.demo.sessions import PROGRAM_VERSION, Sessions
from data.services.audit_log import AuditLog


class Stage:
    """One demo in the making. Stories draw from `rng`; the journal's own details come from another source."""

    def __init__(
        self,
        address: str,
        calendar: Calendar,
        rng: Random,
        *,
        with_requests: bool = True,
        on_day: Callable[[int, int], None] = lambda _day, _days: None,
    ) -> None:
        """`address` is that of the database to be filled, in which it is at any moment the time that it is in the demo.

        `on_day` is called after each day with its number and how many there are.
        """
        self._on_day = on_day
        self.calendar = calendar
        self.rng = rng
        self.cast = opening_cast(calendar.end.date(), rng)
        self.agenda = Agenda(calendar.start, calendar.last)
        details = Random(rng.getrandbits(64))
        entropy = SeededEntropy(Random(details.getrandbits(64)))
        self.journal = Journal(self.agenda, details, calendar.requests_from if with_requests else calendar.end)
        self.log = AuditLog(address, ZONE, clock=lambda: self.journal.moment, entropy=entropy, durable=False)
        self.register = Register(self.log)
        self.journal.on_call = self.register.call
        self.sessions = Sessions(self.cast, self.agenda, self.journal, rng, self.register)
        self.clients = Clients(self.log, self.cast, self.agenda, self.journal, entropy)
        self.access = Access(self.cast, self.agenda, self.journal, self.sessions, self.register)
        self.portal = Portal(self.cast, self.journal)
        self.custody = Custody(self.log, self.cast, self.journal)

    def open(self) -> None:
        """Sets the organisation up, and has its keeper look after it each midnight from then on."""
        alice = self.cast.members["alice"]
        agent = f"auditdeck/{PROGRAM_VERSION}"
        by = Origin(alice.reference, "cli", alice.addresses[0], agent, grants=alice.permissions)
        for one in self.cast.members.values():
            self.register.enrol(one.reference, one.email, self.calendar.start)
        self.custody.change_rule(by, "scopes", " ".join(SCOPES))
        self.clients.open(by)
        for number, day in enumerate(self.calendar.days[1:], start=1):
            self.agenda.at(on(day, "00:00"), partial(self._keep, number))

    def play(self) -> None:
        """Lets everything happen that is on the agenda."""
        self.agenda.play()
        self._write_down()

    def seat(self, handle: str, service: str = "console") -> Origin:
        """From where a member acts now, signed in if need be."""
        return self.sessions.seat(handle, service)

    def on(self, back: int, clock: str, step: Step) -> None:
        """Puts a step on a whole working day, counted back from the end; 1 is the last one before the end's day."""
        self.agenda.at(self.calendar.working_day(back, clock), step)

    def before_end(self, minutes: float, step: Step) -> None:
        """Puts a step so many minutes before the end."""
        self.agenda.at(self.calendar.before_end(minutes), step)

    def _keep(self, day: int) -> None:
        self.clients.note_expired()
        self._write_down()
        self._on_day(day, len(self.calendar.days))

    def _write_down(self) -> None:
        drafts, requests, uses = self.journal.take()
        if drafts:
            self.log.append(drafts)
        if requests:
            self.log.requests.append(requests)
        self.log.clients.note_used(uses)

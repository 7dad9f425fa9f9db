"""Where it plays: the calendar, the agenda, the log and everything that a story needs to tell what happens."""

from collections.abc import Callable
from datetime import timedelta
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
from data.demo.roster import FIRST, GROUPS, ROLES, SCOPES, opening_cast, opening_members
from data.demo.sessions import Sessions
from data.services.audit_log import AuditLog

_AT_LAST = timedelta(seconds=20)
"""So long before the end the consoles were heard of that are there at the end."""


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
        number = details.getrandbits(64)
        entropy = SeededEntropy(Random(number))
        # Its own, so that what tokens are made of does not depend on how many people there are.
        peoples = SeededEntropy(Random(number + 1))
        self.journal = Journal(self.agenda, details, calendar.requests_from if with_requests else calendar.end)
        self.log = AuditLog(address, ZONE, clock=lambda: self.journal.moment, entropy=entropy, durable=False)
        self.sessions = Sessions(self.log, self.cast, self.agenda, self.journal, rng)
        self.clients = Clients(self.log, self.cast, self.agenda, self.journal, entropy)
        self.access = Access(self.log, self.cast, self.agenda, self.journal, self.sessions, peoples)
        self.portal = Portal(self.cast, self.journal)
        self.custody = Custody(self.log, self.cast, self.journal)

    def open(self) -> None:
        """Sets the organisation up, and has its keeper look after it each midnight from then on."""
        by = self._open_access()
        self.custody.change_rule(by, "scopes", " ".join(SCOPES))
        self.clients.open(by)
        for number, day in enumerate(self.calendar.days[1:], start=1):
            self.agenda.at(on(day, "00:00"), partial(self._keep, number))

    def play(self) -> None:
        """Lets everything happen that is on the agenda."""
        self.agenda.play()
        self._write_down()
        self.journal.wait_until(self.calendar.end - _AT_LAST)
        self.sessions.beat()
        self.log.keeper.seal()

    def seat(self, handle: str, service: str = "console") -> Origin:
        """From where a member acts now, signed in if need be."""
        return self.sessions.seat(handle, service)

    def on(self, back: int, clock: str, step: Step) -> None:
        """Puts a step on a whole working day, counted back from the end; 1 is the last one before the end's day."""
        self.agenda.at(self.calendar.working_day(back, clock), step)

    def before_end(self, minutes: float, step: Step) -> None:
        """Puts a step so many minutes before the end."""
        self.agenda.at(self.calendar.before_end(minutes), step)

    def _open_access(self) -> Origin:
        """Has everybody join; whoever was first goes on from the command line."""
        access, journal = self.access, self.journal
        people = {handle: (member, roles, groups) for handle, member, roles, groups in opening_members()}
        first, *_ = people.pop(FIRST)
        access.found(FIRST, first)
        by = Origin(first.reference, "cli", first.addresses[0], grants=first.permissions)
        for role in ROLES:
            journal.pause(9)
            access.create_role(by, *role)
        for handle, name, description, held in GROUPS:
            journal.pause(7)
            access.create_group(by, handle, name, description, held.split())
        for member, roles, groups in people.values():
            journal.pause(3)
            access.invite(by, member.email, roles=roles, groups=groups)
        for handle, (member, *_) in people.items():
            journal.pause(21)
            access.accept(handle, member)
        return by

    def _keep(self, day: int) -> None:
        self.clients.note_expired()
        self._write_down()
        self.log.keeper.seal()
        self._on_day(day, len(self.calendar.days))

    def _write_down(self) -> None:
        drafts, requests, uses = self.journal.take()
        if drafts:
            self.log.append(drafts)
        if requests:
            self.log.requests.append(requests)
        self.log.clients.note_used(uses)

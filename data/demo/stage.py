"""Where it plays: the calendar, the agenda and everything that a story needs to tell what happens."""

from random import Random

from data.demo.access import Access
from data.demo.agenda import Agenda, Step
from data.demo.calendar import Calendar
from data.demo.clients import Clients
from data.demo.custody import Custody
from data.demo.journal import Journal, Origin
from data.demo.portal import Portal
from data.demo.roster import opening_cast
from data.demo.sessions import Sessions


class Stage:
    """One demo in the making. Stories draw from `rng`; the journal's own details come from another source."""

    def __init__(self, calendar: Calendar, rng: Random) -> None:
        self.calendar = calendar
        self.rng = rng
        self.cast = opening_cast(calendar.end.date(), rng)
        self.agenda = Agenda(calendar.start, calendar.last)
        self.journal = Journal(self.agenda, Random(rng.getrandbits(64)))
        self.sessions = Sessions(self.cast, self.agenda, self.journal, rng)
        self.clients = Clients(self.cast, self.agenda, self.journal)
        self.access = Access(self.cast, self.agenda, self.journal, self.sessions)
        self.portal = Portal(self.cast, self.journal)
        self.custody = Custody(self.journal)

    def seat(self, handle: str, service: str = "console") -> Origin:
        """From where a member acts now, signed in if need be."""
        return self.sessions.seat(handle, service)

    def on(self, back: int, clock: str, step: Step) -> None:
        """Puts a step on a whole working day, counted back from the end; 1 is the last one before the end's day."""
        self.agenda.at(self.calendar.working_day(back, clock), step)

    def before_end(self, minutes: float, step: Step) -> None:
        """Puts a step so many minutes before the end."""
        self.agenda.at(self.calendar.before_end(minutes), step)

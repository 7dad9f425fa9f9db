"""What the screen asks the database: who may do what, and what is newest about one of them."""

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from data.access.model import OWNER_ID
from data.errors import AuditdeckError
from data.permissions import Permission
from data.query import Clause, EventQuery, Key
from data.query.model import EVERYTHING
from data.records import Event, Reference
from data.stop import Stop
from tui.jobs import Jobs
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_tables import AccessTables, access_tables
from tui.presenters.access_tabs import AccessTab, Item
from tui.presenters.clauses import literal_clause, reference_clause
from tui.presenters.detail_sections import Newest
from tui.reading.questions import LogOpener

Shown = tuple[AccessRoster, AccessTables]

ROSTER, NEWEST = "access", "newest of one of access"
_NEWEST = 5
# Their target is the role or the group; whom it was given to stands among the facts.
_GIVEN = ("role.granted", "role.withdrawn", "group.member_added", "group.member_removed")


def done_by(reference: Reference) -> EventQuery:
    """The query for what a member did, over all time: it is narrow already."""
    return EventQuery((reference_clause(Key.ACTOR, reference), EVERYTHING))


def done_to(reference: Reference) -> EventQuery:
    """The query for what was done to a thing."""
    return EventQuery((reference_clause(Key.TARGET, reference), EVERYTHING))


def given_to(reference: Reference) -> EventQuery:
    """The query for the roles and groups that a member was given, and that were taken from them."""
    kinds = Clause(Key.TYPE, tuple(one for kind in _GIVEN for one in literal_clause(Key.TYPE, kind).values))
    # Nobody changes their own access: where they are the actor, somebody else was given something.
    others = replace(reference_clause(Key.ACTOR, reference), negated=True)
    return EventQuery((kinds, reference_clause(Key.TEXT, reference), others, EVERYTHING))


def done_in(reference: Reference) -> EventQuery:
    """The query for what was done in a session."""
    return EventQuery((reference_clause(Key.SESSION, reference), EVERYTHING))


def queries_about(item: Item, reference: Reference) -> tuple[EventQuery, ...]:
    """The queries whose events together are all that there is about one of them."""
    match item.tab:
        case AccessTab.MEMBERS if item.id == OWNER_ID:
            return (done_by(reference),)
        case AccessTab.MEMBERS:
            return (done_to(reference), given_to(reference))
        case AccessTab.SESSIONS:
            return (done_in(reference),)
        case _:
            return (done_to(reference),)


class AccessQuestions:
    """Asks on behalf of the screen; answers come to the callbacks on its own message loop."""

    def __init__(self, jobs: Jobs, log: LogOpener, zone: ZoneInfo) -> None:
        """Times are shown in `zone`."""
        self._jobs = jobs
        self._log = log
        self._zone = zone

    def roster(self, then: Callable[[Shown], None], failed: Callable[[AuditdeckError], None]) -> None:
        """Who may do what at this moment, and the lists of it."""
        log = self._log.needing(Permission.ACCESS_READ)

        def question(_: Stop) -> Shown:
            roster = AccessRoster(log().access.read())
            return roster, access_tables(roster, self._zone)

        self._jobs.poll(ROSTER, question, then, failed)

    def newest(self, item: Item, reference: Reference, then: Callable[[Newest], None]) -> None:
        """The newest events about one of them; where they cannot be read, why."""

        def question(stop: Stop) -> Newest:
            log = self._log.needing(Permission.AUDIT_READ)()
            found: dict[object, Event] = {}
            for query in queries_about(item, reference):
                found |= {event.id: event for event in log.page(query, limit=_NEWEST, stop=stop).items}
            newest = sorted(found.values(), key=lambda event: event.id, reverse=True)
            return Newest(tuple(newest[:_NEWEST]))

        self._jobs.ask(NEWEST, question, then, lambda error: then(Newest(problem=str(error))))

    def drop_newest(self) -> None:
        """Nobody looks at that one any more."""
        self._jobs.drop(NEWEST)

"""What the screen asks the database, and how the answers are kept: the clients, their week of requests, what is newest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.clients.model import ApiClient, ClientList
from data.errors import AuditdeckError
from data.naming.neighbours import Neighbours
from data.permissions import Permission
from data.policy import Policy
from data.query import EventQuery, Key
from data.query.model import EVERYTHING
from data.stop import Stop
from tui.jobs import Jobs
from tui.presenters.clauses import reference_clause
from tui.presenters.client_table import ListedClient, Weeks, listed_clients
from tui.presenters.detail_sections import Newest
from tui.reading.questions import LogOpener

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

DAYS = 7
ROSTER, WEEKS, NEWEST = "clients", "weeks of clients", "newest of a client"
_NEWEST = 5
_PARTS = {"changes": Permission.AUDIT_READ, "requests": Permission.REQUESTS_READ}


@dataclass(frozen=True, slots=True)
class Roster:
    """The clients as they were at a moment, with what the list and the forms need beside them."""

    found: ClientList
    listed: tuple[ListedClient, ...]
    by_id: Mapping[str, ApiClient]
    policy: Policy
    neighbours: Neighbours
    is_embedded: bool

    def neighbours_of(self, client: ApiClient | None) -> Neighbours:
        """The names that this client must not be taken for: its own it may keep."""
        return self.neighbours.without(None if client is None else client.name)


def about(client: ApiClient) -> EventQuery:
    """The query for all that there is about a client, over all time: it is narrow already."""
    return EventQuery((reference_clause(Key.CLIENT, client.reference), EVERYTHING))


class ClientQuestions:
    """Asks on behalf of the screen; answers come to the callbacks on its own message loop."""

    def __init__(self, jobs: Jobs, log: LogOpener) -> None:
        self._jobs = jobs
        self._log = log

    def roster(self, then: Callable[[Roster], None], failed: Callable[[AuditdeckError], None]) -> None:
        """Every client that is not deleted, and the rules in force."""
        log = self._log.needing(Permission.CLIENTS_READ)
        self._jobs.poll(ROSTER, lambda _: _roster(log()), then, failed)

    def weeks(self, then: Callable[[Weeks], None]) -> None:
        """How many requests each client made on each of the last seven days, if that may be known."""

        def question(stop: Stop) -> Weeks | None:
            may_know = self._log.may(Permission.REQUESTS_READ)
            return self._log().clients.calls_by_day(DAYS, stop) if may_know else None

        self._jobs.poll(WEEKS, question, lambda weeks: None if weeks is None else then(weeks), lambda _: None)

    def newest(self, client: ApiClient, then: Callable[[Newest], None]) -> None:
        """The newest changes and requests of a client; where they cannot be read, why."""

        def question(stop: Stop) -> Newest:
            log, query = self._log(), about(client)
            refused = {part: refusal for part, one in _PARTS.items() if (refusal := self._log.refusal(one)) is not None}
            return Newest(
                None if "changes" in refused else log.page(query, limit=_NEWEST, stop=stop).items,
                None if "requests" in refused else log.requests.page(query, limit=_NEWEST, stop=stop).items,
                problems={part: str(refusal) for part, refusal in refused.items()},
            )

        self._jobs.ask(NEWEST, question, then, lambda error: then(Newest(problem=str(error))))

    def drop_newest(self) -> None:
        """Nobody looks at that client any more."""
        self._jobs.drop(NEWEST)


def _roster(log: "AuditLog") -> Roster:
    found, policy = log.clients.all(), log.policy.read()
    return Roster(
        found,
        listed_clients(found),
        {client.id: client for client in found.clients},
        policy,
        Neighbours.of("client", (client.name for client in found.clients)),
        log.is_embedded,
    )

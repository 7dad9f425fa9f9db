"""What can be asked about API clients without changing any."""

from datetime import timedelta

from data.clients.errors import ClientError, ClientNotFound
from data.clients.expiry import end_of_day
from data.clients.model import WARNING_DAYS, ApiClient, ClientList
from data.clock import to_microseconds
from data.hostile import holds_hostile
from data.naming.texts import MOST_NAME_CHARACTERS, plain_name
from data.services.acts import READ_CLIENTS, READ_REQUESTS
from data.services.gate import Gate
from data.stop import Stop
from data.tokens import is_public_id, without_secrets

SHOWN_CHARACTERS = 60
"""So much is repeated of what was asked for and is not there."""


class ClientQueries:
    """Reads the API clients of one database. Every method may raise NotPermitted and the errors of `data.errors`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def all(self, *, include_deleted: bool = False) -> ClientList:
        """Every client, by name."""
        with self._gate.reading(READ_CLIENTS) as transaction:
            everyone = transaction.clients.all(include_deleted=include_deleted)
            return ClientList(everyone, self._gate.clock(), transaction.policy_in_force.zone)

    def deleted_ids(self) -> frozenset[str]:
        """The ids of the clients that were deleted: to whom nothing leads any more."""
        with self._gate.reading(READ_CLIENTS) as transaction:
            return frozenset(transaction.clients.deleted_ids())

    def find(self, wanted: str) -> ApiClient:
        """The client of this id, of a token's public id, or of this name, one that is there before one that was deleted.

        Of a whole token its public id counts. Raises ClientNotFound, and ClientError where several deleted ones had that
        name.
        """
        wanted = without_secrets(wanted)
        shown = wanted if len(wanted) <= SHOWN_CHARACTERS else f"{wanted[:SHOWN_CHARACTERS]}..."
        with self._gate.reading(READ_CLIENTS) as transaction:
            clients = transaction.clients
            found = clients.find(wanted) or (clients.holding(wanted) if is_public_id(wanted) else None)
            if found is not None:
                return found
            name = plain_name(wanted)
            can_be_name = len(name) <= MOST_NAME_CHARACTERS and not holds_hostile(name)
            alike = clients.called(name) if can_be_name else ()
        named = [one for one in alike if one.name.casefold() == name.casefold()]
        there = [one for one in named if one.deleted_at is None]
        if not named:
            raise ClientNotFound(f"There is no client {shown}; `auditdeck clients` lists those there are.")
        if not there and len(named) > 1:
            raise ClientError(f"Several deleted clients were named {shown}: {', '.join(one.id for one in named)}.")
        return (there or named)[0]

    def expiring_count(self, days: int = max(WARNING_DAYS)) -> int:
        """How many are still valid and end within so many days: `ClientList.expiring_within`, without reading them."""
        with self._gate.reading(READ_CLIENTS) as transaction:
            today = self._gate.clock().astimezone(transaction.policy_in_force.zone).date()
            return transaction.clients.ending(today, today + timedelta(days=days))

    def calls_by_day(self, days: int, stop: Stop | None = None) -> dict[str, tuple[int, ...]]:
        """How many requests each client made on each of the last days, today the last of them, by its id.

        Days are those of the organisation's zone; who made none is not there. Raises Cancelled once `stop` is requested.
        """
        with self._gate.reading(READ_REQUESTS, stop) as transaction:
            zone = transaction.policy_in_force.zone
            today = self._gate.clock().astimezone(zone).date()
            edges = [
                to_microseconds(end_of_day(today - timedelta(days=before), zone)) for before in range(days, -1, -1)
            ]
            return {one: tuple(calls) for one, calls in transaction.clients.calls(edges).items()}

"""Tokens, looked at: whose one is and how it stands."""

from collections.abc import Callable

from data.clients.standing import TokenStanding, refusal_of
from data.clock import Clock
from data.refusals import RefusalCode
from data.store import Database
from data.tokens import SecretToken


class Tokens:
    """The tokens of one database. Every method may raise DatabaseUnavailable and the other errors of `data.errors`."""

    def __init__(self, database: Database, open_database: Callable[[], None], clock: Clock) -> None:
        """`open_database` makes sure of the schema."""
        self._database = database
        self._open = open_database
        self._clock = clock

    def inspect(self, wanted: SecretToken | str) -> TokenStanding:
        """How a whole token stands, or the one of a public id; nothing is changed, and its last use is not noted."""
        public_id = str(wanted)
        self._open()
        with self._database.reading_clients() as (clients, policy):
            client = clients.holding(public_id)
            proven = isinstance(wanted, SecretToken) and clients.has_secret(public_id, wanted.digest)
        now, zone = self._clock(), policy.zone
        token = None if client is None else client.token(public_id)
        if client is None or token is None:
            return TokenStanding(public_id, RefusalCode.UNKNOWN_TOKEN, now, zone)
        is_wrong = isinstance(wanted, SecretToken) and not proven
        refusal = RefusalCode.WRONG_SECRET if is_wrong else refusal_of(client, token, now, zone)
        return TokenStanding(public_id, refusal, now, zone, proven, client, token)

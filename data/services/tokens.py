"""Tokens, looked at: whose one is and how it stands."""

from data.clients.standing import TokenStanding, refusal_of
from data.refusals import RefusalCode
from data.services.acts import INSPECT_TOKEN
from data.services.gate import Gate
from data.tokens import SecretToken


class Tokens:
    """The tokens of one database. Every method may raise NotPermitted and the errors of `data.errors`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def inspect(self, wanted: SecretToken | str) -> TokenStanding:
        """How a whole token stands, or the one of a public id; nothing is changed, and its last use is not noted."""
        public_id = str(wanted)
        with self._gate.reading(INSPECT_TOKEN) as transaction:
            clients, policy = transaction.clients, transaction.policy_in_force
            client = clients.holding(public_id)
            proven = isinstance(wanted, SecretToken) and clients.has_secret(public_id, wanted.digest)
        now, zone = self._gate.clock(), policy.zone
        token = None if client is None else client.token(public_id)
        if client is None or token is None:
            return TokenStanding(public_id, RefusalCode.UNKNOWN_TOKEN, now, zone)
        is_wrong = isinstance(wanted, SecretToken) and not proven
        refusal = RefusalCode.WRONG_SECRET if is_wrong else refusal_of(client, token, now, zone)
        return TokenStanding(public_id, refusal, now, zone, proven, client, token)

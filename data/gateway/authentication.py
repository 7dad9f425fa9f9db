"""Whether a token may be used, now: the client whose it is, or why not.

What is said before the token's secret has proved itself says nothing about the client: not whether it expired, nor
whether it was revoked.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace

from data.clients.scopes import covers
from data.clients.standing import refusal_of
from data.clock import Clock
from data.gateway.addresses import Networks
from data.gateway.policy_memory import PolicyMemory
from data.policy import Policy
from data.query.addresses import read_address
from data.records import Reference
from data.refusals import RefusalCode, lacking
from data.store import Database
from data.store.token_lookup import HeldToken
from data.tokens import MistypedToken, NoToken, SecretToken, read_token

_NO_DIGEST = bytes(32)
"""What the digest of a token that nobody has is compared with, so that it takes as long as any other."""


@dataclass(frozen=True, slots=True)
class Admission:
    """A token that may be used: whose it is, its public id, and every scope that its client has."""

    client: Reference
    public_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A token that may not be used, and why; `reason` is a plain sentence for the log, not for a stranger.

    `client` and `public_id` are there as far as they are known. With `named_not_proven` the token names a client by its
    public id, and its secret is wrong: that client need not have anything to do with it. `missing_scope` is the first one
    that was needed and is not there.
    """

    code: RefusalCode
    reason: str
    client: Reference | None = None
    public_id: str | None = None
    named_not_proven: bool = False
    missing_scope: str | None = None

    @classmethod
    def plain(cls, code: RefusalCode) -> "Refusal":
        """One of which no more is known."""
        return cls(code, code.sentence)


class Authenticator:
    """Asks the database about every token anew, so that whatever was ended is refused from that moment on."""

    def __init__(
        self, database: Database, open_database: Callable[[], None], clock: Clock, policy: PolicyMemory
    ) -> None:
        """`open_database` makes sure of the schema."""
        self._database = database
        self._open = open_database
        self._clock = clock
        self._policy = policy

    def authenticate(self, token_text: str, scope: str | None, address: str | None) -> Admission | Refusal:
        """The client that may do what needs `scope` from `address`, or the refusal.

        `scope` may name several, parted by blanks, all of which are needed; None or nothing for none. `address` is None
        if nobody knows it, which no network holds. Raises DatabaseUnavailable and the other errors of `data.errors`.
        """
        try:
            token = read_token(token_text)
        except MistypedToken as error:
            code = RefusalCode.MISTYPED_TOKEN
            return Refusal(code, code.sentence, public_id=error.public_id)
        except NoToken:
            return Refusal.plain(RefusalCode.MISTYPED_TOKEN)
        self._open()
        held = self._database.held_token(token.public_id)
        if held is None:
            hmac.compare_digest(token.digest, _NO_DIGEST)
            code = RefusalCode.UNKNOWN_TOKEN
            return Refusal(code, code.sentence, public_id=token.public_id)
        if not hmac.compare_digest(token.digest, held.digest):
            return _refusal(RefusalCode.WRONG_SECRET, held, token, named_not_proven=True)
        return self._for_proven(held, token, scope, address)

    def _for_proven(
        self, held: HeldToken, token: SecretToken, scope: str | None, address: str | None
    ) -> Admission | Refusal:
        now, policy = self._clock(), self._policy.get()
        ended = refusal_of(held.client, held.token, now, policy.zone)
        if ended is not None:
            return _refusal(ended, held, token, _how_it_ended(ended, held, policy))
        if not _may_call_from(held.client.details.networks, address):
            return _refusal(RefusalCode.WRONG_NETWORK, held, token)
        scopes = held.client.details.scopes
        missing = [one for one in (scope or "").split() if not covers(scopes, one)]
        if missing:
            refusal = _refusal(RefusalCode.MISSING_SCOPE, held, token)
            return replace(refusal, reason=lacking(" ".join(missing)), missing_scope=missing[0])
        return Admission(held.client.reference, token.public_id, scopes)


def _may_call_from(networks: tuple[str, ...], address: str | None) -> bool:
    if not networks:
        return True
    read = None if address is None else read_address(address)
    return read is not None and Networks.of(networks).hold(read)


def _refusal(
    code: RefusalCode, held: HeldToken, token: SecretToken, more: str = "", *, named_not_proven: bool = False
) -> Refusal:
    return Refusal(code, code.sentence + more, held.client.reference, token.public_id, named_not_proven)


def _how_it_ended(code: RefusalCode, held: HeldToken, policy: Policy) -> str:
    if code is RefusalCode.EXPIRED:
        return f" Its last day was {held.client.details.expires}."
    if code is not RefusalCode.TOKEN_ENDED:
        return ""
    if held.token.ended_at is None:
        return f" Its last day beside the token that replaced it was {held.token.overlap_ends}."
    day = held.token.ended_at.astimezone(policy.zone).date()
    return f" That was on {day}: {held.token.end_reason}." if held.token.end_reason else f" That was on {day}."

"""Why a request is turned away: the codes, stored and sent to machines, and a plain sentence for each."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why authentication turned a request away. Stored in the request log: never rename one."""

    UNKNOWN_TOKEN = "unknown_token"
    MISTYPED_TOKEN = "mistyped_token"
    WRONG_SECRET = "wrong_secret"
    EXPIRED = "expired"
    TOKEN_ENDED = "token_ended"
    REVOKED = "revoked"
    DELETED = "deleted"
    WRONG_NETWORK = "wrong_network"
    MISSING_SCOPE = "missing_scope"
    NO_TOKEN = "no_token"
    CONFLICTING_TOKENS = "conflicting_tokens"

    @property
    def sentence(self) -> str:
        """What it means, as one plain sentence; an event's reason."""
        return _SENTENCES[self]


_SENTENCES = {
    RefusalCode.UNKNOWN_TOKEN: "No token has this public id.",
    RefusalCode.MISTYPED_TOKEN: "The token is not written as one: its form or its checksum is wrong.",
    RefusalCode.WRONG_SECRET: "The token's public id is known, but its secret is wrong.",
    RefusalCode.EXPIRED: "The token's client has expired.",
    RefusalCode.TOKEN_ENDED: "The token was ended.",
    RefusalCode.REVOKED: "The token's client was revoked.",
    RefusalCode.DELETED: "The token's client was deleted.",
    RefusalCode.WRONG_NETWORK: "The address is not in a network that the client may call from.",
    RefusalCode.MISSING_SCOPE: "The token does not have the scope that the action needs.",
    RefusalCode.NO_TOKEN: "The request has no token.",
    RefusalCode.CONFLICTING_TOKENS: "The request has two tokens that differ.",
}


def lacking(scopes: str) -> str:
    """The reason of a refusal for want of these scopes: which they are stands first, for a card cuts what is long."""
    return f"The token does not have {scopes}, which the action needs."

"""Answers to requests that are not served: problem details for HTTP APIs (RFC 9457), with the challenge of RFC 6750.

Whoever has not proved to hold a token learns no more than that it is not taken; that a token's public id is known here,
and its secret wrong, is for the log alone.
"""

from dataclasses import dataclass

import orjson

from data.gateway.authentication import Refusal
from data.refusals import RefusalCode

MEDIA_TYPE = b"application/problem+json"
_TYPE = "urn:auditdeck:refusal:"


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer: its HTTP status, its headers (names in lower case) and its body, which is one line of ASCII."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Words:
    status: int
    title: str
    detail: str
    error: str | None = "invalid_token"


_WORDS = {
    RefusalCode.NO_TOKEN: _Words(
        401, "A token is needed", "Send it as Authorization: Bearer TOKEN, or as X-API-Key: TOKEN.", None
    ),
    RefusalCode.CONFLICTING_TOKENS: _Words(
        400, "Two tokens that differ", "Send one, as Authorization: Bearer or as X-API-Key.", "invalid_request"
    ),
    RefusalCode.MISTYPED_TOKEN: _Words(
        401, "The token is mistyped", "A token is 62 characters, and a part of it proves the rest: copy it anew."
    ),
    RefusalCode.UNKNOWN_TOKEN: _Words(401, "The token is not known", "There is no such token here."),
    RefusalCode.DELETED: _Words(401, "The client was deleted", "Whoever runs this service can say more."),
    RefusalCode.REVOKED: _Words(401, "The client was revoked", "Whoever runs this service can say more."),
    RefusalCode.EXPIRED: _Words(401, "The client has expired", "Ask whoever runs this service to renew it."),
    RefusalCode.TOKEN_ENDED: _Words(401, "The token was ended", "It was replaced by another one, or ended by itself."),
    RefusalCode.WRONG_NETWORK: _Words(
        403, "Not from this address", "The client may call from certain networks only.", None
    ),
    RefusalCode.MISSING_SCOPE: _Words(
        403, "The token does not cover this", "Its client lacks a scope that is needed here.", "insufficient_scope"
    ),
}


def problem_of(refusal: Refusal, scope: str | None = None) -> Problem:
    """What a refused request is answered. `scope` is what the action needs."""
    code = told_code(refusal.code)
    words = _WORDS[code]
    headers = [(b"x-auditdeck-refusal", str(code).encode())]
    if words.status == 401 or words.error == "insufficient_scope":
        headers.append((b"www-authenticate", _challenge(words.error, scope)))
    body = orjson.dumps(
        {
            "type": f"{_TYPE}{code}",
            "title": words.title,
            "status": words.status,
            "detail": words.detail,
            "refusal": str(code),
        }
    )
    return _problem(words.status, body, *headers)


def unavailable() -> Problem:
    """What a request is answered while nobody can say whose token it has, or it cannot be recorded."""
    body = orjson.dumps(
        {
            "type": "urn:auditdeck:unavailable",
            "title": "Not available just now",
            "status": 503,
            "detail": "Tokens cannot be checked at the moment; try again soon.",
        }
    )
    return _problem(503, body, (b"retry-after", b"5"))


def told_code(code: RefusalCode) -> RefusalCode:
    """The code that is told outside: a wrong secret is an unknown token."""
    return RefusalCode.UNKNOWN_TOKEN if code is RefusalCode.WRONG_SECRET else code


def _problem(status: int, body: bytes, *headers: tuple[bytes, bytes]) -> Problem:
    plain = (
        (b"content-type", MEDIA_TYPE),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    )
    return Problem(status, (*plain, *headers), body)


def _challenge(error: str | None, scope: str | None) -> bytes:
    if error is None:
        return b"Bearer"
    needed = f', scope="{scope}"' if error == "insufficient_scope" and scope and _is_plain(scope) else ""
    return f'Bearer error="{error}"{needed}'.encode()


def _is_plain(scope: str) -> bool:
    """Whether a scope may stand between quotes in a header (RFC 6749, section 3.3)."""
    return all(" " <= character <= "~" and character not in '"\\' for character in scope)

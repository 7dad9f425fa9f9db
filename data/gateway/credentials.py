"""The token that a request presents."""

from collections.abc import Iterable

from data.refusals import RefusalCode

_SCHEME = b"bearer"


def presented_token(headers: Iterable[tuple[bytes, bytes]]) -> str | RefusalCode:
    """The token of `Authorization: Bearer` (RFC 6750, section 2.1) or of `X-API-Key`; names of headers in lower case.

    NO_TOKEN if there is none, CONFLICTING_TOKENS if there are several that differ. Another scheme than Bearer is none of
    ours, and presents nothing.
    """
    found = set()
    for name, value in headers:
        if name == b"authorization":
            scheme, _, rest = value.strip().partition(b" ")
            if scheme.lower() == _SCHEME:
                found.add(rest.strip())
        elif name == b"x-api-key":
            found.add(value.strip())
    found.discard(b"")
    if not found:
        return RefusalCode.NO_TOKEN
    return found.pop().decode("latin-1") if len(found) == 1 else RefusalCode.CONFLICTING_TOKENS

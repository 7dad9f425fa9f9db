"""What a request asked for, in words that can be counted: its method and its path, without what differs each time."""

import re

from data.tokens import without_secrets

MOST_CHARACTERS = 300
"""A longer action is cut: whatever a client asks for becomes a value to filter by."""

ID = "{id}"
"""What stands in an action in place of a segment that is an id."""

_METHOD = re.compile(r"[A-Z][A-Z0-9_-]{0,29}", re.ASCII)
# Only where the target begins: looked for anywhere, it takes time that grows with the square of the target's length.
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
# Numbers, UUIDs, long hexadecimal words, and words of letters and digits so long that nobody chose them.
_IDS = re.compile(
    r"\d+"
    r"|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
    r"|(?=[^\d]*\d)[0-9a-f]{12,}"
    r"|(?=[^\d]*\d)(?=[^a-z]*[a-z])[0-9a-z_-]{24,}",
    re.IGNORECASE | re.ASCII,
)


def action_of(method: str, target: str) -> str:
    """The action of a request for `target`, a path or a URL: `GET /v1/orders/{id}`.

    The query is left out, for there are secrets in queries, and so is whatever looks like a token.
    """
    word = method.upper()
    absolute = _ABSOLUTE.match(target)
    path = target[absolute.end() if absolute else 0 :].partition("#")[0].partition("?")[0] or "/"
    # No more than can be shown is looked at: a target can have megabytes.
    segments = without_secrets(path[: 4 * MOST_CHARACTERS]).split("/")
    plain = "/".join(ID if _IDS.fullmatch(segment) else segment for segment in segments)
    return f"{word if _METHOD.fullmatch(word) else '?'} {plain}"[:MOST_CHARACTERS]

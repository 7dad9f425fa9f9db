"""What a person pasted to ask about: read without a database, and whatever in it is secret left out at once."""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from uuid import UUID

from data.query.addresses import read_address, read_network
from data.query.model import EventQuery
from data.records import Reference
from data.tokens import CHECK_CHARACTERS, SECRET_CHARACTERS, MistypedToken, NoToken, read_token

MOST_CHARACTERS = 500
"""No name, id or token is longer; more is not looked at."""

# A token wherever it begins: whatever goes before or after it may be part of a line that was pasted with it.
_TOKEN = re.compile(r"adk_([0-9A-Za-z]{0,8})(?![0-9A-Za-z])|adk_([0-9A-Za-z]{8})", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(rf"adk_[0-9A-Za-z]{{8}}_[0-9A-Za-z]{{{SECRET_CHARACTERS + CHECK_CHARACTERS},}}", re.ASCII)
_ENDING = re.compile(rf"[0-9A-Za-z]{{{SECRET_CHARACTERS},{SECRET_CHARACTERS + CHECK_CHARACTERS}}}", re.ASCII)
_SEPARATED = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_PUBLIC = re.compile(r"[0-9A-Za-z]{8}", re.ASCII)


class Problem(StrEnum):
    """Why what was pasted is not looked for, or what is to be said of it. The value is the sentence."""

    EMPTY = "Paste the name of a client, a token, a request id, an address or an event id."
    TOO_LONG = "This is too long to be a name, a token, an id or an address; nothing of it was looked at."
    ENDING_OF_TOKEN = (
        "This looks like the secret end of a token, which is not looked for; paste the part that begins with adk_."
    )
    MISTYPED = "This token was mistyped or damaged: its checksum does not fit."
    NOT_WHOLE = "This is not a whole token; it is looked for by its beginning."


@dataclass(frozen=True, slots=True)
class Pasted:
    """What is left of a paste: `text` without any secret, and what it can be.

    `token` is the public id of a token or the beginning of one. A `problem` without a text ends the search, beside one it
    is to be told.
    """

    text: str = ""
    token: str | None = None
    event_id: UUID | None = None
    network: IPv4Network | IPv6Network | None = None
    problem: Problem | None = None


def read_paste(text: str) -> Pasted:
    """What was pasted, read without asking any database. Of a token nothing but its public id is left."""
    if len(text) > MOST_CHARACTERS:
        return Pasted(problem=Problem.TOO_LONG)
    # What no database takes as text, and no name holds.
    line = " ".join(text.replace("\0", " ").encode("utf-8", "replace").decode().split())
    if not line:
        return Pasted(problem=Problem.EMPTY)
    token = _TOKEN.search(line)
    if token is not None:
        public_id = f"adk_{token[1] if token[1] is not None else token[2]}"
        return Pasted(public_id, token=public_id, problem=_problem_of_token(line[token.start() :], len(public_id)))
    if _SEPARATED.fullmatch(line):
        return Pasted(line, event_id=UUID(line))
    if _ENDING.fullmatch(line):
        return Pasted(problem=Problem.ENDING_OF_TOKEN)
    return Pasted(line, network=_network(line), token=f"adk_{line}" if _PUBLIC.fullmatch(line) else None)


def _problem_of_token(text: str, public: int) -> Problem | None:
    """What is to be said of the token that a text begins with; nothing if only its first `public` characters are given."""
    if text[public : public + 1] != "_":
        return None
    # One that was broken over two lines is whole without the blank between.
    whole = _WHOLE.match(text) or _WHOLE.match(text.replace(" ", ""))
    if whole is None:
        return Problem.NOT_WHOLE
    try:
        read_token(whole[0])
    except (NoToken, MistypedToken):
        return Problem.MISTYPED
    return None


def _network(text: str) -> IPv4Network | IPv6Network | None:
    address: IPv4Address | IPv6Address | None = read_address(text)
    try:
        return read_network(text if address is None else str(address))
    except ValueError:
        return None


class FoundKind(StrEnum):
    """What a thing is that was found."""

    CLIENT = "client"
    TOKEN = "token"
    REQUEST = "request"
    EVENT = "event"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that fits: `label` is what it is called, `detail` what else tells it from others.

    For a client or a token, `client` is the client to tell of; of a token, `standing` says whether it works. Of all others, `changes` and `requests` are the queries that
    have it in the change log and in the request log; `event_id` is set for an event.
    """

    kind: FoundKind
    label: str
    detail: str = ""
    client: Reference | None = None
    changes: EventQuery | None = None
    requests: EventQuery | None = None
    event_id: UUID | None = None
    standing: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a search: things that fit, the likeliest first. `remark` is a plain sentence for the person.

    `text` is what was looked for, without any secret. With `more` there are others beside those found.
    """

    text: str
    found: tuple[Found, ...] = ()
    remark: str | None = None
    more: bool = False

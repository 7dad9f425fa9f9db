"""A bundle as it is written: events with what proves that they are in a log as they were sealed, in one file of JSON lines.

The first line names the log, the key and the signed checkpoint that all the rest is proven against, and what was asked. Each
further one is an event: its two parts as they are stored, the salt that binds the personal one to the body, its place in
the log and the hashes that lead from there to the checkpoint (`data.merkle.neighbours`); or its leaf alone, where all of it
was erased. The last line says how many there
are, and holds a digest of all before that. Whatever is binary is in base64.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson

from data.exchange.event_json import drives_nothing

if TYPE_CHECKING:
    from hashlib import _Hash as Digest

KIND = "auditdeck/bundle/"
VERSION = "auditdeck/bundle/v1"
OLDEST_FIRST, NEWEST_FIRST = "asc", "desc"
ERASED_WHOLE = "whole"
"""What a line says of an event of which nothing is left."""


@dataclass(frozen=True, slots=True)
class BundleHead:
    """The first line: the log's `origin`, the public `key` that signed, the `checkpoint` as the signed note that it is, the
    query's text, the order of the events by their ids, and when it was exported (RFC 3339, UTC).
    """

    bundle: str
    origin: str
    key: str
    checkpoint: str
    query: str
    sort: str
    exported_at: str

    def line(self) -> bytes:
        """Without its newline, as those below are."""
        return as_line(asdict(self))


def event_line(place: int, path: Sequence[bytes], body: str, personal: str | None, salt: bytes | None) -> bytes:
    """An event whose body has this place; `personal` is None once it was erased, and then the line says so."""
    record: dict[str, Any] = {"place": place, "path": [b64encode(one).decode() for one in path], "body": body}
    if personal is None:
        record["erased"] = True
    else:
        record["personal"] = personal
        record["salt"] = b64encode(salt or b"").decode()
    return as_line(record)


def tombstone_line(place: int, path: Sequence[bytes], event_id: str, leaf: bytes) -> bytes:
    """An event that was erased as a whole: that there is something at this place is all that can be proven, by its leaf."""
    proof = {"place": place, "path": [b64encode(one).decode() for one in path]}
    return as_line({**proof, "id": event_id, "leaf": b64encode(leaf).decode(), "erased": ERASED_WHOLE})


def end_line(count: int, unsealed: int, digest: "Digest") -> bytes:
    """The end: how many events there are, how many more the query selects that were not sealed yet and are left out, and
    the SHA-256 of all bytes before itself. `digest` is given with those of all lines before this one.
    """
    line = as_line({"end": True, "count": count, "unsealed": unsealed})[:-1] + b',"sha256":"'
    whole = digest.copy()
    whole.update(line)
    return line + whole.hexdigest().encode() + b'"}'


def as_line(record: dict[str, Any]) -> bytes:
    """The one way in which a bundle writes this: compact, in this order, with what drives a terminal escaped."""
    return drives_nothing(orjson.dumps(record))

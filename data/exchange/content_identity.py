"""An identity for records that bring none: what they say."""

import hashlib
from collections import Counter
from collections.abc import Mapping

import orjson

from data.records import Json


class ContentIdentities:
    """Identities by content within one input: SHA-256 of the canonical record, and how many equal ones came before it."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def next_of(self, record: Mapping[str, Json]) -> str:
        """The identity of the record that comes next, which is counted from then on."""
        digest = hashlib.sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS))
        before = self._seen[digest.digest()]
        self._seen[digest.digest()] += 1
        return f"{digest.hexdigest()}:{before}"

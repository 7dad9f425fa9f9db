"""What the console keeps for a person from one start to the next, in a small file of their own.

Nothing here is needed to work: what cannot be read is as if it were not there, and what cannot be written is only logged.
"""

import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType

from data.errors import QueryError
from data.query import EventQuery, parse_query, print_query
from data.tokens import without_secrets

_LOG = logging.getLogger("auditdeck.state")
_MOST_BYTES = 1_000_000
_MOST_DATABASES = 20
_MEMBER_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
# Behind a database's key, for the last query of its request log.
_OF_REQUESTS = " requests"


@dataclass(frozen=True, slots=True)
class PersonalState:
    """What is kept: whether the console was there before, and the text of the last queries of each database."""

    has_started: bool = False
    last_queries: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Of the audit log and, under another key, of the requests, by `database_key`; the latest database at the end."""

    def last_query(self, address: str) -> EventQuery | None:
        """The last query of this database's audit log, if there was one and it can still be asked."""
        return self._query_of(database_key(address))

    def last_requests(self, address: str) -> EventQuery | None:
        """The same of its request log."""
        return self._query_of(database_key(address) + _OF_REQUESTS)

    def _query_of(self, key: str) -> EventQuery | None:
        text = self.last_queries.get(key)
        try:
            return None if text is None else parse_query(text)
        except QueryError as error:
            _LOG.info("the last query is not offered: %s", error)
            return None


class StateFile:
    """The file that holds it."""

    def __init__(self, path: Path | None) -> None:
        """None keeps nothing."""
        self._path = path

    def read(self) -> PersonalState:
        """What was kept; nothing, if that cannot be read."""
        if self._path is None:
            return PersonalState(has_started=True)
        try:
            if not self._path.is_file():
                return PersonalState()
            with self._path.open("rb") as file:
                return _state_in(json.loads(file.read(_MOST_BYTES)))
        except (OSError, ValueError, RecursionError) as error:
            _LOG.warning("%s cannot be read: %s", self._path, error)
            return PersonalState()

    def note_end(self, address: str, query: EventQuery, requests: EventQuery | None = None) -> None:
        """Note that the console was here, and what was read when it was left; not the query that it begins with anyway.

        `requests` is what was read of the request log, None if nobody went there.
        """
        state = replace(self.read(), has_started=True)  # again: another console may have written since
        key = database_key(address)
        texts = dict(state.last_queries)
        own = {name: texts.pop(name) for name in (key, key + _OF_REQUESTS) if name in texts}
        for name, asked in ((key, query), (key + _OF_REQUESTS, requests)):
            if asked is not None and asked != EventQuery():
                own[name] = without_secrets(print_query(asked))
        kept = [*dict.fromkeys(name.removesuffix(_OF_REQUESTS) for name in (*texts, *own))][-_MOST_DATABASES:]
        last_queries = {
            name: text for name, text in {**texts, **own}.items() if name.removesuffix(_OF_REQUESTS) in kept
        }
        self._write(replace(state, last_queries=last_queries))

    def _write(self, state: PersonalState) -> None:
        """In place of what was there, at once: whoever reads meanwhile has the one or the other, and whole."""
        if self._path is None:
            return
        record = {"has_started": state.has_started, "last_queries": dict(state.last_queries)}
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(
                "w", dir=self._path.parent, prefix=self._path.name, delete=False
            ) as file:  # mode 600
                try:
                    json.dump(record, file, indent=1)
                    file.close()
                    os.replace(file.name, self._path)
                except BaseException:
                    os.unlink(file.name)
                    raise
        except OSError as error:
            _LOG.warning("%s cannot be written: %s", self._path, error)


def state_path_of(member_id: str, path: Path | None) -> Path | None:
    """Where it is kept for a member whose console runs under an account that others share; `path` is that account's own.

    None where nothing is kept, nor for an id that is none.
    """
    if path is None or not _MEMBER_ID.fullmatch(member_id):
        return None
    return path.parent / "members" / member_id / path.name


def database_key(address: str) -> str:
    """A name for a database that tells nothing of its address, which may hold a password; that may change, too."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return _digest(os.path.abspath(address))
    user, _, place = rest.rpartition("@")
    return _digest(f"{scheme}://{user.partition(':')[0]}@{place}")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _state_in(record: object) -> PersonalState:
    """The state in a record of JSON, as far as it is one."""
    if not isinstance(record, dict):
        return PersonalState()
    queries = record.get("last_queries")
    texts = queries.items() if isinstance(queries, dict) else ()
    return PersonalState(
        has_started=record.get("has_started") is True,
        last_queries={key: text for key, text in texts if isinstance(text, str)},
    )

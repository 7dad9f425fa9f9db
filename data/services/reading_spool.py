"""Readings that the log could not take yet, in a file of the reader's own until it can: an event a line, as JSON.

What is in it can be imported, too. It is on the disk before anybody goes on, and nobody else may read it.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import orjson

from data.errors import AuditdeckError
from data.exchange.event_json import draft_from_json, dump_line
from data.exchange.rejects import BadRecord
from data.records import Draft, Event, Outcome
from data.store.identity import id_of

MOST_BYTES = 4_000_000
"""Some thousands of readings; beyond that none is kept, and it is said."""

READINGS = frozenset({"log.read", "requests.read", "log.exported"})
"""The types of events that can wait: whoever can write the file is not to write anything else into the log."""

_LOG = logging.getLogger("auditdeck.readings")
_NAME_CHARACTERS = 16


class NotSpooled(AuditdeckError):
    """A reading could not be kept for later."""


def with_its_id(draft: Draft, at: datetime) -> Event:
    """The event that a draft becomes: with its id from the start, one whose commit was lost on the way is written once."""
    known = {one.name: getattr(draft, one.name) for one in fields(Draft)}
    return Event(**{**known, "id": id_of(draft), "recorded_at": at})


class ReadingSpool:
    """One file for each database, in a folder that is made when it is needed. Safe for several processes."""

    def __init__(self, folder: Path | None, database: str) -> None:
        """Without a folder nothing can be kept. `database` is its address, without a password."""
        name = sha256(database.encode("utf-8", "surrogatepass")).hexdigest()[:_NAME_CHARACTERS]
        self.path = None if folder is None else folder / f"readings-{name}.jsonl"

    @property
    def holds_any(self) -> bool:
        """Whether any reading waits here."""
        try:
            return self.path is not None and self.path.stat().st_size > 0
        except OSError:
            return False

    def add(self, event: Event) -> None:
        """Keep this until it can be written. Raises NotSpooled."""
        if self.path is None:
            raise NotSpooled("There is no folder in which it could wait.")
        line = dump_line(event) + b"\n"
        try:
            descriptor = _taken(self.path)
            try:
                _append(descriptor, line, self.path)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise NotSpooled(f"{self.path} cannot be written: {error.strerror}.") from error

    @contextmanager
    def emptying(self) -> Iterator[tuple[Draft, ...]]:
        """What waits, to be written within the block; once that ends well, it waits no more.

        Where another process has it in hand, nothing waits.
        """
        if self.path is None or not self.holds_any:
            yield ()
            return
        try:
            descriptor = _taken(self.path, fcntl.LOCK_NB)
        except OSError as error:
            _LOG.info("readings that wait are left for now: %s", error)
            yield ()
            return
        try:
            yield tuple(_drafts(descriptor))
            os.ftruncate(descriptor, 0)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _taken(path: Path, or_fail: int = 0) -> int:
    """The file, opened and locked: nobody else has it until it is closed. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)  # which only its owner can
        fcntl.flock(descriptor, fcntl.LOCK_EX | or_fail)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _append(descriptor: int, line: bytes, path: Path) -> None:
    size = os.fstat(descriptor).st_size
    if size + len(line) > MOST_BYTES:
        raise NotSpooled(f"{path} is full.")
    if size and os.pread(descriptor, 1, size - 1) != b"\n":  # a line that a full disk or the power cut short
        line = b"\n" + line
    if os.write(descriptor, line) != len(line):
        raise NotSpooled(f"{path} cannot take more.")
    os.fsync(descriptor)


def _drafts(descriptor: int) -> Iterator[Draft]:
    for line in os.pread(descriptor, MOST_BYTES, 0).splitlines():
        try:
            record = orjson.loads(line)
            draft = draft_from_json(record if isinstance(record, dict) else {})
        except (ValueError, BadRecord) as error:  # ValueError is what JSON that is none raises
            if line:
                _LOG.error("a line among the readings that waited is no event, and is left out: %s", error)
            continue
        if draft.type not in READINGS or draft.outcome is Outcome.DENIED:
            _LOG.error("what waited is no reading, and is left out: %s", draft.type)
            continue
        # It happened here, and was never anybody else's: its ids are those that this database issued.
        yield replace(draft, source=None)

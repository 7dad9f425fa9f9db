"""An export's lines: those of its format alone, or with their proof; what stands before them, and after."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Protocol, TypeAlias

from data.answers import Direction, StoredEvent
from data.clock import to_text
from data.exchange.bundle import NEWEST_FIRST, OLDEST_FIRST, VERSION, BundleHead, end_line
from data.exchange.outgoing import OutgoingFormat
from data.proof.bundling import Bundling
from data.query import EventQuery, print_query
from data.records import UNREADABLE, Event
from data.store import ReadTransaction
from data.store.encoding import UNREADABLE_ERRORS, decode
from data.store.event_rows import read_plainly
from data.tokens import without_secrets

_Write: TypeAlias = Callable[[str | bytes, str | bytes | None], bytes]


class ExportLines(Protocol):
    """Makes the lines of one export, each with its newline, in the order in which they stand."""

    @property
    def left_out(self) -> int:
        """How many events have no line."""

    def head(self) -> bytes:
        """What stands before all events, be it nothing."""

    def of(self, transaction: ReadTransaction, items: Sequence[StoredEvent]) -> Iterable[bytes]:
        """Those of some events, to be had after the transaction, too. Raises ProofBroken."""

    def end(self) -> bytes:
        """What stands after them, be it nothing."""


def lines_of(
    form: OutgoingFormat, transaction: ReadTransaction, query: EventQuery, direction: Direction, at: datetime
) -> ExportLines:
    """What makes the lines of an export that begins now. Raises ProofBroken where they need a proof and there is none."""
    if form.line is None:
        return _BundleLines(Bundling.begin(transaction.connection), query, direction, at)
    return _PlainLines(form.head, form.stored or _by_event(form.line), form.line)


class _PlainLines:
    """A line an event, by itself.

    Whether an event is as it was recorded is for `auditdeck verify` to say: looking at each would cost an export a quarter of
    its time again. One that cannot be read at all has its line: it says so, and what is known of it.
    """

    left_out = 0

    def __init__(self, head: bytes, write: _Write, line: Callable[[Event], bytes]) -> None:
        self._head = head
        self._write = write
        self._line = line

    def head(self) -> bytes:
        return self._head + b"\n" if self._head else b""

    def of(self, _transaction: ReadTransaction, items: Sequence[StoredEvent]) -> Iterable[bytes]:
        return (self._of(item) + b"\n" for item in items)

    def end(self) -> bytes:
        return b""

    def _of(self, item: StoredEvent) -> bytes:
        try:
            return self._write(item.body, item.personal)
        except UNREADABLE_ERRORS:
            found = read_plainly(item)
            if found.type != UNREADABLE:  # then it is the program that is wrong
                raise
            return self._line(found)


class _BundleLines:
    """A bundle; see `data.exchange.bundle`."""

    def __init__(self, bundling: Bundling, query: EventQuery, direction: Direction, at: datetime) -> None:
        self._bundling = bundling
        self._head = BundleHead(
            VERSION,
            bundling.origin,
            bundling.key,
            bundling.note,
            without_secrets(print_query(query)),
            OLDEST_FIRST if direction is Direction.NEWER else NEWEST_FIRST,
            to_text(at),
        )
        self._digest = sha256()
        self._count = 0

    @property
    def left_out(self) -> int:
        return self._bundling.unsealed

    def head(self) -> bytes:
        line = self._head.line() + b"\n"
        self._digest.update(line)
        return line

    def of(self, transaction: ReadTransaction, items: Sequence[StoredEvent]) -> Iterable[bytes]:
        lines = [line + b"\n" for line in self._bundling.lines(transaction.connection, items)]
        for line in lines:
            self._digest.update(line)
        self._count += len(lines)
        return lines

    def end(self) -> bytes:
        return end_line(self._count, self.left_out, self._digest) + b"\n"


def _by_event(line: Callable[[Event], bytes]) -> _Write:
    return lambda body, personal: line(decode(body, personal))

"""Importing the requests that a proxy served, from its access log: once, or as it is written."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from data.clock import Clock, to_text
from data.errors import DatabaseUnavailable, UnreadableInput
from data.exchange.access_log import AccessLine, access_lines
from data.exchange.arriving import followed, piped
from data.exchange.input_file import STANDARD_INPUT, open_input
from data.exchange.reading import FUTURE_TOLERATED
from data.exchange.rejects import Reject, RejectsFile
from data.requests import request_draft
from data.services.importing import CONFLICT, Append

BATCH_REQUESTS = 1_000
BATCH_S = 1.0
"""A batch is written at so many requests, or so many seconds after its first one, whichever comes first."""

_RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class RequestImportSummary:
    """What an import came to. `read` is `added` + `duplicates` + `skipped` + `rejected`.

    `skipped` are those of no client, such as the gateway turned away, which it has recorded itself. `failures` has a
    sentence for each input that was not read to its end.
    """

    read: int
    added: int
    duplicates: int
    skipped: int
    rejected: int
    files: int
    failures: tuple[str, ...]


class RequestImport:
    """One import, and its running totals. Not thread-safe."""

    def __init__(
        self,
        append: Append,
        clock: Clock,
        rejects: RejectsFile,
        *,
        on_outage: Callable[[str], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`append` stores a batch whole in the request log, or raises. With `on_outage` it is tried again for as long as
        the database is away, after this was told why; without, that ends the import. The caller closes `rejects`.
        """
        self._append = append
        self._clock = clock
        self._rejects = rejects
        self._on_outage = on_outage
        self._monotonic = monotonic
        self._batch: list[AccessLine] = []
        self._batch_since = 0.0
        self._name = ""
        self._added = self._duplicates = self._skipped = self._rejected = self._files = 0
        self._failures: list[str] = []

    def take(self, paths: Sequence[str], *, follow: bool = False) -> None:
        """Import each path (`-` is standard input), with `follow` for ever; what was read is written in any case."""
        if list(paths).count(STANDARD_INPUT) > 1:
            raise UnreadableInput("standard input can be read only once, and - is there more than once")
        for path in paths:
            self._name = "standard input" if path == STANDARD_INPUT else path
            try:
                self._take(self._chunks(path, follow=follow))
            except UnreadableInput as failure:
                self._failures.append(str(failure))
            else:
                self._files += 1

    def summary(self) -> RequestImportSummary:
        """The totals so far."""
        return RequestImportSummary(
            read=self._added + self._duplicates + self._skipped + self._rejected,
            added=self._added,
            duplicates=self._duplicates,
            skipped=self._skipped,
            rejected=self._rejected,
            files=self._files,
            failures=tuple(self._failures),
        )

    def _chunks(self, path: str, *, follow: bool) -> Iterator[bytes]:
        if path == STANDARD_INPUT and sys.stdin is not None:
            return piped(sys.stdin.fileno(), self._flush_if_due)
        return followed(path, self._flush_if_due) if follow else _contents(path)

    def _take(self, chunks: Iterator[bytes]) -> None:
        try:
            for line in access_lines(chunks):
                self._line(line)
                self._flush_if_due()
        except BaseException:
            self._on_outage = None  # whoever ends it does not want to wait for a database that is away
            raise
        finally:
            self._flush()

    def _line(self, line: AccessLine | Reject) -> None:
        if isinstance(line, Reject):
            self._reject(line)
        elif line.request is None:
            self._skipped += 1
        elif line.request.executed_at > self._clock() + FUTURE_TOLERATED:
            at = to_text(line.request.executed_at)
            self._reject(Reject(line.number, f"its time lies more than a day in the future: {at}", line.raw))
        else:
            if not self._batch:
                self._batch_since = self._monotonic()
            self._batch.append(line)

    def _flush_if_due(self) -> None:
        if len(self._batch) >= BATCH_REQUESTS or (self._batch and self._monotonic() - self._batch_since >= BATCH_S):
            self._flush()

    def _flush(self) -> None:
        drafts = [request_draft(line.request) for line in self._batch if line.request is not None]
        if not drafts:
            return
        has_told = False
        while True:
            try:
                result = self._append(drafts)
                break
            except DatabaseUnavailable as error:
                if self._on_outage is None:
                    raise
                if not has_told:
                    self._on_outage(str(error))
                    has_told = True
                time.sleep(_RETRY_S)
        self._added += result.added
        self._duplicates += result.duplicates
        written, self._batch = self._batch, []
        for index in result.conflicts:
            self._reject(Reject(written[index].number, CONFLICT, written[index].raw))

    def _reject(self, reject: Reject) -> None:
        self._rejects.write(self._name, reject)
        self._rejected += 1


def _contents(path: str) -> Iterator[bytes]:
    with open_input(path) as source:
        yield from source.chunks()

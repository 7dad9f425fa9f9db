"""Importing audit records from files: read, append in batches, keep what was refused, and sum it all up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data.clock import Clock
from data.errors import UnreadableInput
from data.exchange.formats import Format, recognise
from data.exchange.input_file import STANDARD_INPUT, InputFile, open_input
from data.exchange.reading import Entry, read_entries
from data.exchange.rejects import Reject, RejectsFile
from data.records import AppendResult, Draft

BATCH_RECORDS = 1_000
BATCH_SIZE = 16 * 1024 * 1024
"""A batch ends at so many records, or so many bytes of them, whichever comes first."""

CONFLICT = "this identity is in the log already with other content"

Append = Callable[[Sequence[Draft]], AppendResult]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: the input being read, bytes of it read and in all (None where nobody knows), and the records
    of all inputs so far."""

    name: str
    consumed: int
    size: int | None
    read: int
    added: int
    duplicates: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import came to. `read` is `added` + `duplicates` + `rejected`.

    `files` counts the inputs that were read to their end. `failures` has a sentence for each of the others, even where the
    records before the failure were taken.
    """

    read: int
    added: int
    duplicates: int
    rejected: int
    files: int
    failures: tuple[str, ...]


def import_files(
    paths: Sequence[str],
    append: Append,
    clock: Clock,
    on_progress: Callable[[Progress], None],
    rejects: RejectsFile,
    formats: Sequence[Format] = (),
    open_path: Callable[[str], InputFile] = open_input,
) -> ImportSummary:
    """Read each path (`-` is standard input) and append its records in batches of at most 1,000.

    The records are in one of `formats`; without them, in whatever format each input is recognised as. `open_path` opens an
    input, for whoever has looked into one that can be read but once.

    `append` stores a batch whole or raises; what it raises ends the import, and everything appended before stays: importing
    the same files again adds what is missing. `on_progress` is called after each batch and at the end of each input. An
    input that cannot be read does not stop the others. The caller closes `rejects`.

    Raises UnreadableInput if standard input is named twice, before anything is read.
    """
    refuse_reading_twice(paths)
    running = _Import(append, clock, on_progress, rejects, formats, open_path)
    for path in paths:
        running.take(path)
    return running.summary()


def refuse_reading_twice(paths: Sequence[str]) -> None:
    """Raises UnreadableInput if standard input is named twice."""
    if list(paths).count(STANDARD_INPUT) > 1:
        raise UnreadableInput("standard input can be read only once, and - is there more than once")


class _Import:
    """The running totals of one import."""

    def __init__(
        self,
        append: Append,
        clock: Clock,
        on_progress: Callable[[Progress], None],
        rejects: RejectsFile,
        formats: Sequence[Format],
        open_path: Callable[[str], InputFile],
    ) -> None:
        self._append = append
        self._clock = clock
        self._on_progress = on_progress
        self._rejects = rejects
        self._formats = formats
        self._open = open_path
        self._added = self._duplicates = self._rejected = self._files = 0
        self._failures: list[str] = []

    def take(self, path: str) -> None:
        """Import one input; one that cannot be read is noted."""
        try:
            with self._open(path) as source:
                self._read(source)
        except UnreadableInput as failure:
            self._failures.append(str(failure))
        else:
            self._files += 1

    def summary(self) -> ImportSummary:
        """The totals so far."""
        return ImportSummary(
            read=self._added + self._duplicates + self._rejected,
            added=self._added,
            duplicates=self._duplicates,
            rejected=self._rejected,
            files=self._files,
            failures=tuple(self._failures),
        )

    def _read(self, source: InputFile) -> None:
        batch: list[Entry] = []
        items = size = 0
        try:
            for item in read_entries(source, recognise(source, self._formats), self._clock):
                items += 1
                if isinstance(item, Reject):
                    self._reject(source, item)
                else:
                    batch.append(item)
                    size += item.record.size
                if items >= BATCH_RECORDS or size >= BATCH_SIZE:
                    self._flush(source, batch)
                    batch, items, size = [], 0, 0
        except UnreadableInput:
            self._flush(source, batch)  # what was read before the failure is good
            raise
        self._flush(source, batch)

    def _flush(self, source: InputFile, batch: Sequence[Entry]) -> None:
        if batch:
            result = self._append([entry.draft for entry in batch])
            self._added += result.added
            self._duplicates += result.duplicates
            for index in result.conflicts:
                self._reject(source, batch[index].record.rejected(CONFLICT))
        self._on_progress(
            Progress(
                name=source.name,
                consumed=source.consumed,
                size=source.size,
                read=self._added + self._duplicates + self._rejected,
                added=self._added,
                duplicates=self._duplicates,
                rejected=self._rejected,
            )
        )

    def _reject(self, source: InputFile, reject: Reject) -> None:
        self._rejects.write(source.name, reject)
        self._rejected += 1

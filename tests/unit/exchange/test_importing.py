"""The import service, against an `append` that remembers."""

import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.errors import DatabaseUnavailable, UnreadableInput
from data.exchange import RejectsFile
from data.records import AppendResult, Draft, Json, Source
from data.services import importing
from data.services.importing import ImportSummary, Progress, import_files

NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)


class Log:
    """A log in memory: by identity, with the batches as they came."""

    def __init__(self) -> None:
        self.events: dict[Source | None, Draft] = {}
        self.batches: list[int] = []

    def append(self, drafts: Sequence[Draft]) -> AppendResult:
        self.batches.append(len(drafts))
        before = len(self.events)
        conflicts = tuple(
            index for index, draft in enumerate(drafts) if self.events.setdefault(draft.source, draft) != draft
        )
        added = len(self.events) - before
        return AppendResult(added, len(drafts) - added - len(conflicts), conflicts)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def rejects(tmp_path: Path) -> Iterator[RejectsFile]:
    with RejectsFile(tmp_path / "rejects.jsonl") as file:
        yield file


Run = Callable[..., ImportSummary]


@pytest.fixture
def run(log: Log, rejects: RejectsFile) -> Run:
    def run_import(*paths: object, on_progress: Callable[[Progress], None] = lambda _: None) -> ImportSummary:
        return import_files([str(path) for path in paths], log.append, lambda: NOW, on_progress, rejects)

    return run_import


def event(number: int, **more: Json) -> bytes:
    moment = NOW - timedelta(seconds=number)
    return json.dumps({"type": "a.b", "occurred_at": moment.isoformat(), "id": f"n-{number}", **more}).encode() + b"\n"


def events(count: int, start: int = 0) -> bytes:
    return b"".join(event(number) for number in range(start, start + count))


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def kept(rejects: RejectsFile) -> list[dict[str, Json]]:
    rejects.close()
    return [json.loads(line) for line in rejects.path.read_bytes().splitlines()] if rejects.path else []


def test_records_are_appended_in_batches_of_a_thousand(tmp_path: Path, run: Run, log: Log) -> None:
    summary = run(written(tmp_path / "a", events(2500)))
    assert log.batches == [1000, 1000, 500]
    assert summary == ImportSummary(read=2500, added=2500, duplicates=0, rejected=0, files=1, failures=())


def test_large_records_make_smaller_batches(
    tmp_path: Path, run: Run, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH_SIZE", 3000)
    run(written(tmp_path / "a", b"".join(event(number, reason="x" * 1000) for number in range(6))))
    assert log.batches == [3, 3]


def test_importing_twice_adds_nothing(tmp_path: Path, run: Run) -> None:
    path = written(tmp_path / "a", events(5) + b'{"type":"x","occurred_at":"2026-01-01T00:00:00Z"}\n' * 2)
    assert run(path) == ImportSummary(read=7, added=7, duplicates=0, rejected=0, files=1, failures=())
    assert run(path) == ImportSummary(read=7, added=0, duplicates=7, rejected=0, files=1, failures=())


def test_a_record_counts_once_as_added_duplicate_or_rejected(tmp_path: Path, run: Run, rejects: RejectsFile) -> None:
    data = event(1) + event(1) + b"oops\n" + event(2) + event(1, reason="other") + event(3)
    path = written(tmp_path / "a", data)
    assert run(path) == ImportSummary(read=6, added=3, duplicates=1, rejected=2, files=1, failures=())
    assert [(line["file"], line["line"]) for line in kept(rejects)] == [(str(path), 3), (str(path), 5)]


def test_the_same_identity_with_other_content_is_kept_as_a_reject(
    tmp_path: Path, run: Run, rejects: RejectsFile
) -> None:
    run(written(tmp_path / "a", event(1)))
    changed = event(1, reason="changed since")
    path = written(tmp_path / "b", event(2) + changed)
    assert run(path).rejected == 1
    assert kept(rejects) == [
        {
            "file": str(path),
            "line": 2,
            "reason": "this identity is in the log already with other content",
            "raw": changed.decode().rstrip(),
        }
    ]


def test_one_unreadable_input_does_not_stop_the_others(tmp_path: Path, run: Run) -> None:
    missing, unknown = tmp_path / "missing", written(tmp_path / "table.csv", b"a,b\n1,2\n")
    good = written(tmp_path / "good", events(3))
    summary = run(missing, unknown, tmp_path, good)
    assert (summary.read, summary.added, summary.files) == (3, 3, 1)
    assert [str(path) in failure for path, failure in zip((missing, unknown, tmp_path), summary.failures, strict=True)]
    assert "no such file" in summary.failures[0]
    assert "nobody knows its format" in summary.failures[1]
    assert "it is a folder" in summary.failures[2]


def test_of_cut_off_gzip_what_was_read_is_kept_and_the_failure_told(tmp_path: Path, run: Run, log: Log) -> None:
    packed = gzip.compress(events(900))
    summary = run(written(tmp_path / "a.gz", packed[: len(packed) // 2]), written(tmp_path / "b", events(1, 9000)))
    assert 100 < summary.added == len(log.events) < 900
    assert log.batches == [summary.added - 1, 1]
    assert Source("auditdeck", "n-9000") in log.events
    assert (summary.files, len(summary.failures)) == (1, 1)
    assert "ends too early" in summary.failures[0]


def test_an_empty_input_is_read_and_holds_nothing(tmp_path: Path, run: Run, log: Log) -> None:
    assert run(written(tmp_path / "a", b"")) == ImportSummary(0, 0, 0, 0, 1, ())
    assert log.batches == []


def test_no_reject_leaves_no_file(tmp_path: Path, run: Run, rejects: RejectsFile) -> None:
    run(written(tmp_path / "a", events(1)))
    assert rejects.path is None


def test_standard_input_can_be_named_once(tmp_path: Path, run: Run, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(events(2))))
    with pytest.raises(UnreadableInput, match="standard input can be read only once"):
        run("-", written(tmp_path / "a", events(1)), "-")
    assert log.batches == []
    assert run("-").added == 2


def test_progress_is_told_after_each_batch_and_at_the_end_of_each_input(tmp_path: Path, run: Run) -> None:
    first = written(tmp_path / "a", events(1500))
    second = written(tmp_path / "b", b"type occurred_at\n" * 1000 + event(7))
    seen: list[Progress] = []
    run(first, second, on_progress=seen.append)
    assert [(step.name, step.read, step.added, step.duplicates, step.rejected) for step in seen] == [
        (str(first), 1000, 1000, 0, 0),
        (str(first), 1500, 1500, 0, 0),
        (str(second), 2500, 1500, 0, 1000),
        (str(second), 2501, 1500, 1, 1000),
    ]
    assert all(step.size is not None and 0 < step.consumed <= step.size for step in seen)
    assert seen[-1].consumed == seen[-1].size == second.stat().st_size


def test_a_lost_database_ends_the_import(tmp_path: Path, rejects: RejectsFile) -> None:
    def lost(drafts: Sequence[Draft]) -> AppendResult:
        raise DatabaseUnavailable("gone")

    with pytest.raises(DatabaseUnavailable):
        import_files([str(written(tmp_path / "a", events(1)))], lost, lambda: NOW, lambda _: None, rejects)


def test_a_record_of_the_future_is_a_reject_by_the_clock_handed_in(
    tmp_path: Path, run: Run, rejects: RejectsFile
) -> None:
    assert run(written(tmp_path / "a", event(-2 * 24 * 3600))).rejected == 1
    (reject,) = kept(rejects)
    assert "more than a day in the future" in str(reject["reason"])

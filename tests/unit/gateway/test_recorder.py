"""Tests of data.gateway.recorder and data.gateway.gathering: what is written, when, and what is lost."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from data.errors import DatabaseError, DatabaseUnavailable
from data.gateway import recorder as recorder_module
from data.gateway.gathering import MOST_A_MINUTE
from data.gateway.recorder import Recorder, TokenUse
from data.records import Draft, Reference
from data.refusals import RefusalCode
from data.requests import Request
from tests.hand_clock import NOW, HandClock

_CLIENT = Reference("api_client", "c-77", "Payroll sync")


class Shelf:
    """Stands for the database: keeps what it is given, unless it is away."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.uses: list[TokenUse] = []
        self.batches: list[int] = []
        self.failure: Callable[[Sequence[Draft]], Exception | None] = lambda drafts: None
        self.asked = threading.Semaphore(0)
        self.written = threading.Semaphore(0)

    def __call__(self, drafts: Sequence[Draft], uses: Sequence[TokenUse]) -> None:
        self.asked.release()
        failure = self.failure(drafts)
        if failure is not None:
            raise failure
        self.batches.append(len(drafts))
        self.drafts.extend(drafts)
        self.uses.extend(uses)
        self.written.release()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def recorder(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setattr(recorder_module, "RETRY_S", 0.01)
    running = Recorder(shelf, HandClock())
    yield running
    running.stop(0.1)


def served(number: int = 0) -> Request:
    return Request(action="GET /orders", status=200, executed_at=NOW, client=_CLIENT, request_id=f"r-{number}")


def refused(code: RefusalCode, *, ip: str = "203.0.113.9", minute: int = 0, token: str | None = None) -> Request:
    return Request(
        action="GET /",
        status=401,
        executed_at=NOW + timedelta(minutes=minute),
        client=_CLIENT if token else None,
        token=token,
        ip=ip,
        refusal=code,
    )


def test_a_clean_stop_writes_everything(recorder: Recorder, shelf: Shelf) -> None:
    for number in range(1_234):
        recorder.record(served(number))
    assert recorder.stop() == 0
    assert [draft.request_id for draft in shelf.drafts] == [f"r-{number}" for number in range(1_234)]
    assert max(shelf.batches) == recorder_module.BATCH_REQUESTS
    assert len({draft.id for draft in shelf.drafts}) == 1_234


def test_requests_are_written_without_a_stop_too(recorder: Recorder, shelf: Shelf) -> None:
    recorder.record(served())
    assert shelf.written.acquire(timeout=5)


def test_a_stopped_recorder_can_be_used_again(recorder: Recorder, shelf: Shelf) -> None:
    for number in range(2):
        recorder.record(served(number))
        recorder.stop()
    assert len(shelf.drafts) == 2


def test_what_the_database_did_not_take_is_tried_again_as_the_same_events(recorder: Recorder, shelf: Shelf) -> None:
    tried: list[Sequence[Draft]] = []

    def away_twice(drafts: Sequence[Draft]) -> Exception | None:
        tried.append(drafts)
        return DatabaseUnavailable("No answer.") if len(tried) < 3 else None

    shelf.failure = away_twice
    recorder.record(served())
    recorder.note_use("adk_Ab3dE5gH", NOW, "203.0.113.9")
    assert shelf.written.acquire(timeout=5)
    recorder.stop()
    assert len({draft.id for drafts in tried for draft in drafts}) == len(shelf.drafts) == 1
    assert len(shelf.uses) == 1


def test_a_database_that_stays_away_costs_the_oldest_and_it_is_said(
    recorder: Recorder, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recorder_module, "MOST_WAITING", 10)
    monkeypatch.setattr(logging.getLogger("auditdeck"), "propagate", True)
    is_away = True
    shelf.failure = lambda drafts: DatabaseUnavailable("No answer.") if is_away else None
    for number in range(25):
        recorder.record(served(number))
    assert shelf.asked.acquire(timeout=5) and shelf.asked.acquire(timeout=5)
    is_away = False
    recorder.stop()
    assert [draft.request_id for draft in shelf.drafts] == [f"r-{number}" for number in range(15, 25)]
    assert "15 requests were given up" in caplog.text


def test_a_stop_does_not_wait_for_ever(recorder: Recorder, shelf: Shelf) -> None:
    shelf.failure = lambda drafts: DatabaseUnavailable("No answer.")
    recorder.record(served())
    assert recorder.stop(0.05) == 1


def test_one_that_cannot_be_stored_keeps_no_other_from_it(recorder: Recorder, shelf: Shelf) -> None:
    def spoilt(drafts: Sequence[Draft]) -> Exception | None:
        return ValueError("no") if any(draft.request_id == "r-1" for draft in drafts) else None

    shelf.failure = spoilt
    for number in range(3):
        recorder.record(served(number))
    assert recorder.stop() == 0
    assert [draft.request_id for draft in shelf.drafts] == ["r-0", "r-2"]


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_a_full_disk_loses_nothing(recorder: Recorder, shelf: Shelf, count: int) -> None:
    failures = iter([DatabaseError("full")] * 8)
    shelf.failure = lambda drafts: next(failures, None)
    for number in range(count):
        recorder.record(served(number))
    recorder.stop()
    assert {draft.request_id for draft in shelf.drafts} == {f"r-{number}" for number in range(count)}


def test_one_that_the_database_refuses_is_given_up_once_it_takes_another(recorder: Recorder, shelf: Shelf) -> None:
    shelf.failure = lambda drafts: DatabaseError("no") if any(one.request_id == "r-0" for one in drafts) else None
    recorder.record(served(0))
    assert shelf.asked.acquire(timeout=5) and shelf.asked.acquire(timeout=5)
    recorder.record(served(1))
    assert recorder.stop() == 0
    assert [draft.request_id for draft in shelf.drafts] == ["r-1"]


def test_whoever_is_durable_waits_for_the_commit(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "RETRY_S", 0.01)
    recorder = Recorder(shelf, HandClock(), durable=True)
    done = recorder.record(served())
    assert done is not None
    done.result(5)
    assert len(shelf.drafts) == 1
    shelf.failure = lambda drafts: DatabaseUnavailable("No answer.")
    failed = recorder.record(served())
    assert failed is not None
    with pytest.raises(DatabaseUnavailable):
        failed.result(5)
    shelf.failure = lambda drafts: None
    recorder.stop()
    assert len(shelf.drafts) == 2  # it happened all the same, and is told once that is possible


def test_strangers_are_counted_by_address_and_minute(recorder: Recorder, shelf: Shelf) -> None:
    for _ in range(1_000):
        recorder.record(refused(RefusalCode.UNKNOWN_TOKEN))
        recorder.record(refused(RefusalCode.NO_TOKEN, ip="198.51.100.7"))
    recorder.record(refused(RefusalCode.UNKNOWN_TOKEN, minute=1))
    recorder.stop()
    told = [(draft.type, draft.ip, draft.data["refusal"], draft.data["count"]) for draft in shelf.drafts]
    assert sorted(told, key=str) == [
        ("request.refused_strangers", "198.51.100.7", "no_token", 1_000),
        ("request.refused_strangers", "203.0.113.9", "unknown_token", 1),
        ("request.refused_strangers", "203.0.113.9", "unknown_token", 1_000),
    ]


def test_many_addresses_become_one_row_without_an_address(recorder: Recorder, shelf: Shelf) -> None:
    for number in range(5_000):
        recorder.record(refused(RefusalCode.MISTYPED_TOKEN, ip=f"203.0.{number // 256}.{number % 256}"))
    recorder.stop()
    assert len(shelf.drafts) == MOST_A_MINUTE + 1
    assert [draft.data["count"] for draft in shelf.drafts if draft.ip is None] == [5_000 - MOST_A_MINUTE]


def test_a_client_that_is_named_without_proof_is_counted_with_its_token(recorder: Recorder, shelf: Shelf) -> None:
    for _ in range(7):
        recorder.record(refused(RefusalCode.WRONG_SECRET, token="adk_Ab3dE5gH"))
    recorder.stop()
    (draft,) = shelf.drafts
    assert (draft.type, draft.token, draft.client, draft.data["count"]) == (
        "request.refused",
        "adk_Ab3dE5gH",
        _CLIENT,
        7,
    )


def test_refusals_of_a_proven_client_are_told_singly(recorder: Recorder, shelf: Shelf) -> None:
    for _ in range(3):
        recorder.record(refused(RefusalCode.REVOKED, token="adk_Ab3dE5gH"))
    recorder.stop()
    assert len(shelf.drafts) == 3


def test_a_minute_that_is_over_is_told_while_others_go_on(shelf: Shelf) -> None:
    clock = HandClock()
    recorder = Recorder(shelf, clock)
    recorder.record(refused(RefusalCode.NO_TOKEN))
    clock.move(minutes=1)
    recorder.record(refused(RefusalCode.NO_TOKEN, minute=1))
    assert shelf.written.acquire(timeout=5)
    assert len(shelf.drafts) == 1
    recorder.stop()
    assert len(shelf.drafts) == 2


def test_a_use_is_noted_once_a_minute(recorder: Recorder, shelf: Shelf) -> None:
    for seconds in (0, 1, 59, 60, 61):
        recorder.note_use("adk_Ab3dE5gH", NOW + timedelta(seconds=seconds), "203.0.113.9")
        recorder.stop()
    assert [at - NOW for _, at, _ in shelf.uses] == [timedelta(), timedelta(minutes=1)]

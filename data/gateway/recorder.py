"""Recording requests: handed over in no time, and written in batches by one thread.

What was handed over is written within half a second, and all of it before `stop` returns. A crash of the process loses
what was not written yet: half a second of requests, a minute of gathered refusals. A recorder that is `durable` lets
whoever records wait for the commit, so that a crash loses no request that was answered; gathered refusals it may lose
all the same.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from data.clock import Clock
from data.errors import AuditdeckError, DatabaseError, DatabaseUnavailable, DiskFull
from data.gateway.gathering import Gathering
from data.oplog import LOGGER_NAME
from data.records import Draft
from data.requests import Request, request_draft
from data.store.identity import EventIds

BATCH_REQUESTS = 500
BATCH_S = 0.5
"""A batch is written at so many requests, or so many seconds after its first one, whichever comes first."""

MOST_WAITING = 20_000
"""So many requests are kept while the database is away; beyond that the oldest is given up for each new one."""

RETRY_S = 1.0
STOP_WITHIN_S = 10.0
"""How long `stop` tries to write what is left."""

USE_NOTED_EVERY = timedelta(minutes=1)

_GATHERED_LOOK_S = 1.0
_FAILURES_TRIED = 3

TokenUse = tuple[str, datetime, str | None]
"""A token's public id, when it was used, and from which address."""

Write = Callable[[Sequence[Draft], Sequence[TokenUse]], None]
"""Commits all of it or raises; a draft that is there already, by its id, is passed over."""

_log = logging.getLogger(LOGGER_NAME)


@dataclass(frozen=True, slots=True)
class _Waiting:
    draft: Draft
    done: "Future[None] | None"

    def succeed(self) -> None:
        if self.done is not None:
            with suppress(InvalidStateError):  # whoever waited no longer does
                self.done.set_result(None)

    def fail(self, error: Exception) -> None:
        if self.done is not None:
            with suppress(InvalidStateError):
                self.done.set_exception(error)


class Recorder:
    """Takes requests and uses of tokens from any thread. Starts its thread with the first, or by `start`."""

    def __init__(self, write: Write, clock: Clock, *, durable: bool = False) -> None:
        self.durable = durable
        self._write = write
        self._clock = clock
        self._lock = Lock()
        self._wake = Event()
        self._full = Event()
        self._stop_by: float | None = None
        self._thread: Thread | None = None
        self._waiting: deque[_Waiting] = deque()
        self._ids = EventIds()
        self._gathering = Gathering()
        self._uses: dict[str, TokenUse] = {}
        self._noted: dict[str, datetime] = {}
        self._given_up = 0
        self._is_away = False

    def start(self) -> None:
        """Be ready to write; doing it twice is nothing."""
        with self._lock:
            if self._thread is None:
                self._stop_by = None
                self._thread = Thread(target=self._run, name="auditdeck-recorder", daemon=True)
                self._thread.start()

    def stop(self, within_s: float = STOP_WITHIN_S) -> int:
        """Write all that was handed over and end the thread; how many requests could not be written in that time."""
        with self._lock:
            thread = self._thread
            self._stop_by = time.monotonic() + within_s
        self._full.set()
        self._wake.set()
        if thread is not None:
            thread.join()
        self._write_all(stopping=True)  # what came while the thread ended
        with self._lock:
            self._thread = None
            lost, self._waiting = self._waiting, deque()
        for one in lost:
            one.fail(DatabaseUnavailable("The request could not be recorded."))
        if lost:
            _log.error("%d requests were lost: the database did not take them before the end", len(lost))
        return len(lost)

    def record(self, request: Request) -> "Future[None] | None":
        """Take over a request; never waits. What is returned is to be waited for before the request is answered.

        That is None unless the recorder is durable, and for refusals that are counted and not recorded singly.
        """
        if Gathering.takes(request):
            with self._lock:
                self._gathering.add(request)
            self._hand_over()
            return None
        draft = request_draft(request)
        done: Future[None] | None = Future() if self.durable else None
        given_up = None
        with self._lock:
            self._waiting.append(_Waiting(self._with_id(draft), done))
            if len(self._waiting) > MOST_WAITING:
                given_up = self._waiting.popleft()
                self._given_up += 1
            is_full = len(self._waiting) >= BATCH_REQUESTS
        if given_up is not None:
            given_up.fail(DatabaseUnavailable("The request could not be recorded: too many are waiting."))
        self._hand_over(now=is_full or self.durable)
        return done

    def note_use(self, public_id: str, at: datetime, address: str | None) -> None:
        """A token was used; noted once a minute for each."""
        with self._lock:
            last = self._noted.get(public_id)
            if last is not None and at - last < USE_NOTED_EVERY:
                return
            self._noted[public_id] = at
            self._uses[public_id] = (public_id, at, address)
        self._hand_over()

    def _hand_over(self, *, now: bool = False) -> None:
        if self._thread is None:
            self.start()
        if now and not self._full.is_set():
            self._full.set()
        if not self._wake.is_set():
            self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait(_GATHERED_LOOK_S if self._gathering else None)
            self._full.wait(BATCH_S)
            self._wake.clear()
            self._full.clear()
            stop_by = self._stop_by
            if not self._write_all(stopping=stop_by is not None):
                if stop_by is not None and time.monotonic() >= stop_by:
                    return
                self._pause()
            elif stop_by is not None:
                return
            if self._stop_by is not None:
                self._wake.set()
                self._full.set()

    def _pause(self) -> None:
        """Wait a little before the database is asked again, which is away."""
        until = time.monotonic() + RETRY_S
        if self._stop_by is not None:
            until = min(until, self._stop_by)
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
            if self._stop_by is not None:
                break
        self._wake.set()

    def _write_all(self, *, stopping: bool) -> bool:
        """Write everything that is due; False if the database does not take it, and all of it is kept."""
        with self._lock:
            gathered = self._gathering.take(None if stopping else self._clock())
            self._waiting.extend(_Waiting(self._with_id(draft), None) for draft in gathered)
        while True:
            with self._lock:
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_REQUESTS))]
                uses, self._uses = self._uses, {}
            if not batch and not uses:
                return True
            if not self._write_batch(batch, uses):
                return False

    def _write_batch(self, batch: list[_Waiting], uses: dict[str, TokenUse]) -> bool:
        failure = self._attempt(batch, uses)
        if failure is None:
            for one in batch:
                one.succeed()
            self._is_back()
            return True
        if isinstance(failure, DatabaseUnavailable | DiskFull):
            self._keep(batch, uses, failure)
            return False
        return self._write_singly(batch, uses)

    def _write_singly(self, batch: list[_Waiting], uses: dict[str, TokenUse]) -> bool:
        """One request that cannot be stored must not keep all others from it."""
        refused: list[tuple[_Waiting, Exception]] = []
        for index, one in enumerate(batch):
            failure = self._attempt([one], {})
            if failure is None:
                one.succeed()
                continue
            refused.append((one, failure))
            # What a database answers to one request alone may be the request's fault, or the database's: a full disk.
            is_tried = len(refused) >= min(_FAILURES_TRIED, len(batch))
            nothing_goes = isinstance(failure, DatabaseError) and len(refused) == index + 1 and is_tried
            if nothing_goes or isinstance(failure, DatabaseUnavailable | DiskFull):
                self._keep([*(each for each, _ in refused), *batch[index + 1 :]], uses, failure)
                return False
        for one, reason in refused:
            # The others were taken: perhaps the disk has room again since.
            again = self._attempt([one], {}) if isinstance(reason, DatabaseError) else reason
            if again is None:
                one.succeed()
                continue
            _log.error("a request was not recorded, it cannot be stored: %s", again)
            one.fail(again)
        failure = self._attempt([], uses)
        if failure is not None:
            _log.error("the last use of %d tokens was not noted: %s", len(uses), failure)
        return True

    def _attempt(self, batch: Sequence[_Waiting], uses: dict[str, TokenUse]) -> Exception | None:
        """Write, or say what kept it from being written."""
        try:
            self._write([one.draft for one in batch], [*uses.values()])
        except (AuditdeckError, ValueError) as error:
            return error
        except Exception as error:  # the thread has to live
            logging.getLogger(LOGGER_NAME).exception("requests could not be recorded")
            return error
        return None

    def _with_id(self, draft: Draft) -> Draft:
        """The draft with its id: written twice, because nobody knows whether a lost commit was one, it is one event."""
        return replace(draft, id=self._ids.of(draft))

    def _keep(self, batch: Sequence[_Waiting], uses: dict[str, TokenUse], error: Exception) -> None:
        """Put back what was not written, in its order, as far as there is room for it."""
        with self._lock:
            self._waiting.extendleft(reversed(batch))
            self._uses = {**uses, **self._uses}
            given_up = [self._waiting.popleft() for _ in range(len(self._waiting) - MOST_WAITING)]
            self._given_up += len(given_up)
        for one in batch:
            one.fail(error)  # whoever waits for it has to answer now; it is recorded later all the same
        if not self._is_away:
            self._is_away = True
            _log.warning("requests are kept, at most %d, until the database takes them: %s", MOST_WAITING, error)

    def _is_back(self) -> None:
        with self._lock:
            given_up, self._given_up = self._given_up, 0
        if given_up:
            _log.error("%d requests were given up while the database was away", given_up)
        if self._is_away:
            self._is_away = False
            _log.warning("the database takes requests again")

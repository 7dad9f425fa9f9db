"""Looking at blocks on two cores: each process has a connection of its own, and its transaction is as of the same size."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context
from typing import TypeVar

import sqlalchemy as sa

from data.stop import Stop
from data.store import Database

PROCESSES = 2
WORTH_A_POOL = 1 << 18
"""Fewer events than these are looked at in less time than processes take to begin."""

_LOOK_EVERY_S = 0.2
_Task = TypeVar("_Task")
_Done = TypeVar("_Done")


class Pool:
    """Processes that look at one database."""

    def __init__(self, address: str, stop: Stop) -> None:
        """`address` is the database's, with its password. They begin with the first task, and end with `closed`."""
        self._address = address
        self._stop = stop
        # Spawned: a copy of this process would have its connections, threads and terminal.
        self._executor = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))

    def each(
        self, work: Callable[[sa.Connection, _Task], _Done], tasks: Sequence[_Task], done: Callable[[_Done], None]
    ) -> None:
        """Have every task done, in whatever order; `done` is called for each, in theirs. Raises Cancelled."""
        waiting: list[Future[_Done]] = [self._executor.submit(_in_process, self._address, work, task) for task in tasks]
        for future in waiting:
            while True:
                self._stop.check()
                try:
                    done(future.result(_LOOK_EVERY_S))
                    break
                except TimeoutError:
                    continue

    def close(self) -> None:
        """Let go of what has not begun, and wait for the rest."""
        self._executor.shutdown(cancel_futures=True)


@contextmanager
def pool(address: str, stop: Stop) -> Iterator[Pool]:
    """Processes for the block."""
    made = Pool(address, stop)
    try:
        yield made
    finally:
        made.close()


def _in_process(address: str, work: Callable[[sa.Connection, _Task], _Done], task: _Task) -> _Done:
    with closing(Database(address)) as database, database.upkeep_reading() as connection:
        return work(connection, task)

"""Looking at blocks on two cores: each process has a connection of its own, and its transaction is as of the same size."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing, contextmanager, redirect_stderr
from multiprocessing import get_context
from typing import TypeVar

import sqlalchemy as sa

from data.errors import DatabaseError
from data.stop import Stop
from data.store import Database
from data.store.any_text import any_text

PROCESSES = 2
WORTH_A_POOL = 1 << 18
"""Fewer events than these are looked at in less time than processes take to begin."""
WORTH_A_POOL_BESIDE = 1 << 14
"""The same for a program that has something else to do meanwhile, as a console has keys to answer."""

_LOOK_EVERY_S = 0.2
_Task = TypeVar("_Task")
_Done = TypeVar("_Done")


class Pool:
    """Processes that look at one database."""

    def __init__(self, address: str, stop: Stop, snapshot: str | None) -> None:
        """`address` is the database's, with its password. They begin with the first task, and end with `close`.

        `snapshot` is the one that all of them read, where the engine can.
        """
        self._address = address
        self._stop = stop
        self._snapshot = snapshot
        # Spawned: a copy of this process would have its connections, threads and terminal.
        with _real_stderr():
            self._executor = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=_be_quiet)

    def each(
        self, work: Callable[[sa.Connection, _Task], _Done], tasks: Sequence[_Task], done: Callable[[_Done], None]
    ) -> None:
        """Have every task done, in whatever order; `done` is called for each, in theirs. Raises Cancelled, and DatabaseError
        where a process is gone.
        """
        try:
            with _real_stderr():
                waiting: list[Future[_Done]] = [
                    self._executor.submit(_in_process, self._address, self._snapshot, work, task) for task in tasks
                ]
            for future in waiting:
                done(self._result(future))
        except BrokenProcessPool:
            raise DatabaseError(
                "A process that helped to look ended before its time; is there enough memory?"
            ) from None

    def _result(self, future: "Future[_Done]") -> _Done:
        while True:
            self._stop.check()
            try:
                return future.result(_LOOK_EVERY_S)
            except TimeoutError:
                continue

    def close(self) -> None:
        """Let go of what has not begun, and wait for the rest."""
        self._executor.shutdown(cancel_futures=True)


@contextmanager
def pool(address: str, stop: Stop, snapshot: str | None = None) -> Iterator[Pool]:
    """Processes for the block."""
    made = Pool(address, stop, snapshot)
    try:
        yield made
    finally:
        made.close()


def exported_snapshot(connection: sa.Connection) -> str | None:
    """What this transaction sees, for others to see the same as long as it lasts; None where the engine cannot."""
    if connection.dialect.name != "postgresql":
        return None
    return str(connection.execute(sa.select(sa.func.pg_export_snapshot())).scalar_one())


def _real_stderr() -> AbstractContextManager[object]:
    """For processes to begin: a console has put something of its own in the place of the standard error, which has no number
    that could be handed on.
    """
    return redirect_stderr(sys.__stderr__ or sys.stderr)


def _be_quiet() -> None:
    """The terminal is that of the process that began this one, which also ends it when Ctrl-C has reached them all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _in_process(
    address: str, snapshot: str | None, work: Callable[[sa.Connection, _Task], _Done], task: _Task
) -> _Done:
    with closing(Database(address)) as database, database.upkeep_reading() as connection:
        if snapshot is not None:
            connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        with any_text(connection):
            return work(connection, task)

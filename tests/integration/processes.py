"""Several programs at one embedded database: each a new interpreter, all let loose at the same moment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_int
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized, SynchronizedArray
from multiprocessing.synchronize import Barrier

from data.store import Database
from tests.integration.events import append, plain_drafts

_LIMIT_S = 60


def commit_from_processes(path: str, processes: int, events_each: int) -> list[int | None]:
    """Let each process open the database at `path` and commit its events one by one; the exit codes."""
    context = get_context("spawn")
    start = context.Barrier(processes)
    programs = [context.Process(target=_commit, args=(path, start, events_each)) for _ in range(processes)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(_LIMIT_S)
        program.kill()  # only if it is still there
    return [program.exitcode for program in programs]


def die_while_writing(path: str) -> int | None:
    """Let a process append an event and end at once, before it commits; its exit code is 9."""
    program = get_context("spawn").Process(target=_die, args=(path,))
    program.start()
    program.join(_LIMIT_S)
    program.kill()
    return program.exitcode


def shares_of_processes(path: str, processes: int, events: int) -> tuple[list[int], list[int | None]]:
    """Let processes commit events one by one until there are so many together; each one's share, and the exit codes."""
    context = get_context("spawn")
    start, total = context.Barrier(processes), context.Value(c_int)
    shares = context.Array(c_int, processes)
    programs = [
        context.Process(target=_commit_until, args=(path, start, total, shares, number, events))
        for number in range(processes)
    ]
    for program in programs:
        program.start()
    for program in programs:
        program.join(_LIMIT_S)
        program.kill()
    return shares[:], [program.exitcode for program in programs]


@contextmanager
def one_that_commits(path: str) -> Iterator[SpawnProcess]:
    """A process that commits an event, as soon as it may. Killed at the end."""
    program = get_context("spawn").Process(target=_commit_one, args=(path,))
    program.start()
    try:
        yield program
    finally:
        program.kill()
        program.join(_LIMIT_S)


def _commit_until(
    path: str, start: Barrier, total: "Synchronized[int]", shares: "SynchronizedArray[int]", number: int, events: int
) -> None:
    database = Database(path, durable=False)
    drafts = plain_drafts(1)
    start.wait(_LIMIT_S)
    while total.value < events:
        append(database, drafts)
        with total.get_lock():
            total.value += 1
        shares[number] += 1
    database.close()


def _commit_one(path: str) -> None:
    append(Database(path), plain_drafts(1))


def _commit(path: str, start: Barrier, events: int) -> None:
    database = Database(path)
    start.wait(_LIMIT_S)
    database.open()
    for draft in plain_drafts(events):
        append(database, [draft])
    database.close()


def _die(path: str) -> None:
    with Database(path).writing() as work:
        work.events.append_new(plain_drafts(1))
        os._exit(9)

"""Several programs at one embedded database: each a new interpreter, all let loose at the same moment."""

import os
from multiprocessing import get_context
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

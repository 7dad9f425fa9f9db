"""Programs of their own that write to a log, and are killed in the middle of it: each tells what was acknowledged."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from random import Random
from threading import Thread
from uuid import UUID

from data.errors import DatabaseError, DatabaseUnavailable
from data.store import Database
from data.store.identity import id_of
from tests.integration.varied_events import varied

_LIMIT_S = 60


def write(address: str, over: Flag, told: Path, number: int, writers: int) -> None:
    """So many writers of one program: each event is told in a file once its commit has returned."""
    with closing(Database(address)) as database, (told / f"{number}-{os.getpid()}").open("a", buffering=1) as file:
        threads = [
            Thread(target=_write, args=(database, over, file.write, number * 10 + writer)) for writer in range(writers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _write(database: Database, over: Flag, tell: Callable[[str], int], writer: int) -> None:
    chance = Random(os.getpid() * 100 + writer)
    while not over.is_set():
        # Identities of their own, in no order of time, sharing the same few names.
        (draft,) = varied([chance.randrange(1 << 30)])
        draft = replace(draft, id=None)
        with trying_again(over), database.writing() as work:
            draft = replace(draft, id=id_of(draft))
            work.events.append(draft)
            time.sleep(chance.random() / 50)  # others commit meanwhile
            work.commit()
            tell(f"{draft.id}\n")


def acknowledged_in(told: Path) -> set[UUID]:
    """The ids of the events that were told so far; the last of a program that was killed may be half told."""
    lines = (line for path in told.iterdir() for line in path.read_text().splitlines())
    return {UUID(line) for line in lines if len(line) == len(str(UUID(int=0)))}


@contextmanager
def trying_again(over: Flag) -> Iterator[None]:
    """Where the server is away, wait a little instead of ending."""
    try:
        yield
    except (DatabaseUnavailable, DatabaseError):
        time.sleep(0.1)


def started(target: Callable[..., None], *arguments: object) -> SpawnProcess:
    """A program of its own that does this."""
    program = get_context("spawn").Process(target=target, args=arguments)
    program.start()
    return program


def end(program: SpawnProcess) -> None:
    """Kill it, in the middle of whatever it does."""
    if program.pid is not None:
        with suppress(ProcessLookupError):
            os.kill(program.pid, signal.SIGKILL)
    program.join(_LIMIT_S)


def finish(programs: Iterable[SpawnProcess]) -> None:
    """Wait for them, who were told to end; each has to end well."""
    for program in programs:
        program.join(_LIMIT_S)
        program.kill()
        assert program.exitcode == 0

"""Ending a process between any two statements, as it looks to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from data.store import Database


class Killed(BaseException):
    """Stands for the end of a process."""


@contextmanager
def killed_before(database: Database, number: int) -> Iterator[list[str]]:
    """Whoever uses the database within the block is killed before this statement, commits being some, the first one 0."""
    said: list[str] = []

    def say(connection: sa.Connection, what: str) -> None:
        if len(said) > number:
            return  # what is said on the way out is no part of it
        said.append(what)
        if len(said) > number:
            connection.invalidate()  # whoever is killed rolls nothing back
            raise Killed

    def execute(connection: sa.Connection, _cursor: object, statement: str, *_rest: Any) -> None:  # noqa: ANN401
        say(connection, statement)

    def commit(connection: sa.Connection) -> None:
        say(connection, "COMMIT")

    engine = database._engine
    sa.event.listen(engine, "before_cursor_execute", execute)
    sa.event.listen(engine, "commit", commit)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", execute)
        sa.event.remove(engine, "commit", commit)

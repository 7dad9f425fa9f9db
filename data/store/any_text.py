"""Text of an embedded database that is none: as it is stored, where it is looked at because somebody may have altered it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def any_text(connection: sa.Connection) -> Iterator[None]:
    """Within the block, bytes that are no UTF-8 come as lone surrogates, which no stored text has, in place of an error."""
    if connection.dialect.name != "sqlite":
        yield  # PostgreSQL's text is UTF-8
        return
    driver: Any = connection.connection.driver_connection
    before, driver.text_factory = driver.text_factory, _as_it_is
    try:
        yield
    finally:
        driver.text_factory = before


def _as_it_is(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogateescape")

"""Where a database is: a path, `sqlite:///PATH` or `postgresql+psycopg://...`, understood and shown without its password."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from data.errors import DatabaseError

_NO_URL = "This is not a database URL. Write a file's path, or postgresql+psycopg://USER@HOST/DATABASE."
_STRAY_AT = "This database URL has more than one @: write %40 for an @ in a password."


@dataclass(frozen=True, slots=True)
class Location:
    """A database's address. `path` is the file of an embedded one, None for a shared one."""

    url: sa.URL
    path: Path | None

    @property
    def is_embedded(self) -> bool:
        return self.path is not None

    @property
    def name(self) -> str:
        """The short name that the screen shows: the file's stem, or the database's name."""
        if self.path is not None:
            return self.path.stem
        return self.url.database or self.url.host or "postgresql"

    @property
    def shown(self) -> str:
        """The whole address in words fit for a message: no password in it."""
        if self.path is not None:
            return str(self.path)
        secret = [name for name in self.url.query if "password" in name.lower()]
        return self.url.difference_update_query(secret).render_as_string(hide_password=True)


def parse_location(text: str) -> Location:
    """The location that `text` names. Raises DatabaseError for an address that is neither SQLite's nor PostgreSQL's."""
    if "\0" in text:
        raise DatabaseError("A database's address cannot hold a NUL character.")
    if "://" not in text:
        try:
            path = Path(text).expanduser().absolute()
        except RuntimeError:
            raise DatabaseError(f"{text} is in the home folder of a user who is not known here.") from None
        return Location(sa.URL.create("sqlite", database=str(path)), path)
    try:
        url = sa.make_url(text)
    except (ArgumentError, ValueError):  # ValueError for a port that is no number
        raise DatabaseError(_STRAY_AT if text.count("@") > 1 else _NO_URL) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise DatabaseError("An embedded database needs a file: sqlite:///PATH.")
        return parse_location(url.database)
    if backend not in ("postgresql", "postgres"):
        raise DatabaseError(f"{backend} is not a database that auditdeck works with: SQLite and PostgreSQL are.")
    if "@" in f"{url.host}{url.database}":  # then part of a password is taken for a host or a name, and would be shown
        raise DatabaseError(_STRAY_AT)
    if {"[", "]"} & {*(url.host or "")}:
        raise DatabaseError(_NO_URL)
    if find_spec("psycopg") is None:
        raise DatabaseError("PostgreSQL needs the extra `postgres`: pip install 'auditdeck[postgres]'.")
    return Location(url.set(drivername="postgresql+psycopg"), None)

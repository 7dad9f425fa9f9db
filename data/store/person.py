"""Which account or login the process has: what a member is known by who has no key."""

import os
import pwd

import sqlalchemy as sa


def person_at(connection: sa.Connection) -> str:
    """The name of the person whom this connection serves.

    On PostgreSQL `session_user`, the login, whatever role was taken on since: people who share a login are one person.
    On an embedded file the operating system's account by the process's own user id, never by a variable that anybody
    may set; `uid 1234` where the id has no name.
    """
    if connection.dialect.name == "postgresql":
        name: str = connection.execute(sa.text("SELECT session_user")).scalar_one()
        return name
    user_id = os.geteuid()
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return f"uid {user_id}"

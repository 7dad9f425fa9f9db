"""Changing a row by what differs alone: whoever may change a few columns of it needs no leave for the others."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa


def change_row(connection: sa.Connection, key: sa.Column[str], value: str, wanted: Mapping[str, Any]) -> bool:
    """Make these columns of the row with this key what is wanted; whether there is such a row."""
    table = key.table
    there = connection.execute(sa.select(*(table.c[name] for name in wanted)).where(key == value)).mappings().first()
    if there is None:
        return False
    changed = {name: one for name, one in wanted.items() if there[name] != one}
    if changed:
        connection.execute(sa.update(table).where(key == value).values(**changed))
    return True

"""The organisation's rules: read in a transaction, and written inside a unit of work. Never commits."""

import sqlalchemy as sa

from data.policy import Policy, policy_from, policy_rows
from data.store.tables import policy

_WRITE_LOCK = int.from_bytes(b"adckrule")
"""The number of the lock under which rules are written on PostgreSQL; any that nobody else would think of."""


def read_policy(connection: sa.Connection) -> Policy:
    """The rules in force."""
    rows = connection.execute(sa.select(policy.c.key, policy.c.value)).all()
    return policy_from({key: value for key, value in rows})


def keep_policy_still(connection: sa.Connection) -> None:
    """Nobody changes a rule from here on until this transaction ends: for whoever does what cannot be undone by it."""
    if connection.dialect.name == "postgresql":  # on an embedded database whoever writes is alone already
        connection.execute(sa.text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _WRITE_LOCK})


class PolicyWriter:
    """Writes the rules, one writer at a time."""

    def __init__(self, connection: sa.Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
        self._connection = connection

    def read(self) -> Policy:
        """The rules in force."""
        return read_policy(self._connection)

    def change(self, key: str, wanted: Policy) -> None:
        """Keep one rule of the wanted policy."""
        self._connection.execute(sa.delete(policy).where(policy.c.key == key))
        self._connection.execute(sa.insert(policy).values(key=key, value=policy_rows(wanted)[key]))

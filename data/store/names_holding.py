"""Which values of a dimension have a text in one of their names or ids, by all that the dictionary knows of them."""

import string
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from data.answers import Dimension
from data.query import Pattern
from data.store.filters import text_fits
from data.store.tables import is_looked_through, term

WITH_IDS = frozenset({Dimension.ACTOR, Dimension.CLIENT, Dimension.TARGET})
"""Dimensions whose values have an id, and names that may change."""

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def identity_of(dimension: Dimension) -> sa.ColumnElement[str]:
    """What makes terms of a dimension one value: the id, or the folded name where there is none."""
    return sa.func.coalesce(term.c.ident, term.c.folded) if dimension in WITH_IDS else term.c.folded


class NamesHolding:
    """Finds the values that have a text in a name, case ignored, or in an id, where that of ASCII letters is ignored.

    The dictionary has no folded ids, and the engines agree on the case of nothing but ASCII.
    """

    def __init__(self, connection: sa.Connection, dimension: Dimension, text: str) -> None:
        """`text` is not empty; no character in it has a meaning of its own."""
        self._connection = connection
        self._dimension = dimension
        self._folded = text.casefold()
        dialect = connection.dialect
        fits = text_fits(term.c.folded, Pattern(("", self._folded, "")), dialect)
        if dimension in WITH_IDS:
            as_id = Pattern(("", text.translate(_LOWER), ""))
            fits = sa.or_(fits, text_fits(_lower(term.c.ident, dialect), as_id, dialect))
        self._fits = sa.and_(is_looked_through(dimension), fits)

    def is_held_by(self, identity: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """Whether a value with this identity has the text in any of its names or in its id."""
        return identity.in_(sa.select(identity_of(self._dimension)).where(self._fits).correlate(None))

    def terms(self) -> Sequence[int]:
        """The terms that have the text themselves."""
        return self._connection.execute(sa.select(term.c.id).where(self._fits)).scalars().all()

    def beside(self, labels: Mapping[str, str]) -> dict[str, str]:
        """For values by their identity, each with its label: the last other name, or else the id, that has the text.

        Values whose label has it are left out.
        """
        missing = {identity for identity, label in labels.items() if self._folded not in label.casefold()}
        if not missing:
            return {}
        identity = identity_of(self._dimension)
        # Not for the answer, but to be found without looking through all names.
        is_any = sa.or_(term.c.ident.in_(missing), term.c.folded.in_(missing))
        rows = self._connection.execute(
            sa.select(identity, term.c.ident, term.c.name)
            .where(self._fits, is_any, identity.in_(missing))
            .order_by(term.c.id)
        )
        found: dict[str, str] = {}
        for one, ident, name in rows:
            if name is not None and self._folded in name.casefold():
                found[one] = name
            else:
                found.setdefault(one, ident)
        return found


def _lower(column: sa.Column[str | None], dialect: sa.Dialect) -> sa.ColumnElement[str]:
    """The text with ASCII letters small and all else as it is: of itself, SQLite's `lower` does no more."""
    if dialect.name == "postgresql":
        return sa.func.translate(column, string.ascii_uppercase, string.ascii_lowercase)
    return sa.func.lower(column)

"""How to ask for a value of a dimension that has ids: by a name, or else by its id."""

import sqlalchemy as sa

from data.answers import Dimension
from data.store.tables import DIMENSION_NUMBERS, term
from data.store.terms import storable


class Ways:
    """How to ask for each of some values that have an id or a name: what a clause with the one or the other would find.

    A name reads better, but it may be borne by several ids, by none, or one id may have had several; and what is an id
    here may be a name there.
    """

    def __init__(self, connection: sa.Connection, dimension: Dimension, texts: set[str]) -> None:
        """`texts` are the ids and names of these values."""
        self._terms: set[tuple[str | None, str | None]] = set()
        if texts:
            found = connection.execute(
                sa.select(term.c.ident, term.c.folded).where(
                    term.c.dimension == DIMENSION_NUMBERS[dimension],
                    sa.or_(
                        term.c.ident.in_({storable(text) for text in texts}),
                        term.c.folded.in_({storable(text.casefold()) for text in texts}),
                    ),
                )
            )
            self._terms.update((ident, folded) for ident, folded in found)

    def to_ask_for(self, identity: str, name: str | None, ident: str | None) -> tuple[str, bool]:
        """The name or else the id that asks for all that bears this identity, and whether it asks for nothing else."""
        meant = {(by_id, folded) for by_id, folded in self._terms if (folded if by_id is None else by_id) == identity}
        candidates = [text for text in (name, ident) if text is not None]
        for text in candidates:
            if meant == self.reached(text):
                return text, True
        return candidates[-1], False

    def reached(self, text: str) -> set[tuple[str | None, str | None]]:
        """Id and folded name of all that a clause with this text finds."""
        as_id, as_name = storable(text), storable(text.casefold())
        return {(by_id, folded) for by_id, folded in self._terms if by_id == as_id or folded == as_name}

"""Terms that are one value: the same id under several names, the same name in several spellings.

What a person picks from is values, and what events hold is terms. Nearly every value has one term, whose number it then
bears; those that have several are negative numbers, made of what they have in common. Terms with neither id nor name are
no value at all.
"""

import hashlib
from collections.abc import Iterable
from itertools import islice

import sqlalchemy as sa
from pyroaring import BitMap

from data.answers import Dimension
from data.index import tables
from data.index.segment_writer import Lend
from data.store.names_holding import WITH_IDS
from data.store.tables import DIMENSION_NUMBERS, term
from data.store.upserting import insert_into

_TERMS_AT_ONCE = 500
_WITH_IDS = [DIMENSION_NUMBERS[dimension] for dimension in WITH_IDS]
_COUNTED = [DIMENSION_NUMBERS[dimension] for dimension in Dimension]


NO_VALUE = 0
"""In place of a value."""


def shared_values(connection: sa.Connection, terms: Iterable[int]) -> dict[int, int]:
    """Of these terms those that share their value with another, and these others, each with its value; and NO_VALUE."""
    this, other = term.alias(), term.alias()
    has_id = sa.and_(this.c.dimension.in_(_WITH_IDS), this.c.ident.is_not(None))
    same_dimension = other.c.dimension == this.c.dimension
    by_id = sa.and_(same_dimension, other.c.ident == this.c.ident)
    no_id = sa.or_(other.c.dimension.not_in(_WITH_IDS), other.c.ident.is_(None))
    by_name = sa.and_(same_dimension, other.c.folded == this.c.folded, no_id)
    found: dict[int, int] = {}
    waiting = iter(terms)
    while some := list(islice(waiting, _TERMS_AT_ONCE)):
        for joined, identity, holds in ((by_id, this.c.ident, has_id), (by_name, this.c.folded, sa.not_(has_id))):
            rows = connection.execute(
                sa.select(this.c.id, other.c.id, this.c.dimension, identity)
                .join_from(this, other, sa.and_(joined, other.c.id != this.c.id))
                .where(this.c.id.in_(some), this.c.dimension.in_(_COUNTED), holds)
            )
            for one, sibling, dimension, text in rows:
                found[one] = found[sibling] = _value(dimension, text)
        nameless = sa.select(this.c.id).where(
            this.c.id.in_(some), this.c.dimension.in_(_COUNTED), this.c.folded.is_(None), sa.not_(has_id)
        )
        found.update(dict.fromkeys(connection.execute(nameless).scalars(), NO_VALUE))
    return found


def _value(dimension: int, identity: str) -> int:
    digest = hashlib.blake2b(f"{dimension}\0{identity}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return -1 - (int.from_bytes(digest) >> 2)


class Aliases:
    """Writes down which terms are one value, for whoever builds. What was looked at once is remembered."""

    def __init__(self) -> None:
        self._examined = BitMap()

    def examine(self, connection: sa.Connection, lend: Lend, terms: BitMap) -> None:
        """Note each of these terms that shares its value with another, and that other.

        Before they are in a segment that is live: whoever counts by segments has to know. `connection` reads.
        """
        rows = [
            {"term": one, "value": value}
            for one, value in sorted(shared_values(connection, terms - self._examined).items())
        ]
        for at in range(0, len(rows), _TERMS_AT_ONCE):
            with lend() as writing:
                statement = insert_into(tables.alias, writing.dialect).on_conflict_do_nothing(index_elements=["term"])
                writing.execute(statement, rows[at : at + _TERMS_AT_ONCE])
        self._examined |= terms

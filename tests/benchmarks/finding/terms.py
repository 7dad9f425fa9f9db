"""The dictionary of the made-up events."""

import numpy as np
import sqlalchemy as sa

from data.answers import Dimension
from data.store.location import parse_location
from data.store.tables import term
from data.store.terms import Term
from tests.benchmarks.finding.columns import Columns
from tests.benchmarks.finding.vocabulary import vocabulary


def add_terms(address: str, columns: Columns) -> dict[Dimension, list[int | None]]:
    """Add the terms that the events have, in the order in which these arrive; the ids of all by their codes."""
    ordered = _by_arrival(columns)
    engine = sa.create_engine(parse_location(address).url)
    with engine.begin() as connection:
        connection.execute(sa.insert(term), [one.row() for one in ordered])
        found = connection.execute(sa.select(term.c.digest, term.c.id))
        ids = {bytes(digest): term_id for digest, term_id in found}
    engine.dispose()
    return {
        dimension: [*(ids.get(one.digest) for one in vocabulary(dimension).terms), None] for dimension in columns.codes
    }


def _by_arrival(columns: Columns) -> list[Term]:
    found: list[tuple[int, Term]] = []
    for dimension, codes in columns.codes.items():
        words = vocabulary(dimension)
        used, first = np.unique(codes[columns.arrival], return_index=True)
        pairs = zip(used.tolist(), first.tolist(), strict=True)
        found += ((at, words.terms[code]) for code, at in pairs if code != words.none)
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]

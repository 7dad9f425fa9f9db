"""The dictionary of the made-up events."""

from collections.abc import Mapping

import numpy as np

from data.answers import Dimension
from data.store.terms import Term, TermRow
from tests.benchmarks.finding.columns import Columns
from tests.benchmarks.finding.rows import TermIds
from tests.benchmarks.finding.vocabulary import vocabulary


def term_rows(columns: Columns) -> list[TermRow]:
    """The terms that the events have as rows, in the order in which they arrive."""
    found: list[tuple[int, Term]] = []
    for dimension, codes in columns.codes.items():
        words = vocabulary(dimension)
        used, first = np.unique(codes[columns.arrival], return_index=True)
        pairs = zip(used.tolist(), first.tolist(), strict=True)
        found += ((at, words.terms[code]) for code, at in pairs if code != words.none)
    return [term.row() for _, term in sorted(found, key=lambda pair: pair[0])]


def ids_by_code(columns: Columns, ids: Mapping[bytes, int]) -> TermIds:
    """The ids of the terms that the events have, by their codes; `ids` are those by digest."""
    found: dict[Dimension, dict[int, int | None]] = {}
    for dimension, codes in columns.codes.items():
        words = vocabulary(dimension)
        used = (code for code in np.unique(codes).tolist() if code != words.none)
        found[dimension] = {words.none: None, **{code: ids[words.terms[code].digest] for code in used}}
    return found

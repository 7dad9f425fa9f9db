"""Which codes of a dimension a value of the query language means."""

import ipaddress
from collections import defaultdict
from functools import cache

import numpy as np

from data.answers import Dimension
from data.catalogue import CATALOGUE
from data.query import Pattern, Value
from tests.benchmarks.finding.columns import Column
from tests.benchmarks.finding.vocabulary import vocabulary


@cache
def meant_by(dimension: Dimension, value: Value) -> Column:
    """Of each code, that of none included, whether the value means it."""
    words = vocabulary(dimension)
    found = np.zeros(words.none + 1, "?")
    found[_codes(dimension, value)] = True
    return found


@cache
def types_in_tab(value: Pattern) -> Column:
    """Of each type's code, whether it stands in a tab of this form."""
    found = np.zeros(vocabulary(Dimension.TYPE).none + 1, "?")
    for code, term in enumerate(vocabulary(Dimension.TYPE).terms):
        tab = CATALOGUE.describe(term.name or "").tab
        found[code] = tab is not None and value.matches(tab.value)
    return found


def holding(dimension: Dimension, text: str, codes: Column) -> Column:
    """Which of these codes have the text in their name or id, without regard to case."""
    terms, looked_for = vocabulary(dimension).terms, text.casefold()
    return np.array(
        [
            code
            for code in codes.tolist()
            if looked_for in (terms[code].name or "").casefold() or looked_for in (terms[code].ident or "")
        ],
        "i8",
    )


def _codes(dimension: Dimension, value: Value) -> list[int]:
    if isinstance(value, Pattern):
        by_ident, by_name = _known(dimension)
        folded = value.folded()
        if value.is_literal:
            return [*by_ident.get(value.parts[0], ()), *by_name.get(folded.parts[0], ())]
        found = [code for ident, codes in by_ident.items() if value.matches(ident) for code in codes]
        return found + [code for name, codes in by_name.items() if folded.matches(name) for code in codes]
    if isinstance(value, ipaddress.IPv4Network | ipaddress.IPv6Network):
        addresses = enumerate(ipaddress.ip_address(term.name or "") for term in vocabulary(dimension).terms)
        return [code for code, address in addresses if address in value]
    raise TypeError(value)


@cache
def _known(dimension: Dimension) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Codes by ids, and by folded names."""
    by_ident, by_name = defaultdict(list), defaultdict(list)
    for code, term in enumerate(vocabulary(dimension).terms):
        if term.ident is not None:
            by_ident[term.ident].append(code)
        by_name[(term.name or "").casefold()].append(code)
    return by_ident, by_name

"""The right answers, found in the columns by numpy alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from data.answers import MOST_DISTINCT, Dimension, Direction
from data.catalogue import CATALOGUE
from data.query import Clause, DurationRange, Key, Pattern, Span, Value, resolve_span
from data.query.model import TIME_KEYS
from tests.benchmarks.finding.columns import END, NO_DURATION, Column, Columns
from tests.benchmarks.finding.meanings import holding, meant_by, types_in_tab
from tests.benchmarks.finding.rows import event_id, event_ids
from tests.benchmarks.finding.vocabulary import vocabulary

UTC = ZoneInfo("UTC")
_DIMENSIONS = {Key(dimension.value): dimension for dimension in Dimension}


@dataclass(frozen=True, slots=True)
class RightPage:
    """The ids of a page, and whether there is more beyond it."""

    ids: tuple[UUID, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class RightValue:
    """A value of a facet: its codes, what it is called, and its events. Of types it is a pattern that says what it is."""

    means: frozenset[int] | Pattern
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RightFacet:
    """The values of a facet without those that the query names, and how many there are, up to where they are counted."""

    values: tuple[RightValue, ...]
    distinct: int
    has_more_distinct: bool


class Oracle:
    """Answers over all events, as of the moment after the last."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def selected(self, clauses: Sequence[Clause]) -> Column:
        """The positions of the events that all of these clauses select, in order."""
        begin, end = 0, len(self.columns)
        rest = []
        for clause in clauses:
            if clause.key in TIME_KEYS and not clause.negated and len(clause.values) == 1:
                first, last = self._stretch(clause.key, clause.values[0])
                begin, end = max(begin, first), min(end, last)
            else:
                rest.append(clause)
        end = max(begin, end)
        fits = np.ones(end - begin, "?")
        for clause in rest:
            fits &= self._fits(clause, begin, end)
        return np.flatnonzero(fits) + begin

    def page(self, selected: Column, direction: Direction, position: int | None, limit: int) -> RightPage:
        """The page beyond a position, or the first one in this direction."""
        if direction is Direction.OLDER:
            up_to = len(selected) if position is None else int(np.searchsorted(selected, position))
            chosen = selected[max(0, up_to - limit) : up_to][::-1]
            return RightPage(self._ids(chosen), up_to > limit)
        since = 0 if position is None else int(np.searchsorted(selected, position, side="right"))
        return RightPage(self._ids(selected[since : since + limit]), len(selected) > since + limit)

    def facet(self, selected: Column, dimension: Dimension, limit: int, matching: str = "") -> RightFacet:
        """The most frequent values among these positions, which were selected without what is asked about them."""
        counts = self.counts(selected, dimension)
        if dimension is Dimension.TYPE:
            assert not matching
            return _families(counts, limit)
        words = vocabulary(dimension)
        owners = self._owners[dimension]
        by_owner = np.bincount(owners, weights=counts[: words.none], minlength=words.size).astype("i8")
        if matching:
            used = np.flatnonzero(self._in_all[dimension][: words.none])
            kept = np.zeros(words.size, "?")
            kept[owners[holding(dimension, matching, used)]] = True
            by_owner[~kept] = 0
        present = np.flatnonzero(by_owner)
        order = np.lexsort((self._known_since[dimension][present], -by_owner[present]))
        values = []
        for owner in present[order][:limit].tolist():
            codes = [
                code for code in (owner, words.renamed.get(owner)) if code is not None and self._used(dimension, code)
            ]
            newest = next(code for code in reversed(codes) if counts[code])
            term = words.terms[newest]
            values.append(RightValue(frozenset(codes), term.name or "", int(by_owner[owner])))
        return RightFacet(tuple(values), min(len(present), MOST_DISTINCT), len(present) > MOST_DISTINCT)

    def counts(self, selected: Column, dimension: Dimension) -> Column:
        """How often each code of a dimension occurs at these positions."""
        codes = self.columns.codes[dimension]
        chosen = codes if len(selected) == len(codes) else codes[selected]
        return np.bincount(chosen, minlength=vocabulary(dimension).none + 1)

    def used_codes(self, dimension: Dimension, value: Value) -> frozenset[int]:
        """The codes that a value means, of those that any event has."""
        meant = meant_by(dimension, value) & (self._in_all[dimension] > 0)
        return frozenset(np.flatnonzero(meant).tolist())

    def position_of_id(self, number: int) -> UUID:
        """The id of the event at a position."""
        return event_id(self.columns, number)

    def _stretch(self, key: Key, value: Value) -> tuple[int, int]:
        assert isinstance(value, Span)
        window = resolve_span(key, value, END, UTC)
        at = self.columns.at
        begin = 0 if window.start_us is None else int(np.searchsorted(at, window.start_us))
        return begin, len(at) if window.end_us is None else int(np.searchsorted(at, window.end_us))

    def _fits(self, clause: Clause, begin: int, end: int) -> Column:
        fits = np.zeros(end - begin, "?")
        for value in clause.values:
            if clause.key in TIME_KEYS:
                first, last = self._stretch(clause.key, value)
                fits[max(0, first - begin) : max(0, last - begin)] = True
            elif isinstance(value, DurationRange):
                duration = self.columns.duration[begin:end]
                least = 0 if value.least_ms is None else value.least_ms
                fits |= (duration != NO_DURATION) & (duration >= least)
                if value.most_ms is not None:
                    fits &= duration <= value.most_ms
            elif clause.key is Key.TAB:
                assert isinstance(value, Pattern)
                fits |= types_in_tab(value)[self.columns.codes[Dimension.TYPE][begin:end]]
            else:
                dimension = _DIMENSIONS[clause.key]
                fits |= meant_by(dimension, value)[self.columns.codes[dimension][begin:end]]
        return ~fits if clause.negated else fits

    def _ids(self, positions: Column) -> tuple[UUID, ...]:
        written = event_ids(self.columns, positions)
        return tuple(UUID(bytes=written[at : at + 16]) for at in range(0, len(written), 16))

    def _used(self, dimension: Dimension, code: int) -> bool:
        return bool(self._in_all[dimension][code])

    @cached_property
    def _in_all(self) -> dict[Dimension, Column]:
        """How often each code occurs in all events."""
        everything = np.arange(len(self.columns))
        return {dimension: self.counts(everything, dimension) for dimension in Dimension}

    @cached_property
    def _owners(self) -> dict[Dimension, Column]:
        return {dimension: np.array(vocabulary(dimension).owners) for dimension in Dimension}

    @cached_property
    def _known_since(self) -> dict[Dimension, Column]:
        """When the dictionary came to know each owner: the order of arrival of the first event."""
        found = {}
        for dimension, codes in self.columns.codes.items():
            words = vocabulary(dimension)
            first = np.full(words.size, len(codes))
            used, at = np.unique(codes[self.columns.arrival], return_index=True)
            known = used < words.none
            np.minimum.at(first, self._owners[dimension][used[known]], at[known])
            found[dimension] = first
        return found


def family_pattern(tag: str) -> tuple[Pattern, str]:
    """By what a type is counted, and what that is called."""
    family = CATALOGUE.family(tag)
    own = Pattern.literal(tag) if family.prefix == tag else Pattern((f"{family.prefix}.", ""))
    return own, family.label


def _families(counts: Column, limit: int) -> RightFacet:
    """Types by family: a family counts all types of its form, be they of another."""
    found = {
        (term.name or "").casefold(): int(count)
        for term, count in zip(vocabulary(Dimension.TYPE).terms, counts.tolist(), strict=False)
        if count
    }
    labels = dict(family_pattern(tag) for tag in found)
    events: Counter[Pattern] = Counter()
    for pattern in labels:
        events[pattern] = sum(count for tag, count in found.items() if pattern.matches(tag))
    ordered = sorted(events.items(), key=lambda item: (-item[1], labels[item[0]]))
    values = tuple(RightValue(pattern, labels[pattern], count) for pattern, count in ordered[:limit])
    return RightFacet(values, len(labels), has_more_distinct=False)

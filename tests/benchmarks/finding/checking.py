"""Every answer of a reader against the oracle's: pages, counts, facets, histograms, and names that hold a text."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network

import numpy as np

from data.answers import Bucket, Cursor, Dimension, Facet, Page, Snapshot
from data.clock import from_microseconds, to_microseconds
from data.query import EventQuery, Key, Pattern, Value, window_of
from data.store.facets import named_values
from data.store.reader import EventReader
from tests.benchmarks.finding.columns import END, Column
from tests.benchmarks.finding.oracle import UTC, Oracle, RightFacet, RightPage, RightValue
from tests.benchmarks.finding.questions import Question

PAGE = 50
TOP = 20
FACETS = (Dimension.OUTCOME, Dimension.TYPE, Dimension.SERVICE, Dimension.ACTOR, Dimension.CLIENT)
"""What is counted all the time; the tabs are counted beside them."""
_SUCCESS = 0


class Checker:
    """Compares what one reader says, in one snapshot that holds all events, with what is right."""

    def __init__(self, reader: EventReader, snapshot: Snapshot, oracle: Oracle) -> None:
        self._reader = reader
        self._snapshot = snapshot
        self._oracle = oracle

    def faults(self, question: Question) -> Iterator[str]:
        """What is wrong with the answers to a question, in words; nothing if all are right."""
        query = question.query
        selected = self._oracle.selected(query.clauses)
        yield from self._page_faults(question, selected)
        counted = self._reader.count(query, self._snapshot)
        if counted != len(selected):
            yield f"counted {counted}, not {len(selected)}"
        yield from self._histogram_faults(query, selected)
        for dimension in Dimension:
            key = Key(dimension.value)
            beside = selected
            if query.of(key):
                beside = self._oracle.selected([clause for clause in query.clauses if clause.key is not key])
            (facet,) = self._reader.facets(query, self._snapshot, (dimension,), limit=TOP)
            named = named_values(query.of(key))
            yield from self._facet_faults(facet, self._oracle.facet(beside, dimension, TOP), beside, named)

    def narrowing_faults(self, dimension: Dimension, text: str, query: EventQuery) -> Iterator[str]:
        """What is wrong with the values of a dimension that hold a text."""
        (facet,) = self._reader.facets(query, self._snapshot, (dimension,), limit=TOP, matching=text)
        selected = self._oracle.selected([one for one in query.clauses if one.key is not Key(dimension.value)])
        yield from self._facet_faults(facet, self._oracle.facet(selected, dimension, TOP, text), selected, ())
        for value in facet.values:
            if text.casefold() not in f"{value.label}\0{value.also or ''}".casefold():
                yield f"{value} does not hold {text!r}"

    def _page_faults(self, question: Question, selected: Column) -> Iterator[str]:
        cursor = Cursor(self._snapshot, question.direction, question.id)
        page = self._reader.page(question.query, cursor, limit=PAGE)
        yield from page_faults(page, self._oracle.page(selected, question.direction, question.position, PAGE))

    def _histogram_faults(self, query: EventQuery, selected: Column) -> Iterator[str]:
        found = self._reader.histogram(query, self._snapshot)
        asked = window_of(query, from_microseconds(to_microseconds(END)), UTC)
        at = self._oracle.columns.at[selected]
        if not found.buckets:
            if len(selected):
                yield f"no buckets for {len(selected)} events"
            return
        if len(found.buckets) > 60:
            yield f"{len(found.buckets)} buckets"
        starts = [bucket.start_us for bucket in found.buckets]
        if starts[1:] != [bucket.end_us for bucket in found.buckets[:-1]]:
            yield "buckets with gaps"
        first = asked.start_us if asked.start_us is not None else int(at[0])
        if not found.buckets[0].start_us <= first < found.buckets[0].end_us:
            yield f"the first bucket is {found.buckets[0]}, and the first moment {first}"
        last = asked.end_us if asked.end_us is not None else int(at[-1]) + 1
        if not found.buckets[-1].start_us < last <= found.buckets[-1].end_us:
            yield f"the last bucket is {found.buckets[-1]}, and the last moment {last}"
        right = self._buckets(found.buckets, selected, at)
        if list(found.buckets) != right:
            yield f"buckets {[pair for pair in zip(found.buckets, right, strict=True) if pair[0] != pair[1]][:3]}"

    def _buckets(self, found: Sequence[Bucket], selected: Column, at: Column) -> list[Bucket]:
        """Those that were found, with the right numbers; the first and the last have what lies outside."""
        inner = np.searchsorted(at, [bucket.start_us for bucket in found[1:]]).tolist()
        edges = [0, *inner, len(at)]
        failed = np.cumsum(self._oracle.columns.codes[Dimension.OUTCOME][selected] != _SUCCESS)
        not_ok = np.concatenate(([0], failed))[edges].tolist()
        return [
            Bucket(bucket.start_us, bucket.end_us, edges[at + 1] - edges[at], not_ok[at + 1] - not_ok[at])
            for at, bucket in enumerate(found)
        ]

    def _facet_faults(self, facet: Facet, right: RightFacet, selected: Column, named: Sequence[Value]) -> Iterator[str]:
        dimension = facet.dimension
        if (facet.distinct, facet.has_more_distinct) != (right.distinct, right.has_more_distinct):
            yield f"{facet.distinct} different values of {dimension}, not {right.distinct}"
        expected = list(right.values)
        counted_values = [one.value for one in facet.values[: len(expected)]]
        # A named value stands in the place of a counted one that means the same, unless that is named itself.
        places = [wanted.means for wanted, value in zip(expected, counted_values, strict=False) if value not in named]
        for value in named:
            means = self._means(dimension, value)
            if means in places:
                places.remove(means)
            elif value not in counted_values:
                expected.append(RightValue(means, "", self._count(dimension, value, selected)))
        if len(facet.values) != len(expected):
            yield f"{len(facet.values)} values of {dimension}, not {len(expected)}"
        for number, (counted, wanted) in enumerate(zip(facet.values, expected, strict=False)):
            found = RightValue(self._means(dimension, counted.value), counted.label, counted.count)
            if number >= len(right.values):
                found = RightValue(found.means, "", found.count)
            if found != wanted:
                yield f"value {number} of {dimension} is {counted}, not {wanted}"

    def _means(self, dimension: Dimension, value: Value) -> frozenset[int] | Pattern:
        if isinstance(value, Pattern):
            return value.folded() if dimension is Dimension.TYPE else self._oracle.used_codes(dimension, value)
        assert isinstance(value, IPv4Network | IPv6Network)
        return Pattern.literal(str(value))

    def _count(self, dimension: Dimension, value: Value, selected: Column) -> int:
        codes = list(self._oracle.used_codes(dimension, value))
        return int(self._oracle.counts(selected, dimension)[codes].sum()) if codes else 0


def page_faults(page: Page, right: RightPage) -> Iterator[str]:
    """What is wrong with a page."""
    ids = tuple(event.id for event in page.items)
    if ids != right.ids:
        at = next((at for at, pair in enumerate(zip(ids, right.ids, strict=False)) if pair[0] != pair[1]), "the end")
        yield f"a page of {len(ids)} events, not {len(right.ids)}; they differ from place {at} on"
    if (page.next is not None) != right.has_more:
        yield f"more beyond the page: {page.next is not None}"
    elif page.next is not None and page.next.position != right.ids[-1]:
        yield f"the page goes on from {page.next.position}"

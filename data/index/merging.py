"""Merging: several segments become one, pack by pack, so that their size does not matter to memory."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from pyroaring import BitMap

from data.index.digests import SegmentDamaged
from data.index.dimensions import CODED
from data.index.old_segments import OldSegment, Piece
from data.index.orders import OneAfterAnother, Order, order_of
from data.index.packs import Pack, Posting, is_raw, positions_of, posting_of, raw_posting
from data.index.segment_writer import Lend, SegmentWriter
from data.index.streams import Stream
from data.index.switching import erasures_within, switching
from data.index.tallies import BLOCK, codes_of, tally_of, write_tally
from data.records import Log
from data.stop import Stop
from data.store.tables import LOG_TABLES

CAPS = (1 << 12, 1 << 14, 3 << 14, 1 << 20)
"""As soon as neighbours below one of these sizes come up to it together, they are merged: an event is written anew once for
each of them, at most. What is as large as the last is never merged again. What is built of 2^16 events at once is not below the
third, even if some of them were late."""

MOST_SMALL = 4
"""So many neighbours below the first are merged in any case: late events can be very few at a time."""


def due(segments: Sequence[OldSegment]) -> list[OldSegment]:
    """Neighbours that are to be merged, of segments of one kind in order; none if nothing is due."""
    for number, cap in enumerate(CAPS):
        for run in _runs_below(cap, segments):
            chosen, total = [], 0
            for segment in run:
                chosen.append(segment)
                total += segment.count
                if len(chosen) > 1 and (total >= cap or (number == 0 and len(chosen) == MOST_SMALL)):
                    return chosen
    return []


def _runs_below(cap: int, segments: Sequence[OldSegment]) -> Iterator[list[OldSegment]]:
    run: list[OldSegment] = []
    for segment in segments:
        if segment.count < cap and segment.gone is None:  # what lacks any is made anew first
            run.append(segment)
        elif run:
            yield run
            run = []
    if run:
        yield run


def merge(connection: sa.Connection, lend: Lend, log: Log, stop: Stop, old: Sequence[OldSegment]) -> None:
    """Make one segment of these, which are of one kind and in the order of their first events.

    `connection` reads. Raises Overtaken, Cancelled, SegmentDamaged.
    """
    pieces = [Piece(connection, segment, segment.begin, segment.size) for segment in old]
    made = write_merged(connection, lend, log, stop, order_of(connection, log, pieces), is_late=old[0].is_late)
    with switching(lend) as switch:
        switch.check_erased(erasures_within(connection, old))
        switch.retire(old)
        switch.make_live([made], max(segment.built_by for segment in old))


def write_merged(connection: sa.Connection, lend: Lend, log: Log, stop: Stop, order: Order, *, is_late: bool) -> int:
    """A segment of these pieces, whole and not yet live; its number."""
    writer = SegmentWriter(lend, log, stop, is_late=is_late)
    writer.write_places(order.places())
    writer.write_postings(_postings(order))
    for dimension in CODED:
        writer.write_blocks(dimension, _blocks(order, dimension))
    table = LOG_TABLES[log].table
    ends = sa.select(table.c.seq, table.c.id).where(table.c.seq.in_((writer.first_seq, writer.last_seq)))
    ids = {seq: event_id for seq, event_id in connection.execute(ends)}
    writer.end(ids[writer.first_seq], ids[writer.last_seq])
    return writer.id


class _PackCursor:
    """Where one reads in the packs of a piece."""

    def __init__(self, number: int, piece: Piece) -> None:
        self.number = number
        self.segment = piece.segment.id
        self._packs = piece.packs()
        self._at = 0
        self.pack: Pack | None = next(self._packs, None)

    def take_to(self, term: int, found: dict[int, list[tuple[int, Posting]]]) -> None:
        """Take the postings of the current pack up to a term."""
        pack = self.pack
        assert pack is not None
        number, terms = self.number, pack.terms
        end = bisect_right(terms, term, self._at)
        for place in range(self._at, end):
            posting = (number, pack.at(place))
            known = found.get(terms[place])
            if known is None:
                found[terms[place]] = [posting]
            else:
                known.append(posting)
        self._at = end
        if end == len(pack.terms):
            self.pack, self._at = next(self._packs, None), 0


def _postings(order: Order) -> Iterator[Posting]:
    """The postings of all pieces, term by term."""
    cursors = [_PackCursor(number, piece) for number, piece in enumerate(order.pieces)]
    while True:
        packs = [(cursor, cursor.pack) for cursor in cursors if cursor.pack is not None]
        if not packs:
            return
        dimension = min(pack.dimension for _, pack in packs)
        here = [(cursor, pack) for cursor, pack in packs if pack.dimension == dimension]
        last = min(pack.terms[-1] for _, pack in here)
        found: dict[int, list[tuple[int, Posting]]] = {}
        for cursor, _ in here:
            cursor.take_to(last, found)
        for term in sorted(found):
            posting = _merged(order, dimension, term, found[term])
            if posting.size:
                yield posting


def _merged(order: Order, dimension: int, term: int, postings: Sequence[tuple[int, Posting]]) -> Posting:
    few: list[int] = []
    many: list[BitMap] = []
    for number, posting in postings:
        if is_raw(posting):
            few += order.moved_few(number, array("I", posting.body))
            continue
        piece = order.pieces[number]
        try:
            bits = positions_of(posting)
        except ValueError:
            raise SegmentDamaged(piece.segment.id) from None
        if not piece.is_whole:
            bits &= BitMap(range(piece.start, piece.stop))
        many.append(order.moved(number, bits))
    if not many:
        few.sort()
        return raw_posting(dimension, term, few)
    if few:
        many.append(BitMap(few))
    return posting_of(dimension, term, BitMap.union(*many) if len(many) > 1 else many[0])


def _blocks(order: Order, dimension: int) -> Iterator[bytes]:
    """The tallies of the new segment's blocks."""
    if isinstance(order, OneAfterAnother) and _are_aligned(order.pieces):
        for piece in order.pieces:
            for tally in piece.blocks(dimension):
                yield tally_of(tally.terms, tally.counts, tally.codes.tobytes())
        return
    streams = [Stream((block,) for block in piece.terms(dimension)) for piece in order.pieces]
    terms = array("i")
    for number, start, stop in order.runs():
        for (more,) in streams[number].take(stop - start):
            terms.extend(more)
            while len(terms) >= BLOCK:
                yield _block(terms[:BLOCK])
                del terms[:BLOCK]
    if terms:
        yield _block(terms)


def _are_aligned(pieces: Sequence[Piece]) -> bool:
    """Whether each block is one of theirs as it is."""
    return all(piece.is_whole and piece.stop % BLOCK == 0 for piece in pieces[:-1]) and pieces[-1].is_whole


def _block(terms: "array[int]") -> bytes:
    counts = Counter(terms)
    return write_tally(counts, codes_of(terms, sorted(counts)))

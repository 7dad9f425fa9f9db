"""What a segment says of itself, and readers take for granted: its bounds, moments, directory and sums."""

from array import array
from collections import Counter

import sqlalchemy as sa
from pyroaring import BitMap

from data.index import tables
from data.index.aliases import shared_values
from data.index.dimensions import CODED, COUNTED
from data.index.old_segments import OldSegment, Piece
from data.index.packs import DirectoryWriter, positions_of
from data.index.places import CHUNK
from data.store.tables import DIMENSION_NUMBERS

_NAMES = {number: name for name, number in DIMENSION_NUMBERS.items()}


class Differs(Exception):
    """The segment does not say what its rows say; tells which."""


def postings_in(connection: sa.Connection, segment: OldSegment) -> dict[tuple[int, int], BitMap]:
    """The positions of each dimension's terms. Raises Differs where directory or sums say otherwise, and SegmentDamaged."""
    stored: dict[tuple[int, int], BitMap] = {}
    sizes: dict[int, dict[int, int]] = {}
    firsts = DirectoryWriter()
    piece = Piece(connection, segment, 0, segment.size)
    for pack in piece.packs():
        firsts.add(pack.dimension, pack.terms[0])
        for posting in pack:
            bits = stored[posting.dimension, posting.term] = positions_of(posting)
            sizes.setdefault(posting.dimension, {})[posting.term] = posting.size
            if len(bits) != posting.size:
                raise Differs(f"A part of the index counts {named(posting.dimension)} wrongly.")
    table = tables.segment
    directory = connection.execute(sa.select(table.c.directory).where(table.c.id == segment.id)).scalar_one()
    if directory != firsts.to_bytes():
        raise Differs("A part of the index looks for its terms where they are not.")
    if not segment.begin:  # later, sums of all of it are not asked for
        for dimension in COUNTED:
            if piece.sums(dimension) != sizes.get(dimension, {}):
                raise Differs(f"A part of the index counts {named(dimension)} wrongly.")
    return stored


def compare_bounds(connection: sa.Connection, segment: OldSegment) -> None:
    """Hold the numbers of its events, and the moments at which its stretches begin, against its places. Raises as above."""
    moments, at, last = array("q"), 0, 0
    for some, seqs in Piece(connection, segment, 0, segment.size).places():
        moments.extend(some[-at % CHUNK :: CHUNK])
        own = seqs[max(segment.begin - at, 0) :]
        if own and not segment.least_seq <= min(own) <= max(own) <= segment.most_seq:
            raise Differs("A part of the index says of itself that it has no event with such a number.")
        at, last = at + len(seqs), some[-1]
    moments.append(last)
    table = tables.segment
    heads = connection.execute(sa.select(table.c.moments).where(table.c.id == segment.id)).scalar_one()
    if heads != moments.tobytes():
        raise Differs("A part of the index has its stretches of time begin at other moments.")


def compare_sums(piece: Piece) -> None:
    """Hold how often each term occurs in a block against the terms of its positions. Raises as above."""
    for dimension in CODED:
        for tally in piece.blocks(dimension):
            counted = Counter(tally.codes.tolist())
            if [counted[code] for code in range(len(tally.terms))] != tally.counts.tolist():
                raise Differs(f"A part of the index counts {named(dimension)} wrongly.")


def wrong_aliases(connection: sa.Connection) -> int:
    """How many names are counted with others than those that they share an id or a spelling with."""
    written = {row.term: row.value for row in connection.execute(sa.select(tables.alias))}
    right = shared_values(connection, written)
    return sum(value != written[one] for one, value in right.items() if one in written)


def named(dimension: int) -> str:
    """What is looked for in a dimension, in a sentence."""
    return _NAMES.get(dimension, "what they have")

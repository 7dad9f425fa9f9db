"""Digests of the index's parts: what a part holds, and that it is this part of this segment."""

from zlib import crc32

_LENGTH = (1 << 32) - 1


class SegmentDamaged(Exception):
    """A part of a segment is not what was written, or is not there. Whoever reads turns to the log
    itself, and whoever writes has the segment made anew first."""

    def __init__(self, segment: int) -> None:
        super().__init__(f"segment {segment} of the index is damaged")
        self.segment = segment


def digest_of(table: str, key: int, *bodies: bytes) -> bytes:
    """8 bytes over a part: a CRC-32 that begins with whose part it is, and the length.

    Against bit rot and mistakes, at memory's speed: half of a question's time went into a cryptographic digest, and whoever
    alters a part on purpose could make that anew as well. That nobody has altered anything is for the proof to say.
    """
    sum_ = crc32(f"{table}/{key}".encode())
    for body in bodies:
        sum_ = crc32(body, crc32(len(body).to_bytes(8), sum_))
    return sum_.to_bytes(4) + (sum(map(len, bodies)) & _LENGTH).to_bytes(4)

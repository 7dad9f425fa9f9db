"""Digests of the index's parts: what a part holds, and that it is this part of this segment."""

import hashlib

DIGEST_BYTES = 8


class SegmentDamaged(Exception):
    """A part of a segment is not what was written, or is not there. Never leaves the reader."""

    def __init__(self, segment: int) -> None:
        super().__init__(f"segment {segment} of the index is damaged")
        self.segment = segment


def digest_of(table: str, key: int, *bodies: bytes) -> bytes:
    """8 bytes over a part: against bit rot and mistakes. That nobody has altered the events is for the proof to say."""
    hashed = hashlib.blake2b(f"{table}/{key}".encode(), digest_size=DIGEST_BYTES)
    for body in bodies:
        hashed.update(len(body).to_bytes(8))
        hashed.update(body)
    return hashed.digest()

"""A bundle made by hand, without a database, for tests of what checks one."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from hashlib import sha256
from uuid import UUID

from data.clock import to_text
from data.exchange.bundle import OLDEST_FIRST, VERSION, BundleHead, end_line, event_line
from data.merkle.checkpoints import Checkpoint, sealed
from data.merkle.neighbours import NeighbouringPaths
from data.merkle.notes import Signer
from data.merkle.tree import Node, leaf_hash, node_hash, range_hash
from data.records import Change, Draft, Reference
from data.store.encoding import Encoded, encode
from tests.hand_clock import NOW

LOG = UUID("018c2f3e-5a70-7d3a-9c1b-0242ac120002")
EVENTS = 5
ERASED = 3
"""Which of the events, from 0 on, is without its personal part."""

_BESIDE = 9
"""Of the log's events, so many are not in the bundle."""


def made_up_event(number: int) -> Encoded:
    """An event with something in each of its parts, hostile characters too."""
    draft = Draft(
        type="api_client.updated",
        occurred_at=NOW + timedelta(seconds=number),
        actor=Reference("member", "m-1", "Alice \u202e Moss"),
        target=Reference("api_client", f"c-{number}", "Payroll sync"),
        ip="198.51.100.7",
        reason="asked for",
        changes=(Change("scopes", ["a"], ["a", "b"]),),
    )
    event_id = UUID(int=(0x018C2F3E5A70 + number) << 80 | 0x7 << 76 | 0x2 << 62 | number)
    return encode(draft, event_id, NOW, number.to_bytes(16))


def made_up_bundle(signer: Signer, *, query: str = "last:all", count: int = EVENTS) -> list[bytes]:
    """Its lines, each with its newline; events that lie next to each other in time are far apart in the log, and near."""
    size = count + _BESIDE
    places = [*(number * 5 % (size - 1) for number in range(count - 1)), size - 1]
    events = [made_up_event(number) for number in range(count)]
    leaves = [leaf_hash(b"event %d" % number) for number in range(size)]
    for place, event in zip(places, events, strict=True):
        leaves[place] = event.leaf
    node = node_of(leaves)
    note = sealed(Checkpoint(signer.verifier.name, size, range_hash(0, size, node)), signer)
    name, key = signer.verifier.name, str(signer.verifier)
    lines = [BundleHead(VERSION, name, key, note, query, OLDEST_FIRST, to_text(NOW)).line() + b"\n"]
    paths = NeighbouringPaths(size)
    for number, (place, event) in enumerate(zip(places, events, strict=True)):
        body, personal = event.parts
        kept = None if number == ERASED else personal
        lines.append(event_line(place, paths.path(place, node), body, kept, event.salt) + b"\n")
    return ended(lines)


def ended(lines: Sequence[bytes], unsealed: int = 2) -> list[bytes]:
    """The same with the last line that fits: whoever changes a bundle on purpose makes it anew."""
    return [*lines, end_line(len(lines) - 1, unsealed, sha256(b"".join(lines))) + b"\n"]


def node_of(leaves: Sequence[bytes]) -> Node:
    """The perfect subtrees over these leaves."""

    def node(height: int, index: int) -> bytes:
        if not height:
            return leaves[index]
        return node_hash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1))

    node = cache(node)
    return node

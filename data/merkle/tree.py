"""The Merkle tree of RFC 6962, section 2.1: its hashes, and the little that one must keep of it to add to its end.

Leaves are the events of the change log in the order in which the keeper gave them their places, which begin at 0.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeAlias

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

Node: TypeAlias = Callable[[int, int], bytes]
"""The hash of the perfect subtree with 2**height leaves that is the index-th of its height, by height and index."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf that holds these bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node, from those of its children."""
    return sha256(b"\x01" + left + right).digest()


def range_hash(begin: int, end: int, node: Node) -> bytes:
    """The hash of the subtree over the leaves from `begin` up to `end`, a subtree that occurs in some tree.

    That is: `begin` is a multiple of the least power of two that is not below their number.
    """
    hashes = []
    while begin < end:
        height = (end - begin).bit_length() - 1
        hashes.append(node(height, begin >> height))
        begin += 1 << height
    return _folded(hashes)


class Frontier:
    """A tree to whose end leaves are added: of its inside no more is kept than the roots of its perfect subtrees.

    There is one for each bit of the size that is set, the largest first: at most 64 hashes, whatever the size.
    """

    def __init__(
        self, size: int = 0, peaks: Iterable[bytes] = (), completed: Callable[[int, int, bytes], None] | None = None
    ) -> None:
        """`completed` is told of each node that comes into being above a leaf: its height, index and hash.

        Raises ValueError where there are not as many peaks as a tree of this size has, each of 32 bytes.
        """
        self.size = size
        self._completed = completed
        self._peaks = [*peaks]
        if size < 0 or len(self._peaks) != size.bit_count() or any(len(peak) != HASH_BYTES for peak in self._peaks):
            raise ValueError("not the frontier of a tree")

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the perfect subtrees, the largest first."""
        return tuple(self._peaks)

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        self.add_perfect(0, leaf)

    def add_perfect(self, height: int, root: bytes) -> None:
        """Add the next 2**height leaves, of whose subtree this is the root. Raises ValueError where none can begin here."""
        if self.size & ((1 << height) - 1):
            raise ValueError(f"no subtree of height {height} begins at {self.size}")
        above, carried = height, self.size >> height
        while carried & 1:
            root = node_hash(self._peaks.pop(), root)
            carried >>= 1
            above += 1
            if self._completed is not None:
                self._completed(above, carried, root)
        self._peaks.append(root)
        self.size += 1 << height

    def root(self) -> bytes:
        """The root of the whole tree."""
        return _folded(self._peaks) if self._peaks else EMPTY_ROOT


def _folded(hashes: list[bytes]) -> bytes:
    """The root over neighbouring perfect subtrees, the largest first."""
    root = hashes[-1]
    for left in hashes[-2::-1]:
        root = node_hash(left, root)
    return root

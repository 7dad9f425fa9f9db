"""Proofs of RFC 6962, section 2.1: that a leaf is in a tree, and that a tree begins with all that an earlier one held.

They are checked as RFC 9162, sections 2.1.3.2 and 2.1.4.2 say.
"""

from collections.abc import Sequence

from data.merkle.tree import HASH_BYTES, Node, node_hash, range_hash


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """What proves that leaf `index` is in the tree of the first `size` leaves. Raises ValueError where it is not."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none at {index}")
    begin, end = 0, size
    path = []
    while end - begin > 1:
        middle = begin + _half(end - begin)
        if index < middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(begin, middle, node))
            begin = middle
    return path[::-1]


def consistency_path(old: int, new: int, node: Node) -> list[bytes]:
    """What proves that the tree of `new` leaves begins with all that of `old` leaves. Raises ValueError for none or more."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with one of {old}")
    begin, end = 0, new
    path = []
    while end != old:
        middle = begin + _half(end - begin)
        if old <= middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(begin, middle, node))
            begin = middle
    if begin:
        path.append(range_hash(begin, end, node))
    return path[::-1]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves that the tree of this size and root has the hash of this leaf at `index`."""
    if not 0 <= index < size or not _are_hashes(path):
        return False
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the tree of `new` leaves begins with all leaves of the one of `old`."""
    if not 0 < old <= new or not _are_hashes(path):
        return False
    if old == new:
        return not path and old_root == new_root
    hashes = [old_root, *path] if old & (old - 1) == 0 else [*path]
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node_hash(sibling, found_old), node_hash(sibling, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def _half(size: int) -> int:
    """The largest power of two below a size of two or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _are_hashes(path: Sequence[bytes]) -> bool:
    return all(len(one) == HASH_BYTES for one in path)

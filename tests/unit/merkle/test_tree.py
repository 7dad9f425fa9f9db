"""The tree against RFC 6962's vectors and another implementation, and every proof of small trees."""

from collections.abc import Callable

import pytest
from pymerkle import InmemoryTree

from data.merkle.paths import consistency_path, inclusion_path, is_consistent, is_included
from data.merkle.tree import EMPTY_ROOT, Frontier, leaf_hash, range_hash

_ENTRIES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")] + [
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Those that the reference implementation of Certificate Transparency is tested with."""
_ALL_PAIRS = 64


def _leaves(size: int) -> list[bytes]:
    return [leaf_hash(b"entry %d" % number) for number in range(size)]


def _node(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    """The perfect subtrees over these leaves, made the slow way."""

    def hash_of(height: int, index: int) -> bytes:
        if height == 0:
            return leaves[index]
        frontier = Frontier()
        for leaf in leaves[index << height : index + 1 << height]:
            frontier.add(leaf)
        return frontier.root()

    return hash_of


def _root(leaves: list[bytes]) -> bytes:
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def test_roots_are_those_of_the_published_vectors() -> None:
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT
    for entry, root in zip(_ENTRIES, _ROOTS, strict=True):
        frontier.add(leaf_hash(entry))
        assert frontier.root().hex() == root


def test_roots_are_those_of_another_implementation() -> None:
    frontier, other = Frontier(), InmemoryTree(algorithm="sha256")
    for number in range(300):
        entry = b"entry %d" % number
        frontier.add(leaf_hash(entry))
        other.append_entry(entry)
        assert frontier.root() == other.get_root(number + 1)


@pytest.mark.parametrize("size", [1, 2, 3, 64, 100, 255, 256, 257])
def test_a_frontier_goes_on_from_what_was_kept_of_it(size: int) -> None:
    leaves = _leaves(size + 70)
    kept = Frontier()
    for leaf in leaves[:size]:
        kept.add(leaf)
    again = Frontier(kept.size, kept.peaks)
    for leaf in leaves[size:]:
        again.add(leaf)
    assert again.root() == _root(leaves)


def test_a_tree_of_subtrees_is_that_of_their_leaves() -> None:
    leaves = _leaves(300)
    node, frontier = _node(leaves), Frontier()
    frontier.add_perfect(8, node(8, 0))
    frontier.add_perfect(5, node(5, 8))
    for leaf in leaves[288:]:
        frontier.add(leaf)
    assert frontier.root() == _root(leaves)
    with pytest.raises(ValueError, match="begins at 300"):
        frontier.add_perfect(3, leaves[0])


def test_what_is_no_frontier_is_refused() -> None:
    for size, peaks in ((1, ()), (0, (EMPTY_ROOT,)), (3, (EMPTY_ROOT,)), (-1, ()), (1, (b"short",))):
        with pytest.raises(ValueError, match="frontier"):
            Frontier(size, peaks)


def test_every_leaf_of_every_small_tree_is_proven_to_be_in_it_and_nowhere_else() -> None:
    leaves = _leaves(_ALL_PAIRS)
    node = _node(leaves)
    for size in range(1, _ALL_PAIRS + 1):
        root = range_hash(0, size, node)
        assert root == _root(leaves[:size])
        for index in range(size):
            path = inclusion_path(index, size, node)
            assert is_included(leaves[index], index, size, path, root)
            assert not is_included(leaves[(index + 1) % _ALL_PAIRS], index, size, path, root)
            assert not is_included(leaves[index], index + 1, size, path, root)
            assert not is_included(leaves[index], index, size, [*path, root], root)
            assert not path or not is_included(leaves[index], index, size, path[:-1], root)


def test_every_small_tree_is_proven_to_go_on_from_every_earlier_one_and_from_no_other() -> None:
    leaves = _leaves(_ALL_PAIRS)
    node = _node(leaves)
    roots = {size: range_hash(0, size, node) for size in range(1, _ALL_PAIRS + 1)}
    for new, root in roots.items():
        for old in range(1, new + 1):
            path = consistency_path(old, new, node)
            assert is_consistent(old, roots[old], new, root, path)
            assert not is_consistent(old, leaves[0][::-1], new, root, path)
            assert not is_consistent(old, roots[old], new, leaves[0][::-1], path)
            assert not is_consistent(old, roots[old], new, root, [*path, root])
            assert not path or not is_consistent(old, roots[old], new, root, path[:-1])
            assert not is_consistent(new + 1, roots[old], new, root, path)


def test_what_is_in_no_tree_has_no_proof() -> None:
    node = _node(_leaves(4))
    for index, size in ((4, 4), (-1, 4), (0, 0)):
        with pytest.raises(ValueError, match="none at"):
            inclusion_path(index, size, node)
    for old, new in ((0, 4), (4, 3)):
        with pytest.raises(ValueError, match="does not begin"):
            consistency_path(old, new, node)

"""Inclusion proofs that follow each other: every order of small trees, and whatever is wrong with one."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.merkle.neighbours import NeighbouringChecks, NeighbouringPaths
from data.merkle.paths import inclusion_path
from data.merkle.tree import Frontier, Node, leaf_hash

_ORDERS_OF = 5


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(b"entry %d" % number) for number in range(size)]


def node_of(leaves: list[bytes]) -> Node:
    """The perfect subtrees over these leaves."""
    return lambda height, index: root_of(leaves[index << height : index + 1 << height])


def root_of(leaves: list[bytes]) -> bytes:
    tree = Frontier()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def test_the_first_path_is_that_of_rfc_6962() -> None:
    for size in range(1, 33):
        node = node_of(leaves_of(size))
        for index in range(size):
            assert NeighbouringPaths(size).path(index, node) == inclusion_path(index, size, node)


@pytest.mark.parametrize("size", range(1, _ORDERS_OF + 1))
def test_every_order_of_a_small_tree(size: int) -> None:
    leaves = leaves_of(size)
    node, root = node_of(leaves), root_of(leaves)
    for order in permutations(range(size)):
        made, checks = NeighbouringPaths(size), NeighbouringChecks(size, root)
        for index in order:
            assert checks.holds(index, leaves[index], made.path(index, node))


@given(st.integers(1, 300), st.data())
def test_any_leaves_in_any_order_and_each_more_than_once(size: int, data: st.DataObject) -> None:
    order = data.draw(st.lists(st.integers(0, size - 1), max_size=30))
    leaves = leaves_of(size)
    node = node_of(leaves)
    made, checks = NeighbouringPaths(size), NeighbouringChecks(size, root_of(leaves))
    for index in order:
        assert checks.holds(index, leaves[index], made.path(index, node))


@given(st.integers(2, 70), st.data())
def test_what_is_wrong_does_not_hold(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    node = node_of(leaves)
    first, second = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    made = NeighbouringPaths(size)
    paths = [made.path(index, node) for index in (first, second)]

    def checked(index: int, leaf: bytes, path: list[bytes]) -> bool:
        checks = NeighbouringChecks(size, root_of(leaves))
        assert checks.holds(first, leaves[first], paths[0])
        return checks.holds(index, leaf, path)

    leaf, path = leaves[second], paths[1]
    assert checked(second, leaf, path)
    other = (second + 1) % size
    assert not checked(second, leaves[other], path)
    assert not checked(other, leaf, path)
    assert not checked(size, leaf, path) and not checked(-1, leaf, path)
    assert not checked(second, leaf, [*path, leaf])
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        assert not checked(second, leaf, [*path[:place], leaf_hash(b"another"), *path[place + 1 :]])
        assert not checked(second, leaf, path[1:])
        assert not checked(second, leaf, [*path[:-1], path[-1][:-1]])


def test_leaves_that_follow_each_other_need_two_hashes_on_average() -> None:
    size = 1_000
    node = node_of(leaves_of(size))
    made = NeighbouringPaths(size)
    assert sum(len(made.path(index, node)) for index in range(size)) < 2 * size


def test_a_leaf_that_there_is_not_has_no_path() -> None:
    for index in (-1, 4):
        with pytest.raises(ValueError, match="has none at"):
            NeighbouringPaths(4).path(index, node_of(leaves_of(4)))

"""Tests of data.clients.scopes."""

import pytest

from data.clients.scopes import covers


@pytest.mark.parametrize(
    ("held", "needed", "is_covered"),
    [
        (["orders:read"], "orders:read", True),
        (["users:read", "orders:*"], "orders:read", True),
        (["orders:*"], "orders:read:all", True),
        (["orders:*"], "orders:*", True),
        (["orders:*"], "orders", False),
        (["orders:*"], "ordersx:read", False),
        (["orders"], "orders:read", False),
        (["orders:read"], "orders:*", False),
        (["orders:re*"], "orders:read", False),
        (["*"], "orders:read", False),
        ([], "orders:read", False),
    ],
)
def test_a_scope_covers_itself_and_with_a_star_whatever_begins_so(
    held: list[str], needed: str, is_covered: bool
) -> None:
    assert covers(held, needed) is is_covered

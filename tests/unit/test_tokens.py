"""Tests of data.tokens."""

import pytest

from data.tokens import without_secrets


@pytest.mark.parametrize(
    ("text", "reduced"),
    [
        ("adk_Ab3dE5gH_" + "x" * 49, "adk_Ab3dE5gH"),
        ("token:adk_Ab3dE5gH_xyz last:7d", "token:adk_Ab3dE5gH last:7d"),
        ('"adk_Ab3dE5gH_xyz",adk_00000000_a', '"adk_Ab3dE5gH",adk_00000000'),
        ("ADK_Ab3dE5gH_xyz", "ADK_Ab3dE5gH"),
        ("adk_Ab3dE5gH", "adk_Ab3dE5gH"),
        ("adk_short_xyz", "adk_short_xyz"),
        ("", ""),
    ],
)
def test_of_a_token_its_public_id_is_left(text: str, reduced: str) -> None:
    assert without_secrets(text) == reduced

"""Tests of data.tokens."""

import hashlib
import re

import pytest

from data.tokens import (
    LENGTH,
    MistypedToken,
    NoToken,
    holds_secret,
    is_public_id,
    new_token,
    read_token,
    without_secrets,
)

PUBLIC_ID = "adk_OGusQGwp"
GENUINE = "adk_OGusQGwp_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf18VYvp"
"""The token that is made of the bytes 0, 1, 2, ...: whatever changes the form, changes it."""


@pytest.mark.parametrize(
    ("text", "reduced"),
    [
        ("adk_Ab3dE5gH_" + "x" * 49, "adk_Ab3dE5gH"),
        ("token:adk_Ab3dE5gH_xyz last:7d", "token:adk_Ab3dE5gH last:7d"),
        ('"adk_Ab3dE5gH_xyz",adk_00000000_a', '"adk_Ab3dE5gH",adk_00000000'),
        ("ADK_Ab3dE5gH_xyz", "ADK_Ab3dE5gH"),
        ("X_TOKEN=adk_Ab3dE5gH_xyz", "X_TOKEN=adk_Ab3dE5gH"),
        ("my_adk_Ab3dE5gH_xyz", "my_adk_Ab3dE5gH"),
        ("adk_Ab3dE5g_" + "x" * 49, "adk_Ab3dE5g"),
        ("adk_Ab3dE5gH" + "x" * 49, "adk_Ab3dE5gH"),
        ("adk_Ab3dE5gH-" + "x" * 49, "adk_Ab3dE5gH"),
        ("adk_Ab3dE5gH", "adk_Ab3dE5gH"),
        ("KEY_adk_Ab3dE5gH_xyz", "KEY_adk_Ab3dE5gH"),
        ("adk_short_xyz", "adk_short_xyz"),
        ("", ""),
    ],
)
def test_of_a_token_its_public_id_is_left(text: str, reduced: str) -> None:
    assert without_secrets(text) == reduced
    assert holds_secret(text) is (text != reduced)


def test_no_part_of_a_secret_is_left_of_a_token_that_was_made() -> None:
    whole = new_token().reveal()
    assert len(whole) == LENGTH
    for text in (whole, whole.upper(), f"Bearer {whole}", whole[:4] + whole[5:], whole[:12] + whole[13:]):
        assert holds_secret(text)
        assert not holds_secret(without_secrets(text)) and whole[20:28] not in without_secrets(text)


@pytest.mark.parametrize("before", ["x", "Bearer_", "TOKEN=", "ä"])
def test_of_a_token_in_the_middle_of_a_word_too(before: str) -> None:
    assert without_secrets(f"{before}{GENUINE}") == f"{before}{PUBLIC_ID}"


def test_a_token_has_the_documented_form_and_is_read_back() -> None:
    token = new_token()
    assert re.fullmatch(r"adk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}", token.reveal())
    assert len(token.reveal()) == LENGTH == 62
    assert read_token(token.reveal()) == token
    assert token.digest == hashlib.sha256(token.reveal().encode()).digest()
    assert new_token() != token


def test_the_same_bytes_give_the_same_token() -> None:
    token = new_token(lambda count: bytes(range(count)))
    assert (token.public_id, token.reveal()) == (PUBLIC_ID, GENUINE)


def test_a_token_is_told_by_its_public_id_wherever_it_is_printed() -> None:
    token = read_token(GENUINE)
    assert str(token) == f"{token}" == PUBLIC_ID
    assert GENUINE[13:] not in repr(token)


@pytest.mark.parametrize("place", range(13, LENGTH))
def test_one_wrong_character_of_the_secret_is_told_without_a_database(place: int) -> None:
    wrong = "x" if GENUINE[place] != "x" else "y"
    with pytest.raises(MistypedToken, match=f"{PUBLIC_ID} was mistyped") as raised:
        read_token(GENUINE[:place] + wrong + GENUINE[place + 1 :])
    assert raised.value.public_id == PUBLIC_ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        PUBLIC_ID,
        GENUINE[:-1],
        GENUINE + "0",
        f" {GENUINE}",
        f"{GENUINE}\n",
        GENUINE.replace("adk_", "ADK_"),
        GENUINE[:20] + "-" + GENUINE[21:],
        GENUINE[:20] + "\0" + GENUINE[21:],
        GENUINE[:20] + "é" + GENUINE[21:],
        GENUINE[:20] + "\ud800" + GENUINE[21:],
        "٣" * LENGTH,
    ],
)
def test_what_has_not_the_form_of_a_token_is_none(text: str) -> None:
    with pytest.raises(NoToken):
        read_token(text)


def test_a_megabyte_is_no_token() -> None:
    with pytest.raises(NoToken):
        read_token("a" * 1_000_000)
    assert without_secrets(GENUINE + "x" * 1_000_000) == PUBLIC_ID


@pytest.mark.parametrize("text", ["adk_", "adk_short", f"{PUBLIC_ID}x", f" {PUBLIC_ID}", PUBLIC_ID.upper(), GENUINE])
def test_what_is_no_public_id(text: str) -> None:
    assert is_public_id(PUBLIC_ID)
    assert not is_public_id(text)

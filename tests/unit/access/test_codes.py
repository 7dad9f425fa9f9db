"""Tests of data.access.codes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access.codes import ALPHABET, CHARACTERS, JoinCode, MistypedCode, NoCode, new_code, read_code
from data.tokens import holds_code, holds_secret, without_secrets

GENUINE = "adj-0004-1061-050R-3GG2-8A1C-60T3-GFFK"
"""The code that is made of the bytes 0, 1, 2, ...: whatever changes the form, changes it."""


def code_of(drawn: bytes) -> JoinCode:
    """The code that is made of these bytes."""
    return new_code(lambda _count: drawn)


codes = st.binary(min_size=16, max_size=16).map(code_of)
places = st.integers(0, CHARACTERS - 1)
characters = st.sampled_from(ALPHABET)


def characters_of(code: JoinCode) -> str:
    return code.reveal().removeprefix("adj-").replace("-", "")


def test_a_code_has_the_documented_form() -> None:
    code = new_code(lambda count: bytes(range(count)))
    assert code.reveal() == GENUINE
    assert code.digest == hashlib.sha256(characters_of(code).encode()).digest()


def test_nothing_of_a_code_is_told_but_what_it_is_asked_to_reveal() -> None:
    code = new_code()
    for told in (str(code), repr(code), f"{code}"):
        assert not any(group in told for group in code.reveal().split("-")[1:])


def test_two_codes_differ_and_all_of_the_128_bits_are_in_them() -> None:
    assert new_code() != new_code()
    drawn = {(1 << bit).to_bytes(16) for bit in range(128)} | {bytes(16)}
    assert len({code_of(one).reveal() for one in drawn}) == 129


@given(codes)
def test_a_code_is_read_back_however_it_is_typed(code: JoinCode) -> None:
    whole, bare = code.reveal(), characters_of(code)
    similar = bare.replace("0", "o").replace("1", "l")
    for typed in (whole, whole.upper(), whole.lower(), bare, f"  {whole} ", " ".join(bare), f"ADJ{bare}", similar):
        assert read_code(typed) == code


@given(codes, places, characters)
def test_any_character_that_is_another_is_noticed(code: JoinCode, place: int, other: str) -> None:
    typed = characters_of(code)
    if typed[place] == other:
        return
    with pytest.raises(MistypedCode):
        read_code(typed[:place] + other + typed[place + 1 :])


@given(codes, st.integers(0, CHARACTERS - 2))
def test_two_neighbours_that_changed_places_are_noticed(code: JoinCode, place: int) -> None:
    typed = characters_of(code)
    if typed[place] == typed[place + 1]:
        return
    with pytest.raises(MistypedCode):
        read_code(typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :])


@given(codes, places, characters)
def test_one_character_too_few_or_too_many_is_no_code(code: JoinCode, place: int, more: str) -> None:
    typed = characters_of(code)
    for wrong in (typed[:place] + typed[place + 1 :], typed[:place] + more + typed[place:]):
        with pytest.raises(NoCode):
            read_code(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "adj-",
        "adk_OGusQGwp_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf18VYvp",
        "adj-UUUU-UUUU-UUUU-UUUU-UUUU-UUUU-UUUU",
        "é" * CHARACTERS,
        "٣" * CHARACTERS,
        GENUINE + "\0",
        GENUINE.replace("-", "\u202e"),
        "x" * 1_000_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_other_text_is_no_code(text: str) -> None:
    with pytest.raises(NoCode) as raised:
        read_code(text)
    assert len(str(raised.value)) < 100 and (len(text) < 5 or text not in str(raised.value))


def test_a_number_beyond_128_bits_is_no_code_though_its_check_fits() -> None:
    beyond = (1 << 138) + -(1 << 138) % 1021
    digits = "".join(ALPHABET[beyond // 32**place % 32] for place in reversed(range(CHARACTERS)))
    with pytest.raises(MistypedCode):
        read_code(digits)


@given(codes)
def test_text_is_rid_of_codes_of_mistyped_ones_too(code: JoinCode) -> None:
    whole = code.reveal()
    without = whole.replace("adj-", "adj-", 1)[:20] + whole[21:]
    for typed in (
        whole,
        whole.lower(),
        whole.upper(),
        f"code={whole}",
        without,
        f"adj-{characters_of(code)}",
        whole[:-3],
    ):
        text = f"she typed {typed}, and then"
        assert holds_code(text) and holds_secret(text)
        assert without_secrets(text).lower().endswith("adj-, and then")


@pytest.mark.parametrize(
    "text", ["adj-", "adj-bo", "adj-team", "the prefix is adj-", "adj-mail@example.org", "adjourn"]
)
def test_other_words_stay_as_they_are(text: str) -> None:
    assert without_secrets(text) == text and not holds_code(text)

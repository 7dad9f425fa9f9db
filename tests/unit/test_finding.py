"""Tests of data.finding: what was pasted, read without a database."""

from ipaddress import ip_network
from time import perf_counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.finding import Pasted, Problem, read_paste
from data.tokens import new_token

TOKEN = new_token(lambda size: bytes(range(size)))
WHOLE, PUBLIC_ID = TOKEN.reveal(), TOKEN.public_id
MISTYPED = WHOLE[:-1] + ("0" if WHOLE[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (WHOLE, None),
        (f"  Authorization: Bearer {WHOLE}\r\n", None),
        (f'{{"token":"{WHOLE}"}}', None),
        (f"MY_KEY_{WHOLE}", None),
        (f"{WHOLE[:30]}\n{WHOLE[30:]}", None),
        (f"{WHOLE} and more", None),
        (MISTYPED, Problem.MISTYPED),
        (WHOLE + "x", Problem.MISTYPED),
        (WHOLE.upper().replace("ADK", "adk"), Problem.MISTYPED),
        (WHOLE[:40], Problem.NOT_WHOLE),
        (PUBLIC_ID, None),
        (f"{PUBLIC_ID}_", Problem.NOT_WHOLE),
    ],
)
def test_of_a_token_its_public_id_is_left(text: str, problem: Problem | None) -> None:
    pasted = read_paste(text)
    assert (pasted.token or "").lower() == pasted.text.lower() == PUBLIC_ID.lower()
    assert pasted.problem is problem


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, len(WHOLE)), st.characters())
def test_nothing_of_a_secret_is_left_whatever_stands_around_it(before: str, after: str, place: int, other: str) -> None:
    for token in (WHOLE, WHOLE[:place] + other + WHOLE[place + 1 :] if place > len(PUBLIC_ID) else WHOLE):
        left = repr(read_paste(before + token + after))
        secret = token[len(PUBLIC_ID) + 1 :]
        assert not any(secret[at : at + 8] in left for at in range(len(secret) - 8))


@pytest.mark.parametrize("text", [WHOLE[-49:], WHOLE[-43:]])
def test_the_secret_end_of_a_token_is_not_looked_for(text: str) -> None:
    assert read_paste(text) == Pasted(problem=Problem.ENDING_OF_TOKEN)


def test_a_beginning_of_a_public_id_is_one() -> None:
    assert read_paste(PUBLIC_ID[:7]) == Pasted(PUBLIC_ID[:7], token=PUBLIC_ID[:7])
    assert read_paste(PUBLIC_ID[4:]).token == PUBLIC_ID


def test_an_event_id_is_one_however_it_is_written() -> None:
    id_ = UUID("018c2f6e-7d60-7abc-8def-0123456789ab")
    assert [read_paste(text).event_id for text in (str(id_), id_.hex, f" {str(id_).upper()} ")] == [id_] * 3


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("198.51.100.7", "198.51.100.7/32"),
        ("198.51.100.7/24", "198.51.100.0/24"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("::ffff:198.51.100.7", "198.51.100.7/32"),
    ],
)
def test_an_address_is_a_network_of_one(text: str, network: str) -> None:
    assert read_paste(text).network == ip_network(network)


@pytest.mark.parametrize("text", ["Payroll sync", "1234", "req-9f2c", "\x1b]52;c;x\x07", "[/red]", "a\0b", "\ud800"])
def test_anything_else_is_a_name_or_an_id(text: str) -> None:
    pasted = read_paste(text)
    assert pasted.text and pasted.problem is None
    assert (pasted.event_id, pasted.network) == (None, None)
    assert "\0" not in pasted.text
    pasted.text.encode()


@pytest.mark.parametrize("text", ["", " \n\t ", "\0"])
def test_nothing_is_nothing(text: str) -> None:
    assert read_paste(text) == Pasted(problem=Problem.EMPTY)


@pytest.mark.parametrize("piece", ["x", "adk_", WHOLE, " ", "adk_Ab3dE5gH_"])
def test_a_megabyte_is_refused_at_once(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    begin = perf_counter()
    assert read_paste(text) == Pasted(problem=Problem.TOO_LONG)
    assert perf_counter() - begin < 0.01

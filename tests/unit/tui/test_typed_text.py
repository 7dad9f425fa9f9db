"""Tests of tui.typed_text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.typed_text import TypedText

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_keys = st.lists(st.sampled_from(["j", "\x1b", "\x1b[A", "é", "[200~", "x"]), max_size=4).map("".join)
_pasted = st.text(st.sampled_from("aé\x1b[]20~\x00\x07\x9b\n\t漢"), max_size=12).filter(
    lambda text: _END not in text + _END[:-1]
)


def _decoded(data: bytes, cuts: list[int]) -> str:
    decoder, found, start = TypedText(), [], 0
    for cut in [*sorted(cut % (len(data) + 1) for cut in cuts), len(data)]:
        if cut > start:
            found.append(decoder.decode(data[start:cut]))
        start = cut
    return "".join(found)


@given(st.lists(st.tuples(_keys, _pasted), min_size=1, max_size=4), st.lists(st.integers(0, 200), max_size=12))
def test_nothing_within_a_paste_is_a_key_however_it_comes_in_pieces(
    typed: list[tuple[str, str]], cuts: list[int]
) -> None:
    keys = [key for key, _ in typed if _BEGIN not in key]
    if len(keys) < len(typed):
        return
    text = "".join(f"{key}{_BEGIN}{pasted}{_END}" for key, pasted in typed)
    whole = _decoded(text.encode(), [])
    assert _decoded(text.encode(), cuts) == whole
    at = 0
    for key, pasted in typed:
        begin = whole.index(key + _BEGIN, at)
        assert begin == at, "keys are as they were typed"
        end = whole.index(_END, begin + len(key) + len(_BEGIN))
        inner = whole[begin + len(key) + len(_BEGIN) : end]
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", inner)
        assert [one for one in inner if one in "aé漢\n\t"] == [one for one in pasted if one in "aé漢\n\t"]
        at = end + len(_END)
    assert at == len(whole)


def test_a_lone_escape_is_a_key_at_once() -> None:
    decoder = TypedText()
    assert decoder.decode(b"\x1b") == "\x1b" and decoder.decode(b"[A") == "[A"


def test_an_escape_in_a_paste_is_seen_and_does_nothing() -> None:
    assert TypedText().decode(b"\x1b[200~a\x1bq\x1b[201~j") == f"{_BEGIN}a\u241bq{_END}j"


def test_what_is_no_utf8_has_a_stand_in() -> None:
    assert TypedText().decode(b"a\xffb") == "a\ufffdb"


def test_a_terminal_that_has_nothing_to_read_is_gone() -> None:
    decoder = TypedText()
    assert decoder.decode(b"", final=True) == ""
    with pytest.raises(EOFError):
        decoder.decode(b"")

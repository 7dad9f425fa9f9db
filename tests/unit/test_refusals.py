"""Tests of data.refusals."""

import pytest

from data.refusals import RefusalCode


def test_the_codes_are_exactly_these() -> None:
    """They are stored and sent to machines: a new one is a decision, and a renamed one breaks who relies on it."""
    assert set(RefusalCode) == {
        "unknown_token",
        "mistyped_token",
        "wrong_secret",
        "expired",
        "token_ended",
        "revoked",
        "deleted",
        "wrong_network",
        "missing_scope",
        "no_token",
        "conflicting_tokens",
    }


@pytest.mark.parametrize("code", RefusalCode)
def test_each_says_in_one_sentence_what_it_means(code: RefusalCode) -> None:
    assert code.sentence[0].isupper()
    assert code.sentence.endswith(".")
    assert code.sentence.count(".") == 1


def test_no_two_say_the_same() -> None:
    assert len({code.sentence for code in RefusalCode}) == len(RefusalCode)

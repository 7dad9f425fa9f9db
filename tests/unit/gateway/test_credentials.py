"""Tests of data.gateway.credentials."""

import pytest

from data.gateway.credentials import presented_token
from data.gateway.gateway import Question
from data.refusals import RefusalCode


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], RefusalCode.NO_TOKEN),
        ([(b"authorization", b"Bearer abc")], "abc"),
        ([(b"authorization", b"bearer   abc ")], "abc"),
        ([(b"x-api-key", b" abc")], "abc"),
        ([(b"authorization", b"Bearer abc"), (b"x-api-key", b"abc")], "abc"),
        ([(b"authorization", b"Bearer abc"), (b"x-api-key", b"xyz")], RefusalCode.CONFLICTING_TOKENS),
        ([(b"x-api-key", b"abc"), (b"x-api-key", b"xyz")], RefusalCode.CONFLICTING_TOKENS),
        ([(b"authorization", b"Basic YTpi"), (b"x-api-key", b"abc")], "abc"),
        ([(b"authorization", b"Basic YTpi")], RefusalCode.NO_TOKEN),
        ([(b"authorization", b"Bearer"), (b"x-api-key", b"")], RefusalCode.NO_TOKEN),
        ([(b"authorization", b"Bearer \xff\x00")], "\xff\x00"),
        ([(b"x-api-key", b"a" * 100_000)], "a" * 100_000),
    ],
)
def test_one_token_and_no_two(headers: list[tuple[bytes, bytes]], found: str | RefusalCode) -> None:
    assert presented_token(headers) == found


def test_a_question_is_not_printed_with_its_token() -> None:
    assert "abc" not in repr(Question([(b"authorization", b"Bearer abc")], "198.51.100.7", "orders:read"))

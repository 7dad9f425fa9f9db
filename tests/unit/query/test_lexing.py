import pytest

from data.errors import QueryError
from data.query.lexing import MOST_CHARACTERS, Fragment, read_words
from data.query.model import Pattern


def _word(text: str) -> Fragment:
    (word,) = read_words(text)
    return word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \t\n ", []),
        ("one two", ["one", "two"]),
        ("\u00a0one\u2003two\u00a0", ["one", "two"]),
        ('"one two" three', ["one two", "three"]),
        ('o"ne tw"o', ["one two"]),
        (r"one\ two", ["one two"]),
        (r'\"one \\ "\""', ['"one', "\\", '"']),
        ('""', [""]),
    ],
)
def test_white_space_separates_words_unless_quoted_or_escaped(text: str, words: list[str]) -> None:
    assert [word.text for word in read_words(text)] == words


def test_a_word_knows_its_place_with_its_quotes() -> None:
    assert [(word.start, word.end) for word in read_words('  ab "c d"  e\\ ')] == [(2, 4), (5, 10), (12, 15)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ("a",)),
        ("*", ("", "")),
        ("***", ("", "")),
        ("a**b*", ("a", "b", "")),
        (r"a\*b", ("a*b",)),
        (r"*\**", ("", "*", "")),
        ('"a b*"', ("a b", "")),
        (r'"a\*"*', ("a*", "")),
        ('*""*', ("", "")),
    ],
)
def test_a_star_is_a_wildcard_unless_escaped(text: str, parts: tuple[str, ...]) -> None:
    assert _word(text).pattern() == Pattern(parts)


def test_only_a_bare_sign_splits() -> None:
    assert [part.text for part in _word(r'a,"b,c",d\,e').split(",")] == ["a", "b,c", "d,e"]
    assert [part.text for part in _word("a:b:c").split(":", 1)] == ["a", "b:c"]
    assert [(part.start, part.end) for part in _word('a,"b,c",,').split(",")] == [(0, 1), (2, 7), (8, 8), (9, 9)]


def test_only_a_bare_minus_at_the_very_start_excludes() -> None:
    excluded = _word("--a").without_minus()
    assert excluded is not None
    assert (excluded.text, excluded.start, excluded.end) == ("-a", 1, 3)
    for text in ('"-a"', r"\-a", '""-a', "a-", '""'):
        assert _word(text).without_minus() is None


@pytest.mark.parametrize(
    ("text", "position", "end", "problem", "hint"),
    [
        ('a "b c', 2, 6, "never closed", "second quote"),
        ('"', 0, 1, "never closed", "second quote"),
        ("ab\\", 2, 3, "follows the backslash", r"\\"),
        ('"ab\\', 3, 4, "follows the backslash", r"\\"),
        ("a\x00b", 1, 2, r"U\+0000", "Leave it out"),
        ("ab\udc80", 2, 3, r"U\+DC80", "Leave it out"),
        ("a" * (MOST_CHARACTERS + 5), 4096, 4101, "at most 4,096", "not needed"),
    ],
)
def test_what_is_no_text_of_a_query_is_an_error_with_its_place(
    text: str, position: int, end: int, problem: str, hint: str
) -> None:
    with pytest.raises(QueryError, match=problem) as caught:
        read_words(text)
    assert (caught.value.position, caught.value.end, caught.value.text) == (position, end, text)
    assert hint in caught.value.hint


def test_the_longest_text_is_read() -> None:
    assert len(_word("a" * MOST_CHARACTERS).text) == MOST_CHARACTERS

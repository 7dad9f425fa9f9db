"""The words of a key, in whatever way it is written: `sourceIPAddress`, `source_ip_address` and `sourceipaddress` are one."""

import re
from functools import lru_cache


def word_set(text: str) -> frozenset[str]:
    """The words of a text that are told apart by blanks."""
    return frozenset(text.split())


_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_PLURALS = re.compile(r"(?<=[A-Z])s(?![a-z])")  # sourceIPs, userIDs

_KNOWN = word_set(
    "account action activity actor addr address agent app audit client code command correlation created display document end start "
    "email entity entry error event full group host id identity insert ip kind log login member message method name object operation "
    "organization path person principal project reason record remote repo request resource response result role server "
    "service session source status target time tenant trace transaction type user uuid"
)


@lru_cache(maxsize=8192)
def words_of(key: str) -> tuple[str, ...]:
    """The words of a key in lower case and in their order, without the plural of those that are known."""
    found: list[str] = []
    for piece in _WORD.findall(_PLURALS.sub("", key)):
        word = piece.lower()
        found += _taken_apart(word)
    # Pipelines that take no @ in a key spell it out.
    return tuple(found[2:] if found[:2] == ["at", "sign"] and len(found) > 2 else found)


def _taken_apart(word: str) -> tuple[str, ...]:
    """`userid` is two words; `ids` is one, of which there are several."""
    if word in _KNOWN:
        return (word,)
    if word.endswith("s") and word[:-1] in _KNOWN:
        return (word[:-1],)
    for at in range(2, len(word) - 1):
        if word[:at] in _KNOWN and word[at:] in _KNOWN:
            return word[:at], word[at:]
    return (word,)

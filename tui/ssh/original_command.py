"""What may be asked for over ssh, and reading it: no shell has a part in it."""

import re
import shlex
from collections.abc import Iterator, Mapping
from itertools import pairwise

from data.errors import AuditdeckError

_PLAIN = frozenset({"--help", "--version", "--zone", "--unicode", "--no-unicode"})
"""What every one of these commands takes."""

_PAGES = frozenset({"--limit", "--cursor", "--sort", "--json", "--total", "--count"})

ALLOWED: Mapping[str, frozenset[str]] = {
    "export": _PLAIN | {"--format", "--sort"},
    "events": _PLAIN | _PAGES | {"--view"},
    "event": _PLAIN | {"--json"},
    "requests": _PLAIN | _PAGES | {"--by", "--unusual"},
    "verify": _PLAIN | {"--new", "--event", "--json", "--key"},
    "clients": _PLAIN | {"--expiring", "--status", "--all", "--json"},
}
"""Each command that there is over ssh, with its flags: they read, and no flag of them names a file or a database. Of a bundle
`verify` takes standard input alone."""

_MOST_CHARACTERS = 16_384
_SHOWN_CHARACTERS = 40

# A word is made of these; what a quotation mark opens ends with its like.
_PIECE = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\]+""", re.DOTALL)
_QUOTING = "'\"\\"


class NotAllowed(AuditdeckError):
    """What was asked for is none of what there is over ssh."""


def command_in(text: str) -> tuple[str, ...]:
    """The words of a command that may be run. Raises NotAllowed with a sentence for whoever asked."""
    if len(text) > _MOST_CHARACTERS:
        raise NotAllowed(f"A command over ssh has at most {_MOST_CHARACTERS:,} characters.")
    if not _is_text(text):
        raise NotAllowed("A command over ssh is text in UTF-8; this is none.")
    words = tuple(_words_in(text))
    command = words[0] if words else ""
    if command not in ALLOWED:
        raise NotAllowed(
            f"Over ssh there is the console, without a command, or {', '.join(ALLOWED)}; there is no {_shown(command)}."
        )
    for word in words[1:]:
        flag = word.partition("=")[0]
        if flag.startswith("--") and flag not in ALLOWED[command]:
            raise NotAllowed(f"{_shown(flag)} cannot be given over ssh.")
    return words


def _is_text(text: str) -> bool:
    """Whether this is all text: of a variable, Python keeps the bytes that are no UTF-8 as halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _words_in(text: str) -> Iterator[str]:
    """The words, as a shell would part them; but double quotes behind plain characters are the query's own, and stay.

    ssh sends one line, from which the shell at the other end has taken the outer quotes already: of
    `export 'actor:"Alice Moss"'` it sends `export actor:"Alice Moss"`, where taking these, too, would ask for another
    thing.
    """
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        pieces: list[str] = []
        while at < len(text) and not text[at].isspace():
            found = _PIECE.match(text, at)
            if found is None:
                raise NotAllowed("The command ends within quotes.")
            pieces.append(found[0])
            at = found.end()
        yield "".join(
            after if after[0] == '"' and before and before[0] not in _QUOTING else _unquoted(after)
            for before, after in pairwise(["", *pieces])
        )


def _unquoted(piece: str) -> str:
    return shlex.split(piece)[0]


def _shown(word: str) -> str:
    return word[:_SHOWN_CHARACTERS] or "empty command"

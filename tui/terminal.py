"""What leaves for a terminal: text made safe, text cut to cells, and what this terminal can do.

Loads without Textual, because plain output needs it too.
"""

import codecs
import json
import locale
import os
import re
import sys
from collections.abc import Iterable
from typing import TextIO

import orjson
from rich.cells import cell_len, split_graphemes

from data.hostile import escaped_json, made_visible
from data.records import Json
from tui.glyphs import glyphs

# The font of Linux's console has 256 or 512 characters, and lacks most of a histogram; the others are older than Unicode.
_ASCII_TERMINALS = frozenset({"linux", "ansi", "vt100", "vt102", "vt220"})
_DUMB_TERMINALS = frozenset({"", "dumb", "unknown"})
# Each of these takes one cell, whatever stands beside it: Latin letters, and what `safe` writes.
_ONE_CELL_EACH = re.compile(r"[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2400-\u2426\u27e8\u27e9\u2026]*")


def safe(text: str, limit: int | None = None) -> str:
    """`text` with every character that could drive a terminal made visible: the one way in which stored text leaves.

    Control characters become their pictures (U+2400 on), all other control, format and unassigned ones `⟨U+202E⟩`. On a
    terminal that has ASCII alone, each character that is not printable ASCII becomes `<U+202E>`.
    With `limit`, at most that many characters of `text` are looked at, and an ellipsis says that there are more.
    """
    more = ""
    if limit is not None and len(text) > limit:
        text, more = text[:limit], glyphs().cut
    if glyphs().only_ascii and not (text.isascii() and text.isprintable()):
        return "".join(map(_as_ascii, text)) + more
    return made_visible(text) + more


def _as_ascii(character: str) -> str:
    return character if character.isascii() and character.isprintable() else f"<U+{ord(character):04X}>"


def json_text(value: Json) -> str:
    """The value as JSON on one line that drives no terminal: what `safe` would mark is escaped, and means the same.

    UTF-8 has no half of a surrogate pair, which a path or an argument may hold: `\\udcff` stands for it as text.
    """
    text = escaped_json(plain_json(value))
    if text.isascii() or not glyphs().only_ascii:
        return text
    return "".join(character if character.isascii() else json.dumps(character)[1:-1] for character in text)


def plain_json(value: Json, *, indented: bool = False) -> str:
    """The value as JSON, on one line or indented by two; it can still drive a terminal."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indented else None).decode()
    except TypeError:  # half of a surrogate pair, or a whole number of more than 64 bits
        separators = (",", ": " if indented else ":")
        return json.dumps(_in_utf8(value), ensure_ascii=False, indent=2 if indented else None, separators=separators)


def _in_utf8(value: Json) -> Json:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case list():
            return [_in_utf8(item) for item in value]
        case dict():
            return {str(_in_utf8(name)): _in_utf8(member) for name, member in value.items()}
        case _:
            return value


def cells_of(text: str) -> int:
    """The width of safe text in terminal cells."""
    return len(text) if text.isascii() else cell_len(text)


def _takes_one_cell_each(text: str) -> bool:
    return _ONE_CELL_EACH.fullmatch(text) is not None


def cut(text: str, cells: int) -> str:
    """Safe text in at most `cells` cells, its last one an ellipsis where something is missing."""
    if cells_of(text) <= cells:
        return text
    if cells <= 0:
        return ""
    if text.isascii():
        return text[: cells - 1] + glyphs().cut
    width, kept = 0, 0
    for _, end, size in split_graphemes(text)[0]:
        width += size
        if width > cells - 1:
            break
        kept = end
    return text[:kept] + glyphs().cut


def cut_middle(text: str, cells: int) -> str:
    """Safe text in at most `cells` cells, with an ellipsis in its middle where something is missing."""
    if cells_of(text) <= cells:
        return text
    if cells < 3:
        return cut(text, cells)
    clusters = split_graphemes(text)[0]
    head = _fitting(clusters, cells // 2)
    tail = _fitting(clusters[::-1], cells - 1 - cells // 2)
    return (
        text[: clusters[head - 1][1] if head else 0] + glyphs().cut + text[clusters[-tail][0] if tail else len(text) :]
    )


def from_cluster(text: str, begin: int) -> str:
    """The text from the cluster on that holds the character number `begin`."""
    return next((text[start:] for start, end, _ in split_graphemes(text)[0] if end > begin), "")


def _fitting(clusters: list[tuple[int, int, int]], cells: int) -> int:
    """How many of these clusters, from the first on, fit."""
    width = 0
    for number, (_, _, size) in enumerate(clusters):
        width += size
        if width > cells:
            return number
    return len(clusters)


def wrap(text: str, cells: int) -> list[str]:
    """Safe text in lines of at most `cells` cells, broken at spaces where there are any, else anywhere."""
    if _takes_one_cell_each(text):
        return _wrap_by_characters(text, cells)
    return _wrap_by_clusters(text, cells)


def _wrap_by_characters(text: str, cells: int) -> list[str]:
    lines: list[str] = []
    start = 0
    while len(text) - start > cells:
        space = text.rfind(" ", start + 1, start + cells + 1)
        end = start + cells if space < 0 else space
        lines.append(text[start:end])
        start = end if space < 0 else space + 1
    lines.append(text[start:])
    return lines


def _wrap_by_clusters(text: str, cells: int) -> list[str]:
    lines: list[str] = []
    # By clusters, not characters: U+FE0F after one widens it, and stays with it.
    clusters = split_graphemes(text)[0]
    start, width, space, index = 0, 0, -1, 0
    while index < len(clusters):
        at, end, size = clusters[index]
        is_space = text[at:end] == " "
        if width + size <= cells or at == start:
            space = index if is_space and at > start else space
            width += size
            index += 1
            continue
        if is_space or space >= 0:
            index = index if is_space else space
            lines.append(text[start : clusters[index][0]])
            start = clusters[index][1]
            index += 1
        else:
            lines.append(text[start:at])
            start = at
        width, space = 0, -1
    lines.append(text[start:])
    return lines


def refusal_of_terminal(term: str | None, streams: Iterable[bool]) -> str | None:
    """Why no console can be shown here, in a plain sentence, or None where it can.

    `term` is TERM; `streams` tells for standard input and output whether each is a terminal.
    """
    instead = "Use `auditdeck events`, `auditdeck event ID` or `auditdeck filters` for plain text."
    if not all(streams):
        return f"The console needs a terminal for input and output, and here is none. {instead}"
    cannot = undrawable(term)
    return None if cannot is None else f"{cannot} {instead}"


def undrawable(term: str | None) -> str | None:
    """That no console can be drawn on a terminal of this kind (TERM), as a sentence; None where one can."""
    if (term or "") in _DUMB_TERMINALS:
        return f"The console cannot be drawn on this terminal (TERM is {term or 'not set'})."
    return None


def can_draw_unicode(encoding: str | None, *, is_terminal: bool, locale_encoding: str, term: str | None) -> bool:
    """Whether more than ASCII may be written, as far as that can be known: no terminal says which characters it has.

    A file or a pipe takes what its `encoding` holds. For a terminal the locale has to agree, and `term` (TERM) must not be
    one of those known to lack them.
    """
    if encoding is not None and not _is_utf(encoding):
        return False
    return not is_terminal or (_is_utf(locale_encoding) and term not in _ASCII_TERMINALS)


def can_draw_unicode_here() -> bool:
    """`can_draw_unicode` for this process's standard output."""
    return can_draw_unicode(
        getattr(sys.stdout, "encoding", None),
        is_terminal=_is_terminal(sys.stdout),
        # What the operating system says, not Python, which takes LC_ALL=C for UTF-8 as well.
        locale_encoding=locale.getencoding(),
        term=os.environ.get("TERM"),
    )


def refusal_here() -> str | None:
    """`refusal_of_terminal` for this process."""
    return refusal_of_terminal(os.environ.get("TERM"), (is_terminal_here(),))


def is_terminal_here() -> bool:
    """Whether this process has a terminal for both input and output."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stdout)


def _is_utf(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        return False


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is a terminal; one that was closed before the program began is None."""
    return stream is not None and stream.isatty()

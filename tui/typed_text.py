"""What is typed and pasted, as text: bytes that are no UTF-8 have a stand-in, and nothing within a paste is a key."""

import codecs
import re
from typing import TYPE_CHECKING

from data.hostile import made_visible

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
# All that a terminal or its program could take for more than a character; lines and tabs are what texts are made of.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class TypedText(codecs.IncrementalDecoder):
    """Decodes what a terminal sends, piece by piece.

    Textual takes a bracketed paste for ended at the first escape character in it, and what follows for keys; it ends
    the console over the first byte that is no UTF-8. Most terminals take such characters out of a paste, not all.
    """

    def __init__(self, errors: str = "replace") -> None:
        super().__init__(errors)
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._is_pasting = False
        self._before = ""  # the last few characters, while no paste is going on
        self._held = ""  # what may be the beginning of a paste's end

    def decode(self, data: "ReadableBuffer", final: bool = False) -> str:
        """The text of these bytes; characters that drive something are pictures of themselves within a paste.

        Raises EOFError for no bytes at all before the `final` ones: a terminal that can be read and has nothing is gone,
        and would be read again and again.
        """
        if not data and not final:
            raise EOFError("the terminal is gone")
        rest = self._held + self._utf8.decode(data, final)
        self._held = ""
        found: list[str] = []
        while rest:
            rest = self._paste(rest, found) if self._is_pasting else self._type(rest, found)
        return "".join(found)

    def _type(self, text: str, found: list[str]) -> str:
        """Take keys up to the beginning of a paste; what is left. No key waits for what follows it."""
        seen = self._before + text
        at = seen.find(_BEGIN)
        if at < 0:
            found.append(text)
            self._before = seen[1 - len(_BEGIN) :]
            return ""
        end = at + len(_BEGIN) - len(self._before)
        found.append(text[:end])
        self._before, self._is_pasting = "", True
        return text[end:]

    def _paste(self, text: str, found: list[str]) -> str:
        """Take what is pasted, up to its end; what is left."""
        inner, end, rest = text.partition(_END)
        if not end:
            held = next((size for size in range(len(_END) - 1, 0, -1) if inner.endswith(_END[:size])), 0)
            self._held = inner[len(inner) - held :]
            inner = inner[: len(inner) - held]
        found.append(_CONTROL.sub(lambda match: made_visible(match[0]), inner))
        if end:
            found.append(end)
            self._is_pasting = False
        return rest

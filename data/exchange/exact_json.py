"""JSON in without loss: long integers keep every digit, and what cannot be stored again is refused.

`orjson` reads most records. It makes floating point of integers past 64 bits, so a record with a run of 16 digits goes
through the standard library, with its own rule for integers.
"""

import json
import re
from math import isinf

import orjson

from data.exchange.rejects import BadRecord
from data.records import LARGEST_EXACT, Json

DEEPEST = 200
"""Levels of lists and objects within each other; orjson writes 254, and the log wraps a record in a few more."""

_SIXTEEN_DIGITS = re.compile(rb"[0-9]{16}")
_BLANKS = re.compile(r"[ \t\r\n]*")


class MalformedJson(BadRecord):
    """This is not JSON, so nobody can say where the value ends."""


def decode(raw: bytes) -> Json:
    """The one value that `raw` is. Raises BadRecord for what is no JSON or no UTF-8, for NaN, infinity, lone surrogates
    and too many levels. An integer of 2^53 or more in size becomes text with its digits."""
    if _SIXTEEN_DIGITS.search(raw):
        return _decode_digits(raw)
    try:
        value: Json = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _malformed(raw, error) from error
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and _is_deeper(value, DEEPEST):
        raise _too_deep()
    return value


class JsonCursor:
    """A place in a text of JSON, for walking a document that is too large to be made into objects at once.

    The text may hold bytes that are no UTF-8 as `surrogateescape` leaves them; a value with one in it is refused.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._unreal: str | None = None
        self._decoder = json.JSONDecoder(
            parse_int=_exact_integer, parse_float=self._finite, parse_constant=self._constant
        )

    def skip_blanks(self) -> int:
        """Step over blanks, and give the position after them."""
        blanks = _BLANKS.match(self.text, self.position)
        self.position = blanks.end() if blanks else self.position
        return self.position

    def at_end(self) -> bool:
        """Whether nothing but blanks is left."""
        return self.skip_blanks() == len(self.text)

    def at(self, mark: str) -> bool:
        """Whether `mark` comes next."""
        return self.text.startswith(mark, self.skip_blanks())

    def take(self, mark: str) -> bool:
        """Step over `mark` if it comes next."""
        if not self.at(mark):
            return False
        self.position += len(mark)
        return True

    def expect(self, mark: str) -> None:
        """Step over `mark`. Raises MalformedJson if something else comes next."""
        if not self.take(mark):
            raise MalformedJson(f"not valid JSON: expected {mark} at character {self.position + 1}")

    def end_item(self, close: str) -> None:
        """Step over the comma after an item, or stay before `close`. Raises MalformedJson for anything else."""
        if not self.take(",") and not self.text.startswith(close, self.position):
            raise MalformedJson(f"not valid JSON: expected , or {close} at character {self.position + 1}")

    def value(self) -> Json:
        """Step over the next value, and give it as `decode` does.

        Raises MalformedJson and stays where it was; raises BadRecord for a value that is refused, having stepped over it.
        """
        start = self.skip_blanks()
        self._unreal = None
        try:
            value, self.position = self._decoder.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            raise MalformedJson(f"not valid JSON: {error.msg} at character {error.pos + 1}") from error
        except RecursionError as error:
            raise MalformedJson(str(_too_deep())) from error
        if self._unreal is not None:
            raise BadRecord(f"{self._unreal} is no number that JSON has")
        openings = self.text.count("{", start, self.position) + self.text.count("[", start, self.position)
        if openings > DEEPEST and _is_deeper(value, DEEPEST):
            raise _too_deep()
        try:
            orjson.dumps(value)
        except TypeError as error:  # orjson's name for text that has no UTF-8
            raise BadRecord("not valid UTF-8, or half of a surrogate pair") from error
        checked: Json = value
        return checked

    def _finite(self, text: str) -> float:
        number = float(text)
        if isinf(number):
            self._unreal = f"{text[:20]}, past the largest floating point,"
        return number

    def _constant(self, word: str) -> None:
        self._unreal = word


def _decode_digits(raw: bytes) -> Json:
    try:
        cursor = JsonCursor(raw.decode())
    except UnicodeDecodeError as error:
        raise _malformed(raw, error) from error
    value = cursor.value()
    if not cursor.at_end():
        raise MalformedJson(f"not valid JSON: more after its end at character {cursor.position + 1}")
    return value


def _exact_integer(digits: str) -> int | str:
    # 17 digits are past 2^53 whatever they are; int() refuses thousands of them.
    if len(digits.lstrip("-")) > 16 or abs(int(digits)) > LARGEST_EXACT:
        return digits
    return int(digits)


def _malformed(raw: bytes, error: ValueError) -> MalformedJson:
    try:
        raw.decode()
    except UnicodeDecodeError as wrong:
        return MalformedJson(f"not valid UTF-8: byte {wrong.start + 1} is 0x{raw[wrong.start]:02x}")
    if isinstance(error, json.JSONDecodeError):
        return MalformedJson(f"not valid JSON: {error.msg} at character {error.pos + 1}")
    return MalformedJson(f"not valid JSON: {error}")


def _too_deep() -> BadRecord:
    return BadRecord(f"lists and objects lie within each other deeper than {DEEPEST} levels")


def _is_deeper(value: Json, levels: int) -> bool:
    layer = [value]
    for _ in range(levels + 1):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not layer:
            return False
    return True

"""Whether a bundle holds, told by the file alone, from its first line to its last and in little memory.

It is read as bundles are written and in no other way: whatever could be understood in two ways is wrong.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from data.errors import AuditdeckError
from data.exchange.bundle import ERASED_WHOLE, KIND, NEWEST_FIRST, OLDEST_FIRST, VERSION, BundleHead, as_line, end_line
from data.merkle.checkpoints import Checkpoint, open_checkpoint
from data.merkle.neighbours import NeighbouringChecks
from data.merkle.notes import NoteInvalid, Verifier
from data.merkle.tree import leaf_hash
from data.personal_digest import SALT_BYTES, personal_digest

_MOST_LINE_BYTES = 64 * 1024 * 1024
"""A file without line breaks is not read into memory as a whole."""
_WHOLE = ("place", "path", "body", "personal", "salt")
_ERASED = ("place", "path", "body", "erased")
_GONE = ("place", "path", "id", "leaf", "erased")
_LEAF_BYTES = 32


class NoBundle(AuditdeckError):
    """What is to be checked is no bundle, or one that this program cannot read."""


class _Wrong(Exception):
    """A bundle does not hold; why, in a sentence."""


@dataclass(frozen=True, slots=True)
class BundleFinding:
    """The first thing in a bundle that is wrong: on which line, from 1 on, and of an event its place and its id, as far as the
    line says so.
    """

    sentence: str
    line: int
    place: int | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedBundle:
    """What checking a bundle came to: what it says of itself, how many events were proven, how many of these are without
    their personal part, of how many nothing is left but their place (`gone`), and how many it leaves out because they were
    not sealed.

    `size` and `root` are those of the checkpoint, once its signature held.
    """

    finding: BundleFinding | None = None
    head: BundleHead | None = None
    size: int | None = None
    root: bytes | None = None
    count: int = 0
    erased: int = 0
    gone: int = 0
    unsealed: int = 0

    @property
    def holds(self) -> bool:
        return self.finding is None


def check_bundle(chunks: Iterable[bytes], demanded: Verifier | None = None) -> CheckedBundle:
    """Check what the chunks come to, up to the first thing that is wrong; with `demanded`, this key has to have signed it.

    Raises NoBundle, and whatever `chunks` raises.
    """
    check = _Check(demanded)
    try:
        for line in _lines(chunks):
            check.take(line)
        check.end()
    except _Wrong as wrong:
        return check.told(BundleFinding(str(wrong), check.line, check.place, check.id))
    return check.told(None)


@dataclass(slots=True)
class _Check:
    """A bundle on its way past: what was found so far, and of the event at hand what it says of itself."""

    demanded: Verifier | None
    count: int = 0
    line: int = 0
    place: int | None = None
    id: str | None = None
    _head: BundleHead | None = None
    _checkpoint: Checkpoint | None = None
    _tree: NeighbouringChecks | None = None
    _erased: int = 0
    _gone: int = 0
    _unsealed: int = 0
    _last_id: str | None = None
    _digest: Any = field(default_factory=sha256)
    _is_over: bool = False

    def take(self, line: bytes) -> None:
        """The next line, with its newline. Raises _Wrong, NoBundle."""
        self.line += 1
        self.place = self.id = None
        if self._tree is None:
            self._take_head(_record_in_head(line), line)
        elif self._is_over:
            raise _Wrong("Something follows what should be the last line.")
        else:
            record = _record_in(line)
            if "end" in record:
                self._take_end(record, line)
                return
            self._take_event(record)
        self._digest.update(line)

    def end(self) -> None:
        """Nothing follows."""
        self.line += 1
        self.place = self.id = None
        if self._tree is None:
            raise NoBundle("It is empty, and no bundle.")
        if not self._is_over:
            raise _Wrong("It ends too early: the last line, which counts the events, is missing.")

    def told(self, finding: BundleFinding | None) -> CheckedBundle:
        """What it came to so far."""
        size, root = (None, None) if self._checkpoint is None else (self._checkpoint.size, self._checkpoint.root)
        return CheckedBundle(finding, self._head, size, root, self.count, self._erased, self._gone, self._unsealed)

    def _take_head(self, record: dict[str, Any], line: bytes) -> None:
        if tuple(record) != tuple(BundleHead.__dataclass_fields__) or not all(
            isinstance(value, str) for value in record.values()
        ):
            raise _Wrong("Its first line lacks what bundles begin with, or holds something else.")
        _demand_spelling(record, line)
        head = BundleHead(**record)
        if head.sort not in (OLDEST_FIRST, NEWEST_FIRST):
            raise _Wrong("Its first line names no order of the events.")
        self._head = head
        try:
            key = Verifier.parse(head.key)
            if str(key) != head.key:
                raise NoteInvalid("the key is written in another way than keys are")
            if self.demanded is not None and key != self.demanded:
                raise _Wrong(f"It was signed by another key than the one that is demanded: by {head.key}.")
            checkpoint = open_checkpoint(head.checkpoint, head.origin, [key])
        except NoteInvalid as error:
            raise _Wrong(f"The checkpoint does not hold: {error}.") from None
        self._checkpoint = checkpoint
        self._tree = NeighbouringChecks(checkpoint.size, checkpoint.root)

    def _take_gone(self, record: dict[str, Any]) -> None:
        """An event that was erased as a whole."""
        place, claimed, leaf = record["place"], record["id"], _decoded(record["leaf"])
        is_erased = record["erased"] == ERASED_WHOLE and isinstance(claimed, str) and _is_id(claimed)
        if not isinstance(place, int) or isinstance(place, bool) or not is_erased:
            raise _Wrong("This line is no event.")
        self.place, self.id = place, claimed
        assert self._tree is not None
        if leaf is None or len(leaf) != _LEAF_BYTES or not self._tree.holds(place, leaf, _path_in(record)):
            raise _Wrong(
                "It is not what was sealed: its leaf, its place or its path was altered, or a line is missing."
            )
        self._demand_order(claimed)
        self._gone += 1
        self.count += 1

    def _take_event(self, record: dict[str, Any]) -> None:
        if tuple(record) == _GONE:
            self._take_gone(record)
            return
        place, body = record.get("place"), record.get("body")
        if not isinstance(place, int) or isinstance(place, bool) or not isinstance(body, str):
            raise _Wrong("This line is no event.")
        self.place, facts = place, _facts_in(body)
        claimed = facts.get("id")
        self.id = claimed if isinstance(claimed, str) else None
        assert self._tree is not None
        if not self._tree.holds(place, leaf_hash(body.encode()), _path_in(record)):
            raise _Wrong(
                "It is not what was sealed: its body, its place or its path was altered, or a line before it is missing."
            )
        digest = facts.get("personal_digest")
        if self.id is None or not isinstance(digest, str):
            raise _Wrong("Its body is of a kind that this program does not know.")
        if tuple(record) == _WHOLE:
            personal, salt = record["personal"], _decoded(record["salt"])
            if not isinstance(personal, str) or salt is None or len(salt) != SALT_BYTES:
                raise _Wrong("Its personal part is not written as bundles write it.")
            if personal_digest(salt, personal.encode()) != digest:
                raise _Wrong("Its personal part is not the one that its body vouches for.")
        elif tuple(record) == _ERASED and record["erased"] is True:
            self._erased += 1
        else:
            raise _Wrong("This line has other parts than an event has.")
        self._demand_order(self.id)
        self.count += 1

    def _demand_order(self, event_id: str) -> None:
        assert self._head is not None
        last, self._last_id = self._last_id, event_id
        if last is None:
            return
        if event_id == last:
            raise _Wrong("It is there twice.")
        if (event_id > last) != (self._head.sort == OLDEST_FIRST):
            raise _Wrong("It stands before the one that it should follow.")

    def _take_end(self, record: dict[str, Any], line: bytes) -> None:
        unsealed = record.get("unsealed")
        if not isinstance(unsealed, int) or isinstance(unsealed, bool) or unsealed < 0:
            raise _Wrong("The last line is not written as bundles write it.")
        if record.get("count") != self.count:
            raise _Wrong(f"The last line counts otherwise: there are {_events(self.count)}.")
        if line != end_line(self.count, unsealed, self._digest) + b"\n":
            raise _Wrong(
                "The last line does not fit what is before it: something was altered that no event's proof is about, "
                "as the query or the time."
            )
        self._unsealed = unsealed
        self._is_over = True


def _record_in_head(line: bytes) -> dict[str, Any]:
    """Raises NoBundle for what is none, or of another version."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = None
    version = record.get("bundle") if isinstance(record, dict) else None
    if not isinstance(version, str) or not version.startswith(KIND):
        raise NoBundle("It is no bundle: those are what `auditdeck export --format bundle` writes.")
    if version != VERSION:
        raise NoBundle("It is a bundle of another version, which this program cannot read.")
    assert isinstance(record, dict)
    return record


def _record_in(line: bytes) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise _Wrong("This line cannot be read, or the file ends within it.") from None
    if not isinstance(record, dict):
        raise _Wrong("This line is no event.")
    _demand_spelling(record, line)
    return record


def _demand_spelling(record: dict[str, Any], line: bytes) -> None:
    """No blanks, no key twice, no other spelling of a character: nothing that two readers could understand differently."""
    try:
        is_usual = as_line(record) + b"\n" == line
    except TypeError:  # what orjson raises for what is nested deeper than it writes
        is_usual = False
    if not is_usual:
        raise _Wrong("This line is not written as bundles write it.")


def _events(count: int) -> str:
    return f"{count:,} {'event' if count == 1 else 'events'}"


def _facts_in(body: str) -> dict[str, Any]:
    try:
        facts = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _path_in(record: dict[str, Any]) -> list[bytes]:
    """Of what is no path, one that leads nowhere."""
    path = record.get("path")
    return [_decoded(one) or b"" for one in path] if isinstance(path, list) else [b""]


def _decoded(text: object) -> bytes | None:
    """None for what is no base64, whose one spelling it has to be."""
    if not isinstance(text, str):
        return None
    try:
        value = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if b64encode(value).decode() == text else None


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Each with its newline, but for a rest that has none."""
    rest = b""
    for chunk in chunks:
        first, newline, more = chunk.partition(b"\n")
        rest += first + newline
        if len(rest) > _MOST_LINE_BYTES:
            raise NoBundle("It has a line that is longer than any of a bundle.")
        if not newline:
            continue
        yield rest
        *lines, rest = more.split(b"\n")
        for line in lines:
            yield line + b"\n"
    if rest:
        yield rest

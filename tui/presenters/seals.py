"""How an event stands, in marks, words and sentences: unsealed, sealed, erased, or altered."""

from collections.abc import Iterator

from data.records import Erasure, Event, Seal
from tui.glyphs import glyphs
from tui.presenters.pieces import Role

ERASED_LABEL = "erased"
"""Of the row that tells who erased it and why."""

SEAL_BADGES = {Seal.ALTERED: Role.FAILURE_BADGE, Seal.ERASED: Role.ACCENT_BADGE}
"""How the words are drawn that nobody may pass over; the others are quiet."""

_MARKS = {Seal.ALTERED: Role.FAILURE, Seal.ERASED: Role.MUTED}
_STATES = {
    Seal.UNSEALED: "Unsealed: recorded, and waiting for its place in the log's Merkle tree.",
    Seal.SEALED: "Sealed: it has its place in the log's Merkle tree.",
}
_ERASED_PART = (
    "Erased: its personal part, which is names, addresses and free text, was erased with leave and cannot be brought back. "
    "The rest is as it was recorded."
)
_ERASED_WHOLE = (
    "Erased: all of it but its id and its times was erased with leave and cannot be brought back. "
    "It keeps its place in the log's Merkle tree."
)
_ALTERED = (
    "Altered: what is stored is not what was recorded, and nobody had leave to change it. Nothing that is shown here "
    "can be relied upon; `auditdeck verify` tells more."
)
_UNREADABLE = (
    "Altered: what is stored cannot be read, and nobody had leave to change it. Its id and its times are those of "
    "its row, which can have been altered, too; `auditdeck verify` tells more."
)


def seal_mark(event: Event) -> tuple[str, Role] | None:
    """The mark of one cell for what has to catch the eye, and how it is drawn."""
    match event.seal:
        case Seal.ALTERED:
            return glyphs().altered, _MARKS[event.seal]
        case Seal.ERASED:
            return glyphs().erased, _MARKS[event.seal]
        case _:
            return None


def state_text(event: Event) -> str:
    """What its state means."""
    if event.seal is Seal.ALTERED:
        return _UNREADABLE if event.is_blank else _ALTERED
    if event.seal is Seal.ERASED:
        return _ERASED_WHOLE if event.is_blank else _ERASED_PART
    return _STATES[event.seal]


def erasure_pieces(erasure: Erasure) -> Iterator[tuple[str, Role]]:
    """By whom, and why."""
    yield "by ", Role.FAINT
    yield erasure.by.label, Role.TEXT
    if erasure.reason:
        yield " because ", Role.FAINT
        yield erasure.reason, Role.TEXT

"""Who this process serves if they came over ssh: known before anything else, by what sshd has proven, and for good."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.services.identity import Identity


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member who came over ssh: by the key of this `fingerprint`, from this `address`.

    `member_id` is whose the key was when sshd asked; who may do what goes by the key alone. `way` is the words with which
    they could come again.
    """

    fingerprint: str
    member_id: str
    address: str | None = None
    way: tuple[str, ...] = ("ssh",)


_visitor: Visitor | None = None


def serve(visitor: Visitor | None) -> None:
    """From here on, whatever is opened is opened for this visitor."""
    global _visitor
    _visitor = visitor


def visitor_here() -> Visitor | None:
    """Who came over ssh; None at a console or command line of one's own."""
    return _visitor


def way_here() -> tuple[str, ...]:
    """The words with which they could come again; none at a console of one's own."""
    return () if _visitor is None else _visitor.way


def identity_here() -> "Identity | None":
    """How it is known who asks: by their key, or, with None, as whoever runs the program."""
    if _visitor is None:
        return None
    from data.services.identity import KeyHolder

    return KeyHolder(_visitor.fingerprint, _visitor.address)

"""What the person at the console may do, as far as it is known: what the interface offers them, and what it leaves out.

It decides nothing: the services do, each time. Here it is only kept from offering what they would refuse.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from data.permissions import Permission

if TYPE_CHECKING:
    from data.access.errors import NotPermitted
    from data.access.model import Standing


class Permitted:
    """Knows how the person stands, anew with each beat of the session. Read by threads that ask, too."""

    standing: "Standing | None" = None
    """None until one has signed in: then everything is offered."""

    def lacking(self, *needed: Permission) -> Permission | None:
        """The first of these permissions that is not held."""
        held = self.standing
        return None if held is None else next((one for one in needed if one not in held.permissions), None)

    def refusal(self, *needed: Permission) -> "NotPermitted | None":
        """What is to be said to one who lacks any of these."""
        missing = self.lacking(*needed)
        if missing is None:
            return None
        from data.access.errors import NotPermitted

        return NotPermitted(sentence_for("This", missing), missing)


_IN_FORCE: ContextVar[Permitted] = ContextVar("permitted")
_NOBODY = Permitted()


def put_in_force(permitted: Permitted) -> None:
    """Let this context, an application and all that it starts, go by this; done once, before anything is shown."""
    _IN_FORCE.set(permitted)


def may(needed: Iterable[Permission]) -> bool:
    """Whether all of these are held, as far as it is known, by the person at the application that this runs in."""
    return _IN_FORCE.get(_NOBODY).lacking(*needed) is None


def own_id() -> str | None:
    """The id of the member at the application that this runs in, as far as it is known."""
    standing = _IN_FORCE.get(_NOBODY).standing
    return None if standing is None else standing.who.id


def sentence_for(what: str, missing: Permission) -> str:
    """Why something is not offered: "Clients needs clients:read, to view API clients."."""
    return f"{what} needs {missing}, to {missing.words}."

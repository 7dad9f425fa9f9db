"""What can go wrong about who may do what, in words for the person at the console."""

from collections.abc import Mapping

from data.access.model import Access, Group, Member, Role
from data.errors import AuditdeckError
from data.permissions import Permission
from data.refusals import RefusalCode


class AccessError(AuditdeckError):
    """A member, group, role, invitation, key or session cannot be made or changed as it was asked for."""


class NotPermitted(AuditdeckError):
    """Whoever asks may not do this; the refusal stands in the log. `needed` is what they lack, None if nothing would do."""

    def __init__(self, sentence: str, needed: Permission | None = None) -> None:
        self.needed = needed
        super().__init__(sentence)


class NotSignedIn(NotPermitted):
    """Whoever asks is nobody here, or no longer: not a member, suspended, removed, or their session was ended."""


class KeyRefused(NotSignedIn):
    """The API key in whose name something is asked does not work; the request log tells of it."""

    def __init__(self, sentence: str, code: RefusalCode) -> None:
        self.code = code
        super().__init__(sentence)


class AccessNotFound(AccessError):
    """No member, group, role, invitation, key or session has this id or name."""


class AccessWrong(AccessError):
    """Fields have values that they cannot have: `problems` has a plain sentence for each, by the field's name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


class AccessChanged(AccessError):
    """Somebody changed it since it was looked at. `seen` is what it was then, `now` what it is, None if it is gone."""

    def __init__(self, seen: Member | Group | Role, now: Member | Group | Role | None) -> None:
        self.seen = seen
        self.now = now
        what = "was changed" if now is not None else "was deleted"
        super().__init__(f"{seen.name} {what} meanwhile. Look at it again before you change it.")


class InUse(AccessError):
    """A role or group is in use, and it was not said that it is to be deleted all the same. `losses` says who loses what."""

    def __init__(self, what: str, access: Access, losses: Mapping[str, frozenset[Permission]]) -> None:
        self.access = access
        self.losses = dict(losses)
        number = len(self.losses)
        who = "nobody loses" if number == 0 else "1 member loses" if number == 1 else f"{number:,} members lose"
        super().__init__(f"{what} is in use: {who} permissions. Say that it is to be deleted all the same.")

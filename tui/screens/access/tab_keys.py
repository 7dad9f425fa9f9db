"""What the keys that change something mean in each tab of the Access screen: for its last row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.presenters.access_tabs import AccessTab


@dataclass(frozen=True, slots=True)
class TabKeys:
    """Actions, by their ids: those that a tab has no use for, and the words of others where they mean something else."""

    lacks: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)


_AGAIN, _KEYS, _WHY = "access.again", "access.keys", "access.why"
_DELETED = TabKeys(frozenset({"access.bar", _AGAIN, _KEYS, _WHY}))
MEMBER_KEYS = TabKeys(frozenset({_AGAIN}), {"access.add": "invite", "access.bar": "suspend", "access.delete": "remove"})
SUSPENDED_KEYS = TabKeys(MEMBER_KEYS.lacks, {**MEMBER_KEYS.words, "access.bar": "reinstate"})
KEYS_OF_TABS = {
    AccessTab.MEMBERS: MEMBER_KEYS,
    AccessTab.GROUPS: _DELETED,
    AccessTab.ROLES: _DELETED,
    AccessTab.INVITATIONS: TabKeys(
        frozenset({"access.edit", "access.delete", _KEYS, _WHY}), {"access.add": "invite", "access.bar": "revoke"}
    ),
    AccessTab.SESSIONS: TabKeys(
        frozenset({"access.add", "access.edit", "access.delete", _AGAIN, _KEYS, _WHY}), {"access.bar": "end"}
    ),
}

"""The tabs of the Access screen, and how a thing in one of them is named."""

from dataclasses import dataclass
from enum import StrEnum

from data.records import ActorType, Reference
from tui.presenters.tab_row import Beside


class AccessTab(StrEnum):
    """What the Access screen lists. The value is the tab's name."""

    MEMBERS = "Members"
    GROUPS = "Groups"
    ROLES = "Roles"
    INVITATIONS = "Invitations"
    SESSIONS = "Sessions"

    def further(self, by: int) -> "AccessTab":
        """The one that lies `by` further, beginning again at the end."""
        every = list(AccessTab)
        return every[(every.index(self) + by) % len(every)]

    @property
    def one(self) -> str:
        """What one of them is called."""
        return self.value.lower().removesuffix("s")


@dataclass(frozen=True, slots=True)
class Item:
    """One member, group, role, invitation or session, by its id."""

    tab: AccessTab
    id: str


_TABS = {
    ActorType.MEMBER.value: AccessTab.MEMBERS,
    "group": AccessTab.GROUPS,
    "role": AccessTab.ROLES,
    "invitation": AccessTab.INVITATIONS,
    "session": AccessTab.SESSIONS,
}


def item_of(reference: Reference | None) -> Item | None:
    """What of the Access screen an event refers to; None for anything else."""
    if reference is None or reference.id is None:
        return None
    tab = _TABS.get(str(reference.type))
    return None if tab is None else Item(tab, reference.id)


def beside_tabs(undelivered: int) -> dict[str, Beside]:
    """What stands beside the tabs' names: how many invitations' mails did not arrive."""
    return {AccessTab.INVITATIONS: Beside(f"{undelivered}!")} if undelivered else {}

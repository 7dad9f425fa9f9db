"""What an action is, and where its keys mean something."""

from dataclasses import dataclass
from enum import StrEnum

from data.permissions import Permission
from tui.key_names import shown_key
from tui.permitted import may


class Scope(StrEnum):
    """Where a key means something. The value heads its part of the help."""

    EVERYWHERE = "Everywhere"
    TABS = "Tabs"
    AUDIT_LOG = "Audit log"
    MOVING = "Moving"
    READING = "Deck and open card"
    DECK = "Deck"
    CARD = "Open card"
    NET_CHANGE = "Net change"
    SUMS = "Sums of calls"
    FINDINGS = "Unusual calls"
    HISTOGRAM = "Histogram"
    WHY = "Why"
    WHY_MEMBER = "Why, of a member"
    VIEWS = "Views"
    SIDEBAR = "Filters"
    NARROW = "Looking for a value"
    NOTICE = "No cards"
    HELP = "Help"
    CLIENTS = "API clients"
    CLIENT_LIST = "List of API clients"
    CLIENT = "One API client"
    ACCESS = "Access"
    ACCESS_LIST = "Lists of members, groups, roles"
    ACCESS_ITEM = "One member, group, role"
    FORM = "Forms"
    CHECKS = "Rows to tick in a form"
    HAND_OVER = "New invitations"
    KEYS = "SSH keys"
    EXPORT = "Export"
    PLACE = "Where an export lies"
    TOKEN = "New token"
    REASON = "Reason for an end"
    SYSTEM = "System"
    RULE = "A rule"
    TEXT = "Search box"
    CHOICE = "Prompts"
    PALETTE = "Commands"


@dataclass(frozen=True, slots=True)
class Action:
    """One action: `keys` as Textual names them, parted by commas; `run` is the Textual action; `short` for the footer.

    Without the permission that it `needs`, and those in `needs_too`, it is not offered; its key says so.
    """

    id: str
    scope: Scope
    keys: str
    run: str
    help: str
    short: str = ""
    needs: Permission | None = None
    needs_too: tuple[Permission, ...] = ()
    or_needs: tuple[Permission, ...] = ()
    """What is enough instead."""

    @property
    def needed(self) -> tuple[Permission, ...]:
        """All the permissions that it needs, of the person at the console."""
        if self.or_needs and may(self.or_needs):
            return self.or_needs
        return self.needs_too if self.needs is None else (self.needs, *self.needs_too)

    @property
    def default_keys(self) -> tuple[str, ...]:
        """The keys as Textual names them."""
        return tuple(self.keys.split(","))

    @property
    def shown_keys(self) -> tuple[str, ...]:
        """The default keys as a person reads them."""
        return tuple(map(shown_key, self.default_keys))


ON_EVERY_SCREEN = frozenset({"app.quit", "app.redraw", "app.stop"})
"""Of `Scope.EVERYWHERE`, what even a screen that takes little of it has."""

WHY_MEMBER_NEEDS = (Permission.ACCESS_READ, Permission.AUDIT_READ)
"""What has to be held to be told why a member may do something: it tells of members, from the log."""
WHY_NEEDS = (Permission.AUDIT_READ, Permission.CLIENTS_READ, Permission.REQUESTS_READ)
"""What has to be held to be told why a client's calls are refused: it is read from all three."""

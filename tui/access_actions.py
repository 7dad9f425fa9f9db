"""The actions of the Access screen, as `tui.keymap` has them; and what its last row shows."""

from data.permissions import Permission
from tui.scopes import Action, Scope

ACCESS_ACTIONS = (
    Action(
        "access.log",
        Scope.ACCESS,
        "l",
        "screen.log_of",
        "Its log, over all time",
        "its log",
        needs=Permission.AUDIT_READ,
    ),
    Action("access.sort", Scope.ACCESS, "s", "screen.sort", "Sort the list", "sort"),
    Action("access.open", Scope.ACCESS_LIST, "enter", "screen.open_item", "Open it", "open"),
    Action("access.follow", Scope.ACCESS_ITEM, "enter", "follow", "Go to what this row names", "go"),
)

ACCESS_FOOTERS: dict[Scope, tuple[str, ...]] = {
    Scope.ACCESS: ("log.next_tab", "log.find", "log.refresh", "log.back"),
    Scope.ACCESS_LIST: (
        "move.down",
        "access.open",
        "log.next_tab",
        "access.log",
        "log.find",
        "access.sort",
        "log.refresh",
    ),
    Scope.ACCESS_ITEM: (
        "move.down",
        "access.follow",
        "log.back",
        "access.log",
        "log.next_tab",
    ),
}

"""The actions of the Access screen, of new invitations and of SSH keys, as `tui.keymap` has them; and what its last row shows."""

from data.permissions import Permission
from tui.scopes import WHY_MEMBER_NEEDS, Action, Scope

_WRITE = Permission.ACCESS_WRITE

ACCESS_ACTIONS = (
    Action("app.own_keys", Scope.EVERYWHERE, "ctrl+k", "app.own_keys", "Your SSH keys: register one, remove one"),
    Action("access.add", Scope.ACCESS, "a", "screen.add_item", "Add a group or role, or invite", "add", needs=_WRITE),
    Action("access.edit", Scope.ACCESS, "e", "screen.edit_item", "Edit it", "edit", needs=_WRITE),
    Action(
        "access.bar",
        Scope.ACCESS,
        "x",
        "screen.bar_item",
        "Suspend, reinstate, end or revoke it",
        "suspend, end, revoke",
        needs=_WRITE,
    ),
    Action(
        "access.delete", Scope.ACCESS, "D,delete", "screen.delete_item", "Delete or remove it", "delete", needs=_WRITE
    ),
    Action("access.keys", Scope.ACCESS, "t", "screen.ssh_keys", "The SSH keys of a member", "keys"),
    Action("access.invite", Scope.ACCESS, "i", "screen.invite", "Invite people", "invite", needs=_WRITE),
    Action(
        "access.again",
        Scope.ACCESS,
        "S",
        "screen.send_again",
        "Send an invitation again, with a new code",
        "send again",
        needs=_WRITE,
    ),
    Action(
        "access.log",
        Scope.ACCESS,
        "l",
        "screen.log_of",
        "Its log, over all time",
        "its log",
        needs=Permission.AUDIT_READ,
    ),
    Action(
        "access.why",
        Scope.ACCESS,
        "w",
        "screen.why",
        "Why a member may do something, or why not",
        "why",
        needs_too=WHY_MEMBER_NEEDS,
    ),
    Action("access.sort", Scope.ACCESS, "s", "screen.sort", "Sort the list", "sort"),
    Action("access.open", Scope.ACCESS_LIST, "enter", "screen.open_item", "Open it", "open"),
    Action("access.follow", Scope.ACCESS_ITEM, "enter", "follow", "Go to what this row names", "go"),
    Action("invitations.copy", Scope.HAND_OVER, "y", "screen.copy_invitation", "Copy this one", "copy this one"),
    Action("invitations.copy_all", Scope.HAND_OVER, "Y", "screen.copy_invitations", "Copy all of them", "all"),
    Action("invitations.close", Scope.HAND_OVER, "c,escape", "screen.close_invitations", "Close, for good", "close"),
    Action("keys.add", Scope.KEYS, "a", "screen.add_key", "Register a key", "register a key"),
    Action("keys.remove", Scope.KEYS, "D,delete,x", "screen.remove_key", "Remove this key", "remove it"),
)

ACCESS_FOOTERS: dict[Scope, tuple[str, ...]] = {
    Scope.ACCESS: ("access.add", "log.next_tab", "log.find", "log.refresh", "log.back"),
    Scope.ACCESS_LIST: (
        "move.down",
        "access.open",
        "access.add",
        "access.edit",
        "access.bar",
        "access.again",
        "access.delete",
        "log.next_tab",
        "access.log",
        "access.why",
        "access.keys",
        "log.find",
        "access.sort",
        "log.refresh",
    ),
    Scope.ACCESS_ITEM: (
        "move.down",
        "access.follow",
        "access.edit",
        "log.back",
        "access.bar",
        "access.again",
        "access.delete",
        "access.log",
        "access.keys",
        "access.why",
        "log.next_tab",
    ),
    Scope.HAND_OVER: ("invitations.copy", "invitations.copy_all", "invitations.close", "move.down"),
    Scope.KEYS: ("keys.add", "keys.remove", "move.down", "log.back"),
}

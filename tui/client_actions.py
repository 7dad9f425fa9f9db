"""The actions of the API clients' screen and the new token, as `tui.keymap` has them; and what its last row shows."""

from functools import partial

from data.permissions import Permission
from tui.scopes import WHY_NEEDS, Action, Scope

_changing = partial(Action, needs=Permission.CLIENTS_WRITE)
_reading = partial(Action, needs=Permission.AUDIT_READ)
_calling = partial(Action, needs=Permission.REQUESTS_READ)

CLIENT_ACTIONS = (
    _changing("clients.add", Scope.CLIENTS, "a", "screen.add_client", "Add an API client", "add"),
    _changing("clients.edit", Scope.CLIENTS, "e", "screen.edit_client", "Edit it", "edit"),
    _changing("clients.token", Scope.CLIENTS, "t", "screen.token", "Token: issue, rotate, prolong, end", "token"),
    _changing("clients.revoke", Scope.CLIENTS, "x", "screen.revoke_client", "Revoke it, for good", "revoke"),
    _changing("clients.delete", Scope.CLIENTS, "D,delete", "screen.delete_client", "Delete it", "delete"),
    _reading("clients.log", Scope.CLIENTS, "l", "screen.log_of_client", "Its log, over all time", "its log"),
    _calling("clients.requests", Scope.CLIENTS, "R", "screen.requests_of_client", "Its requests", "its requests"),
    Action("clients.why", Scope.CLIENTS, "w", "screen.why", "Why its calls are refused", "why", needs_too=WHY_NEEDS),
    Action("clients.sort", Scope.CLIENTS, "s", "screen.sort", "Sort by name, end, last use or status", "sort"),
    Action("clients.copy", Scope.CLIENTS, "y", "screen.copy", "Copy: id, name, public id, line", "copy"),
    Action("clients.open", Scope.CLIENT_LIST, "enter", "screen.open_client", "Open it", "open"),
    Action("client.follow", Scope.CLIENT, "enter", "follow", "Go to the event or request of this row", "go"),
    Action("token.copy", Scope.TOKEN, "y", "screen.copy_token", "Copy it to the terminal's clipboard", "copy"),
    Action("token.save", Scope.TOKEN, "s", "screen.save_token", "Save it to a file", "save to a file"),
    Action("token.close", Scope.TOKEN, "c,escape", "screen.close_token", "Close: by its last four characters", "close"),
    Action("token.end", Scope.TOKEN, "x", "screen.end_token", "End it, I could not copy it", "end it"),
)

CLIENT_FOOTERS: dict[Scope, tuple[str, ...]] = {
    Scope.CLIENTS: ("clients.add", "log.find", "log.refresh", "log.back"),
    Scope.CLIENT_LIST: (
        "move.down",
        "clients.open",
        "clients.add",
        "clients.edit",
        "clients.token",
        "clients.log",
        "clients.why",
        "clients.revoke",
        "clients.requests",
        "log.find",
        "clients.sort",
    ),
    Scope.CLIENT: (
        "move.down",
        "client.follow",
        "clients.edit",
        "clients.token",
        "clients.log",
        "clients.requests",
        "clients.why",
        "clients.revoke",
        "log.back",
    ),
    Scope.TOKEN: ("token.copy", "token.save", "token.close", "token.end"),
}

"""The actions of an export, as `tui.keymap` has them; and what its last row shows."""

from data.permissions import Permission
from tui.scopes import Action, Scope

EXPORT_ACTIONS = (
    Action(
        "log.export",
        Scope.AUDIT_LOG,
        "E,ctrl+s",
        "export",
        "Export: take away what the query selects",
        "export",
        needs=Permission.AUDIT_READ,
    ),
    Action("export.write", Scope.EXPORT, "enter", "screen.write", "Write it in the chosen format", "write"),
    Action(
        "export.copy", Scope.EXPORT, "y", "screen.copy_line", "Copy the command that does the same", "copy the command"
    ),
    Action("place.write", Scope.PLACE, "enter,ctrl+s", "submit", "Write it there", "write"),
    Action("place.formats", Scope.PLACE, "up,down", "screen.next_pane", "Back to the formats", "formats"),
    Action("place.leave", Scope.PLACE, "escape", "abandon", "Leave it, or call off what is being written", "leave"),
)

EXPORT_FOOTERS: dict[Scope, tuple[str, ...]] = {
    Scope.EXPORT: ("export.write", "log.back", "move.down", "log.next_pane", "export.copy"),
    Scope.PLACE: ("place.write", "place.leave", "log.next_pane"),
}
EXPORT_FOOTER_WORDS = {"log.next_pane": "other pane"}

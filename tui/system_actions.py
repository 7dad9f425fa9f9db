"""The actions of the System screen, for `tui.keymap`; and what its last row shows."""

from data.permissions import Permission
from tui.scopes import Action, Scope

SYSTEM_ACTIONS = (
    Action("system.edit", Scope.SYSTEM, "enter,e", "screen.edit_rule", "Change the rule of this row", "change"),
    Action("system.verify", Scope.SYSTEM, "p", "screen.verify", "Verify the proof", "verify"),
    Action("system.next_match", Scope.SYSTEM, "n", "screen.next_match(1)", "Next place of what is looked for"),
    Action("system.previous_match", Scope.SYSTEM, "N", "screen.next_match(-1)", "The place before"),
    Action(
        "system.hold",
        Scope.SYSTEM,
        "a",
        "screen.place_hold",
        "Hold what a query selects",
        "hold",
        Permission.SETTINGS_WRITE,
    ),
    Action(
        "system.lift",
        Scope.SYSTEM,
        "x",
        "screen.lift_hold",
        "Lift the hold of this row",
        "lift",
        Permission.SETTINGS_WRITE,
    ),
    Action("rule.save", Scope.RULE, "enter,ctrl+s", "submit", "Save the rule", "save"),
    Action("rule.leave", Scope.RULE, "escape", "abandon", "Leave the rule as it is", "leave it as it is"),
)

SYSTEM_FOOTERS: dict[Scope, tuple[str, ...]] = {
    Scope.SYSTEM: ("move.down", "system.edit", "system.verify", "log.find", "log.refresh"),
    Scope.RULE: ("rule.save", "rule.leave"),
}

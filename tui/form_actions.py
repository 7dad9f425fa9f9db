"""The actions of forms, of a line of text and of a reason that is asked for, and what their last row shows."""

from tui.scopes import Action, Scope

FORM_ACTIONS = (
    Action("form.next", Scope.FORM, "enter,down,tab", "screen.step(1)", "The field below", "next field"),
    Action("form.previous", Scope.FORM, "up,shift+tab", "screen.step(-1)", "The field above"),
    Action("form.save", Scope.FORM, "ctrl+s", "screen.save", "Save", "save"),
    Action(
        "form.other",
        Scope.FORM,
        "ctrl+t",
        "screen.take_other",
        "Take the value beside the field, again: back",
        "take the value beside it",
    ),
    Action("form.leave", Scope.FORM, "escape", "screen.leave_form", "Leave it unsaved", "leave"),
    Action("checks.toggle", Scope.CHECKS, "space", "tick", "Tick it, again: untick it", "tick"),
    Action("checks.down", Scope.CHECKS, "down", "move(1)", "The row below; from the last, the field below", "move"),
    Action("checks.up", Scope.CHECKS, "up", "move(-1)", "The row above; from the first, the field above"),
    Action("checks.page_down", Scope.CHECKS, "pagedown", "page(1)", "A page of rows down"),
    Action("checks.page_up", Scope.CHECKS, "pageup", "page(-1)", "A page of rows up"),
    Action("text.submit", Scope.TEXT, "enter,ctrl+s", "submit", "Ask this query", "ask"),
    Action("text.abandon", Scope.TEXT, "escape", "abandon", "Put back what was there", "put back"),
    Action("reason.end", Scope.REASON, "enter,ctrl+s", "submit", "Do it, for this reason", "do it"),
    Action("reason.page_up", Scope.REASON, "pageup", "screen.page(-1)", "Back in what stops", "more"),
    Action("reason.page_down", Scope.REASON, "pagedown", "screen.page(1)", "On in what stops"),
    Action("reason.leave", Scope.REASON, "escape", "abandon", "Leave all as it is", "leave all as it is"),
)

FORM_FOOTERS: dict[Scope, tuple[str, ...]] = {
    Scope.FORM: ("form.save", "form.leave", "form.next", "form.other"),
    Scope.CHECKS: ("checks.toggle", "checks.down", "form.save", "form.leave", "form.next", "form.other"),
    Scope.TEXT: ("text.submit", "text.abandon"),
    Scope.REASON: ("reason.end", "reason.leave", "reason.page_up"),
}
FORM_FOOTER_PAIRS = {
    "checks.down": ("checks.down", "checks.up"),
    "reason.page_up": ("reason.page_up", "reason.page_down"),
}

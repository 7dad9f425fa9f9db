"""The actions of the requests' tabs, as `tui.keymap` has them; and what the last row shows there."""

from data.permissions import Permission
from tui.scopes import WHY_NEEDS, Action, Scope

REQUEST_ACTIONS = (
    Action("sums.follow", Scope.SUMS, "enter", "follow", "Go to the calls of this row", "its calls"),
    Action("sums.only", Scope.SUMS, "plus", "row_value('only')", "Only this row's value", "only"),
    Action("sums.without", Scope.SUMS, "minus", "row_value('without')", "Without this row's value", "without"),
    Action(
        "sums.afresh", Scope.SUMS, "equals_sign", "row_value('afresh')", "Start afresh with this row's value", "afresh"
    ),
    Action("sums.sort", Scope.SUMS, "s", "sort", "Sort by calls, errors, p95 or name", "sort"),
    Action(
        "sums.log_of",
        Scope.SUMS,
        "l",
        "screen.log_of",
        "The log of its client, over all time",
        "its log",
        needs=Permission.AUDIT_READ,
    ),
    Action("sums.why", Scope.SUMS, "w", "screen.why", "Why its client's calls are refused", "why", needs_too=WHY_NEEDS),
    Action(
        "sums.open_client", Scope.SUMS, "o", "screen.open_client_of", "Go to its client", needs=Permission.CLIENTS_READ
    ),
    Action("sums.dates", Scope.SUMS, "d", "screen.dates", "Dates", "dates"),
    Action("sums.clear", Scope.SUMS, "0", "screen.clear", "Clear all filters", "clear"),
    Action("sums.show_new", Scope.SUMS, "n", "screen.show_new", "Count what is new, too"),
    Action("findings.follow", Scope.FINDINGS, "enter", "follow", "Go to the calls that it is about", "its calls"),
    Action(
        "findings.log_of",
        Scope.FINDINGS,
        "l",
        "screen.log_of",
        "The log of its client, over all time",
        "its log",
        needs=Permission.AUDIT_READ,
    ),
    Action(
        "findings.why",
        Scope.FINDINGS,
        "w",
        "screen.why",
        "Why its client's calls are refused",
        "why",
        needs_too=WHY_NEEDS,
    ),
    Action(
        "findings.open_client",
        Scope.FINDINGS,
        "o",
        "screen.open_client_of",
        "Go to its client",
        "its client",
        needs=Permission.CLIENTS_READ,
    ),
)

REQUEST_FOOTERS: dict[Scope, tuple[str, ...]] = {
    Scope.SUMS: (
        "move.down",
        "sums.follow",
        "sums.sort",
        "log.next_tab",
        "log.find",
        "log.filters",
        "sums.dates",
        "sums.only",
        "log.undo",
        "sums.clear",
        "sums.why",
        "sums.log_of",
    ),
    Scope.FINDINGS: (
        "move.down",
        "findings.follow",
        "findings.why",
        "findings.log_of",
        "findings.open_client",
        "log.next_tab",
        "log.refresh",
        "log.back",
    ),
}
REQUEST_FOOTER_PAIRS = {"sums.only": ("sums.only", "sums.without", "sums.afresh")}
REQUEST_FOOTER_WORDS = {"sums.only": "this value"}

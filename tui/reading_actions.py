"""What can be done with the card under the cursor, in the deck and in the open card, as `tui.keymap` has it."""

from data.permissions import Permission
from tui.scopes import WHY_MEMBER_NEEDS, WHY_NEEDS, Action, Scope

READING_ACTIONS = (
    Action("log.dates", Scope.READING, "d", "screen.dates", "Dates", "dates"),
    Action("log.archive", Scope.READING, "A", "screen.archive", "Show archived events, too; again: live ones alone"),
    Action("log.clear", Scope.READING, "0", "screen.clear", "Clear all filters", "clear"),
    Action("log.since", Scope.READING, "left_parenthesis", "screen.bound_here('since')", "Since here", "since here"),
    Action("log.until", Scope.READING, "right_parenthesis", "screen.bound_here('until')", "Until here", "until here"),
    Action("log.mark", Scope.READING, "space", "screen.mark", "Mark this event, again: unmark", "mark"),
    Action("log.marked", Scope.READING, "M", "screen.marked", "Marked events: only them, or unmark all"),
    Action("log.follow", Scope.READING, "F", "screen.follow", "Follow: what is new flows in; again: it waits"),
    Action(
        "log.log_of",
        Scope.READING,
        "l",
        "screen.log_of",
        "The log of its client or target, over all time",
        "its log",
        needs=Permission.AUDIT_READ,
    ),
    Action(
        "log.requests_of",
        Scope.READING,
        "R",
        "screen.requests_of",
        "The requests of its client, over all time",
        "its requests",
        needs=Permission.REQUESTS_READ,
    ),
    Action(
        "log.why",
        Scope.READING,
        "w",
        "screen.why",
        "Why its client's calls are refused, or its member may",
        "why",
        needs_too=WHY_NEEDS,
        or_needs=WHY_MEMBER_NEEDS,
    ),
    Action(
        "log.open_client",
        Scope.READING,
        "o",
        "screen.open_client_of",
        "Go to what it is about: client, member, group, role",
        "go to it",
    ),
    Action("log.copy", Scope.READING, "y", "screen.copy", "Copy: id, line, text, JSON, query, command", "copy"),
    Action("log.copy_json", Scope.READING, "Y", "screen.copy_json", "Copy the event as JSON"),
    Action("log.show_new", Scope.READING, "n", "screen.show_new", "Show what is new"),
)

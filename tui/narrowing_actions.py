"""The actions that narrow a query: of the histogram, of the filters and of looking for a value in them, for `tui.keymap`."""

from tui.scopes import Action, Scope

_JUMPS = ("dates", "outcome", "type", "actor", "client", "service", "IP address", "target")

HISTOGRAM_ACTIONS = (
    Action("histogram.previous", Scope.HISTOGRAM, "left,h", "move(-1)", "The bar before"),
    Action("histogram.next", Scope.HISTOGRAM, "right,l", "move(1)", "The bar after", "move"),
    Action("histogram.first", Scope.HISTOGRAM, "g,home", "home", "The first bar"),
    Action("histogram.last", Scope.HISTOGRAM, "G,end", "end", "The last bar"),
    Action("histogram.since", Scope.HISTOGRAM, "left_parenthesis", "narrow('since')", "Since this bar", "since"),
    Action("histogram.until", Scope.HISTOGRAM, "right_parenthesis", "narrow('until')", "Until this bar", "until"),
    Action("histogram.only", Scope.HISTOGRAM, "enter", "narrow('only')", "Only this bar, in finer ones", "only this"),
    Action("histogram.dates", Scope.HISTOGRAM, "d", "screen.dates", "Dates", "dates"),
    Action("histogram.clear", Scope.HISTOGRAM, "0", "screen.clear", "Clear all filters", "clear"),
)

SIDEBAR_ACTIONS = (
    Action("sidebar.only", Scope.SIDEBAR, "space", "choose('only')", "Only this value, again: off", "only"),
    Action("sidebar.without", Scope.SIDEBAR, "minus", "choose('without')", "Without this value", "without"),
    Action("sidebar.pause", Scope.SIDEBAR, "p", "pause", "Pause: keep without applying, again: apply", "pause"),
    Action("sidebar.narrow", Scope.SIDEBAR, "slash", "narrow", "Look for a value of this kind", "look for"),
    Action("sidebar.take", Scope.SIDEBAR, "enter", "take", "Only this value, and back to the deck", "take"),
    *(
        Action(f"sidebar.jump_{letter}", Scope.SIDEBAR, letter, f"jump('{letter}')", f"To {name}")
        for letter, name in zip("dotacsie", _JUMPS, strict=True)
    ),
    Action(
        "sidebar.archive", Scope.SIDEBAR, "A", "screen.archive", "Show archived events, too; again: live ones alone"
    ),
    Action("sidebar.clear", Scope.SIDEBAR, "0", "screen.clear", "Clear all filters", "clear"),
    Action("sidebar.done", Scope.SIDEBAR, "escape,backspace", "done", "Done: back to the deck", "done"),
)

NARROW_ACTIONS = (
    Action("narrow.take", Scope.NARROW, "enter", "submit", "Only the value found, and back to the deck", "take"),
    Action("narrow.rows", Scope.NARROW, "down", "leave", "On to the values found", "to the values"),
    Action("narrow.empty", Scope.NARROW, "escape", "abandon", "Empty the box: the list as before", "empty"),
)

NARROWING_FOOTERS: dict[Scope, tuple[str, ...]] = {
    Scope.HISTOGRAM: (
        "histogram.next",
        "histogram.since",
        "histogram.until",
        "histogram.only",
        "histogram.dates",
        "log.undo",
        "log.back",
    ),
    Scope.SIDEBAR: (
        "sidebar.only",
        "sidebar.without",
        "sidebar.pause",
        "sidebar.narrow",
        "sidebar.take",
        "sidebar.clear",
        "sidebar.done",
        "sidebar.jump_d",
    ),
    Scope.NARROW: ("narrow.take", "narrow.rows", "narrow.empty"),
}
NARROWING_FOOTER_PAIRS = {
    "histogram.next": ("histogram.previous", "histogram.next"),
    "sidebar.jump_d": tuple(action.id for action in SIDEBAR_ACTIONS if action.id.startswith("sidebar.jump_")),
}
NARROWING_FOOTER_WORDS = {
    "sidebar.jump_d": "jump",
}

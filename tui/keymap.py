"""Every action once: its id, keys, words and scope. Bindings, footer, help and the README's table are made from here.

The keys here are the defaults. A person may have others (`tui.remapping`): `key_of`, `keys_of` and `footer` follow the
keymap in force, and Textual binds it by the actions' ids.
"""

from collections.abc import Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType

from textual.binding import Binding, BindingType

from data.permissions import Permission
from tui.access_actions import ACCESS_ACTIONS, ACCESS_FOOTERS
from tui.client_actions import CLIENT_ACTIONS, CLIENT_FOOTERS
from tui.export_actions import EXPORT_ACTIONS, EXPORT_FOOTER_WORDS, EXPORT_FOOTERS
from tui.form_actions import FORM_ACTIONS, FORM_FOOTER_PAIRS, FORM_FOOTERS
from tui.key_names import shown_key
from tui.narrowing_actions import (
    HISTOGRAM_ACTIONS,
    NARROW_ACTIONS,
    NARROWING_FOOTER_PAIRS,
    NARROWING_FOOTER_WORDS,
    NARROWING_FOOTERS,
    SIDEBAR_ACTIONS,
)
from tui.numbered_screens import SCREENS
from tui.permitted import may
from tui.reading_actions import READING_ACTIONS
from tui.request_actions import REQUEST_ACTIONS, REQUEST_FOOTER_PAIRS, REQUEST_FOOTER_WORDS, REQUEST_FOOTERS
from tui.scopes import ON_EVERY_SCREEN, WHY_NEEDS, Action, Scope
from tui.system_actions import SYSTEM_ACTIONS, SYSTEM_FOOTERS

__all__ = [
    "ACTIONS",
    "BY_ID",
    "DEFAULT_KEYMAP",
    "Action",
    "Keymap",
    "Scope",
    "bindings",
    "footer",
    "key_of",
    "keymap_in_force",
    "keys_of",
    "put_in_force",
    "shown_keys",
]

_EVERYWHERE = Scope.EVERYWHERE
ACTIONS = (
    *(
        Action(f"app.screen_{one.id}", _EVERYWHERE, one.key, f"app.show_screen('{one.id}')", one.words, needs=one.needs)
        for one in SCREENS
    ),
    Action("app.help", _EVERYWHERE, "question_mark,f1", "app.help", "All keys", "all keys"),
    Action("app.palette", _EVERYWHERE, "colon,ctrl+p", "app.palette", "Commands: find one by its words", "commands"),
    Action("log.find", _EVERYWHERE, "slash", "find", "Search: edit the query, or find in the help", "search"),
    Action("log.filters", _EVERYWHERE, "f", "filters", "Filters: to the sidebar", "filters"),
    Action("log.next_pane", _EVERYWHERE, "tab", "next_pane", "Next pane"),
    Action("log.previous_tab", Scope.TABS, "comma", "tab(-1)", "Previous tab"),
    Action("log.next_tab", Scope.TABS, "full_stop", "tab(1)", "Next tab", "tabs"),
    Action("log.undo", _EVERYWHERE, "u", "undo", "Undo: back to the query before", "undo"),
    Action("log.redo", _EVERYWHERE, "U", "redo", "Redo: the query after"),
    Action("log.refresh", _EVERYWHERE, "r", "refresh_log", "Refresh: ask again, newest first"),
    Action("log.back", _EVERYWHERE, "escape,backspace", "back", "One level back"),
    Action("log.leave", _EVERYWHERE, "q", "leave", "One level back; at the top, twice quits"),
    Action(
        "log.why_by_pasting",
        _EVERYWHERE,
        "W",
        "why_by_pasting",
        "Why: paste a client, token, id or address",
        "why",
        needs_too=WHY_NEEDS,
    ),
    Action("app.quit", _EVERYWHERE, "ctrl+q", "app.quit", "Quit"),
    Action("app.redraw", _EVERYWHERE, "ctrl+l", "app.redraw", "Draw the whole screen anew"),
    Action("app.stop", _EVERYWHERE, "ctrl+z", "app.stop", "To the shell; its fg comes back here"),
    Action("log.cancel", _EVERYWHERE, "ctrl+c", "cancel", "Call off what runs"),
    Action("log.views", Scope.AUDIT_LOG, "v", "app.views", "Views: saved queries", "views"),
    Action("log.save_view", Scope.AUDIT_LOG, "V", "save_view", "Save the query as a view", "save view"),
    Action(
        "log.put_back",
        Scope.AUDIT_LOG,
        "b",
        "put_back",
        "Put back: the client's form with the values before",
        needs=Permission.CLIENTS_WRITE,
    ),
    Action(
        "log.erase",
        Scope.AUDIT_LOG,
        "X",
        "erase",
        "Erase the event: its personal part, or all of it",
        needs=Permission.AUDIT_WRITE,
    ),
    Action("log.net_change", Scope.AUDIT_LOG, "c", "net_change", "Net change of the client over these dates", "net"),
    Action("move.down", Scope.MOVING, "j,down", "move(1)", "Next", "move"),
    Action("move.up", Scope.MOVING, "k,up", "move(-1)", "Previous"),
    Action("move.home", Scope.MOVING, "g,home", "home", "First"),
    Action("move.end", Scope.MOVING, "G,end", "end", "Last"),
    Action("move.half_down", Scope.MOVING, "ctrl+d", "half_page(1)", "Half a page down"),
    Action("move.half_up", Scope.MOVING, "ctrl+u", "half_page(-1)", "Half a page up"),
    Action("move.page_down", Scope.MOVING, "pagedown", "page(1)", "A page down"),
    Action("move.page_up", Scope.MOVING, "pageup", "page(-1)", "A page up"),
    *READING_ACTIONS,
    Action("deck.open", Scope.DECK, "enter", "open", "Open the card", "open"),
    Action("deck.only", Scope.DECK, "plus", "screen.this_value('only')", "Only this value", "only"),
    Action("deck.without", Scope.DECK, "minus", "screen.this_value('without')", "Without this value", "without"),
    Action(
        "deck.afresh",
        Scope.DECK,
        "equals_sign",
        "screen.this_value('afresh')",
        "Start afresh with this value",
        "afresh",
    ),
    Action("deck.density", Scope.DECK, "z", "density", "Cards, compact cards, or lines", "density"),
    Action("card.next", Scope.CARD, "J,right_square_bracket", "screen.neighbour(1)", "Next event", "next"),
    Action("card.previous", Scope.CARD, "K,left_square_bracket", "screen.neighbour(-1)", "Previous event", "previous"),
    Action("card.next_match", Scope.CARD, "n", "screen.next_match(1)", "Next match of what is looked for in the card"),
    Action("card.previous_match", Scope.CARD, "N", "screen.next_match(-1)", "Previous match"),
    Action("card.follow", Scope.CARD, "enter", "follow", "Go to the events that this row names", "go"),
    Action("card.only", Scope.CARD, "plus", "row_value('only')", "Only the value of this row", "only"),
    Action("card.without", Scope.CARD, "minus", "row_value('without')", "Without the value of this row", "without"),
    Action(
        "card.afresh", Scope.CARD, "equals_sign", "row_value('afresh')", "Start afresh with this row's value", "afresh"
    ),
    Action("net_change.follow", Scope.NET_CHANGE, "enter", "follow", "Go to the last event of this row", "go"),
    Action("net_change.dates", Scope.NET_CHANGE, "d", "screen.dates", "Dates", "dates"),
    *REQUEST_ACTIONS,
    *HISTOGRAM_ACTIONS,
    Action("why.follow", Scope.WHY, "enter", "screen.follow_line", "Go to the requests or the change", "go"),
    Action(
        "why.log_of",
        Scope.WHY,
        "l",
        "screen.log_of",
        "The log of this client, over all time",
        "its log",
        needs=Permission.AUDIT_READ,
    ),
    Action(
        "why.requests_of",
        Scope.WHY,
        "R",
        "screen.requests_of",
        "Its requests over these dates",
        "its requests",
        needs=Permission.REQUESTS_READ,
    ),
    Action("why.dates", Scope.WHY, "d", "screen.dates", "Dates", "dates"),
    Action(
        "why_member.follow", Scope.WHY_MEMBER, "enter", "screen.follow_line", "Tell of it, or go to the event", "go"
    ),
    Action(
        "why_member.log_of",
        Scope.WHY_MEMBER,
        "l",
        "screen.log_of",
        "The log of this member, over all time",
        "their log",
        needs=Permission.AUDIT_READ,
    ),
    Action("views.take_up", Scope.VIEWS, "enter", "screen.take_up", "Read on where you stopped", "read on"),
    Action("views.rename", Scope.VIEWS, "e", "screen.rename_view", "Rename a view of your own", "rename"),
    Action("views.share", Scope.VIEWS, "s", "screen.share_view", "Share it with everybody, or no longer", "share"),
    Action("views.delete", Scope.VIEWS, "D,delete", "screen.delete_view", "Delete a view of your own", "delete"),
    *SIDEBAR_ACTIONS,
    Action("notice.follow", Scope.NOTICE, "enter", "follow", "Go to the events that the notice names", "go"),
    Action(
        "help.next_match", Scope.HELP, "n", "screen.next_match(1)", "Next place of what is looked for", "next match"
    ),
    Action("help.previous_match", Scope.HELP, "N", "screen.next_match(-1)", "The place before"),
    *CLIENT_ACTIONS,
    *(*ACCESS_ACTIONS, *FORM_ACTIONS, *SYSTEM_ACTIONS, *EXPORT_ACTIONS),
    *NARROW_ACTIONS,
    Action("choice.previous", Scope.CHOICE, "left", "step(-1)", "The choice before"),
    Action("choice.next", Scope.CHOICE, "right", "step(1)", "The choice after", "choose"),
    Action("choice.take", Scope.CHOICE, "enter", "take", "Take it", "take"),
    Action("choice.leave", Scope.CHOICE, "escape,backspace", "leave", "Leave it", "leave"),
    Action("palette.previous", Scope.PALETTE, "up,ctrl+p", "screen.step(-1)", "The command above"),
    Action("palette.next", Scope.PALETTE, "down,ctrl+n", "screen.step(1)", "The command below", "choose"),
    Action("palette.page_up", Scope.PALETTE, "pageup", "screen.page(-1)", "A page of commands up"),
    Action("palette.page_down", Scope.PALETTE, "pagedown", "screen.page(1)", "A page of commands down"),
    Action("palette.take", Scope.PALETTE, "enter", "screen.take", "Run it", "run"),
    Action("palette.leave", Scope.PALETTE, "escape", "screen.leave", "Leave the commands", "leave"),
)

_FOOTERS = {
    Scope.EVERYWHERE: ("app.palette", "app.quit"),
    Scope.DECK: (
        "move.down",
        "deck.open",
        "log.find",
        "log.filters",
        "log.dates",
        "deck.only",
        "log.undo",
        "log.clear",
        "log.views",
        "log.why",
    ),
    Scope.NOTICE: ("log.find", "log.filters", "log.dates", "log.undo", "log.clear", "log.refresh"),
    Scope.VIEWS: (
        "move.down",
        "views.take_up",
        "views.rename",
        "views.share",
        "views.delete",
        "log.find",
        "log.back",
    ),
    Scope.WHY: (
        "move.down",
        "why.follow",
        "why.log_of",
        "why.requests_of",
        "why.dates",
        "log.back",
        "log.why_by_pasting",
    ),
    Scope.WHY_MEMBER: ("move.down", "why_member.follow", "why_member.log_of", "log.back", "log.refresh"),
    Scope.CARD: ("card.next", "card.previous", "card.only", "card.follow", "log.back", "log.why", "log.open_client"),
    Scope.NET_CHANGE: ("move.down", "net_change.follow", "net_change.dates", "log.back"),
    **REQUEST_FOOTERS,
    **NARROWING_FOOTERS,
    Scope.CHOICE: ("choice.next", "choice.take", "choice.leave"),
    Scope.PALETTE: ("palette.next", "palette.take", "palette.leave"),
    **CLIENT_FOOTERS,
    **ACCESS_FOOTERS,
    **FORM_FOOTERS,
    **SYSTEM_FOOTERS,
    **EXPORT_FOOTERS,
    Scope.HELP: ("move.down", "log.find", "help.next_match", "log.back"),
}
_FOOTER_PAIRS = {
    "choice.next": ("choice.previous", "choice.next"),
    "palette.next": ("palette.previous", "palette.next"),
    "move.down": ("move.down", "move.up"),
    **FORM_FOOTER_PAIRS,
    "deck.only": ("deck.only", "deck.without", "deck.afresh"),
    **REQUEST_FOOTER_PAIRS,
    "log.next_tab": ("log.previous_tab", "log.next_tab"),
    "card.only": ("card.only", "card.without", "card.afresh"),
    **NARROWING_FOOTER_PAIRS,
}
"""Actions whose first keys stand together in the footer, under one word."""
_FOOTER_WORDS = {
    "deck.only": "this value",
    "card.only": "this value",
    **REQUEST_FOOTER_WORDS,
    "app.quit": "quit",
    "log.back": "back",
    "log.why_by_pasting": "another",
    "log.refresh": "again",
    **NARROWING_FOOTER_WORDS,
    **EXPORT_FOOTER_WORDS,
}

BY_ID: Mapping[str, Action] = MappingProxyType({action.id: action for action in ACTIONS})
BY_RUN: Mapping[str, Action] = MappingProxyType({action.run: action for action in reversed(ACTIONS)})
"""The first action that runs so: all that run the same need the same permissions."""

# Nobody can press it, and each action has its own: so Textual still counts them among those that could be run.
_NO_KEY = "no key for "


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of every action, as Textual names them: the defaults, but for those in `changed`."""

    changed: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """All keys of an action; it may have none."""
        keys = self.changed.get(action_id)
        return BY_ID[action_id].default_keys if keys is None else keys

    def for_textual(self) -> dict[str, str]:
        """What `App.set_keymap` takes. Textual cannot say that an action has no key: it has one that nobody can press."""
        return {action_id: ",".join(keys) or f"{_NO_KEY}{action_id}" for action_id, keys in self.changed.items()}


DEFAULT_KEYMAP = Keymap()
_IN_FORCE: ContextVar[Keymap] = ContextVar("keymap", default=DEFAULT_KEYMAP)


def put_in_force(keymap: Keymap) -> None:
    """Let this context, an application and all that it starts, have these keys; done once, before anything is shown."""
    _IN_FORCE.set(keymap)


def keymap_in_force() -> Keymap:
    """The keys of the application that this runs in."""
    return _IN_FORCE.get()


def bindings(*scopes: Scope, ids: Collection[str] | None = None) -> list[BindingType]:
    """The Textual bindings of these scopes; with `ids`, of these actions in them alone, and what every screen has of them.

    They have the default keys: Textual puts the keymap in force over them by their ids.
    """
    assert ids is None or BY_ID.keys() >= {*ids}, f"no such action among {ids}"
    return [
        Binding(action.keys, action.run, action.help, id=action.id, show=False)
        for action in ACTIONS
        if action.scope in scopes and (ids is None or action.id in {*ids, *ON_EVERY_SCREEN})
    ]


def keys_of(action_id: str) -> tuple[str, ...]:
    """The keys of an action, as Textual names them."""
    return keymap_in_force().keys_of(action_id)


def shown_keys(action_id: str) -> tuple[str, ...]:
    """The keys of an action, as a person reads them."""
    return tuple(map(shown_key, keys_of(action_id)))


def key_of(action_id: str) -> str:
    """The first key of an action, as a person reads it: for sentences that name a key. Without one, how it is found."""
    keys = shown_keys(action_id)
    return keys[0] if keys else f"the command {BY_ID[action_id].help!r} ({key_of('app.palette')})"


def footer(
    scope: Scope, lacks: Collection[str] = (), words: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[str, str]]:
    """What the last row shows while something of this scope has the focus: (keys, words), most useful first.

    Without the actions that the screen `lacks`, and those that one may not do. `words` are those of actions that mean
    something of their own there.
    """
    entries = []
    for action_id in _FOOTERS.get(scope, ()):
        together = (
            one for one in _FOOTER_PAIRS.get(action_id, (action_id,)) if one not in lacks and may(BY_ID[one].needed)
        )
        keys = [shown_keys(one)[0] for one in together if keys_of(one)]
        if keys:
            entries.append(
                (" ".join(keys), words.get(action_id) or _FOOTER_WORDS.get(action_id, BY_ID[action_id].short))
            )
    return entries

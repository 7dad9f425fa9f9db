"""Tests of tui.keymap."""

import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from contextvars import copy_context
from importlib import import_module
from typing import Any

import pytest
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

import tui
from tui.app import AuditdeckApp
from tui.keymap import ACTIONS, BY_ID, Keymap, Scope, bindings, footer, key_of, keys_of, put_in_force, shown_keys
from tui.remapping import CHAINS
from tui.screens.access.handing_over import HandingOverScreen
from tui.screens.access.screen import AccessScreen
from tui.screens.access.ssh_keys import SshKeysScreen
from tui.screens.audit_log.screen import AuditLogScreen
from tui.screens.clients.form import ClientFormScreen
from tui.screens.clients.screen import ClientsScreen
from tui.screens.clients.token_shown import TokenScreen
from tui.screens.ending import EndingScreen
from tui.screens.export.screen import ExportScreen
from tui.screens.help import HelpScreen
from tui.screens.palette import PaletteScreen
from tui.screens.system.screen import SystemScreen
from tui.screens.views import ViewsScreen
from tui.screens.why.screen import WhyScreen
from tui.screens.why_member.screen import WhyMemberScreen

for _module in pkgutil.walk_packages(tui.__path__, "tui."):
    if not _module.name.endswith("__main__"):
        import_module(_module.name)  # the screens are imported by the console when one first goes there

_CALL = re.compile(r"(?:(app|screen)\.)?(\w+)(?:\(.*\))?")
_OURS = "tui."
_SCREENS: dict[str, type[Screen[Any]]] = {
    **{
        screen.__module__: screen
        for screen in (
            AccessScreen,
            ClientFormScreen,
            ClientsScreen,
            SystemScreen,
            EndingScreen,
            ExportScreen,
            HelpScreen,
            PaletteScreen,
            TokenScreen,
            ViewsScreen,
            WhyScreen,
        )
    },
    "tui.screens.access.list_pane": AccessScreen,
    "tui.widgets.export_form": ExportScreen,
    "tui.widgets.access_pane": AccessScreen,
    "tui.screens.clients.list_pane": ClientsScreen,
    "tui.widgets.client_pane": ClientsScreen,
    "tui.screens.why_member.screen": WhyMemberScreen,
    "tui.screens.access.handing_over": HandingOverScreen,
    "tui.screens.access.ssh_keys": SshKeysScreen,
    "tui.screens.form.screen": ClientFormScreen,
    "tui.widgets.check_field": ClientFormScreen,
    "tui.widgets.system_pane": SystemScreen,
    "tui.widgets.form_field": ClientFormScreen,
}


def _declaring() -> Iterator[tuple[type[Widget], type[Screen[Any]]]]:
    """Every class of ours that declares bindings, with the screen that it is on."""
    waiting: list[type[Widget]] = [Widget]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(_OURS) and "BINDINGS" in vars(kind):
            yield kind, _SCREENS.get(kind.__module__, AuditLogScreen)


def _ours(kind: type[Widget]) -> list[Binding]:
    return [binding for binding in vars(kind).get("BINDINGS", []) if isinstance(binding, Binding)]


def test_no_key_stands_twice_in_a_level() -> None:
    """A level is what one widget binds, so that only one of its actions can have a key."""
    for level in {level for chain in CHAINS for level in chain}:
        counts = Counter(key for action in ACTIONS if action.scope in level for key in action.default_keys)
        assert {key: count for key, count in counts.items() if count > 1} == {}


def test_the_levels_are_what_is_bound_together() -> None:
    levels = {level for chain in CHAINS for level in chain}
    assert {scope for level in levels for scope in level} == {action.scope for action in ACTIONS}
    for kind, _ in _declaring():
        scopes = {BY_ID[binding.id].scope for binding in _ours(kind) if binding.id}
        assert any(scopes <= level for level in levels), kind


def test_every_id_is_given_once() -> None:
    counts = Counter(action.id for action in ACTIONS)
    assert {name: count for name, count in counts.items() if count > 1} == {}
    assert BY_ID.keys() == counts.keys()


def test_every_action_has_words_and_keys_that_a_person_can_read() -> None:
    for action in ACTIONS:
        assert action.help and action.help[0].isupper() and not action.help.endswith("."), action.id
        assert all(key and "_" not in key for key in action.shown_keys), action.id


def test_every_scope_is_bound_somewhere() -> None:
    bound = {binding.id for kind, _ in _declaring() for binding in _ours(kind)}
    assert {action.id for action in ACTIONS} <= bound


@pytest.mark.parametrize(("kind", "screen"), list(_declaring()), ids=lambda kind: kind.__name__)
def test_every_binding_calls_an_action_that_is_there(kind: type[Widget], screen: type[Screen[Any]]) -> None:
    holders: dict[str | None, type[object]] = {"app": AuditdeckApp, "screen": screen, None: kind}
    missing = []
    for binding in _ours(kind):
        call = _CALL.fullmatch(binding.action)
        assert call is not None, binding.action
        if not hasattr(holders[call[1]], f"action_{call[2]}"):
            missing.append(f"{binding.key}: {binding.action}")
    assert missing == []


def test_the_application_has_no_keys_of_its_own() -> None:
    assert not AuditdeckApp._merged_bindings or not AuditdeckApp._merged_bindings.key_to_bindings


def test_what_names_a_key_follows_the_keymap_in_force() -> None:
    def look() -> None:
        put_in_force(Keymap({"deck.without": ("f5",), "log.find": (), "app.help": ("ctrl+slash", "f1")}))
        assert (key_of("deck.without"), key_of("app.help")) == ("F5", "ctrl+/")
        assert shown_keys("app.help") == ("ctrl+/", "F1")
        assert (
            keys_of("log.find") == ()
            and key_of("log.find").startswith("the command 'Search")
            and key_of("log.find").endswith("(:)")
        )
        entries = footer(Scope.DECK)
        assert ("+ F5 =", "this value") in entries
        assert all(words != "search" for _, words in entries)

    copy_context().run(look)
    assert key_of("deck.without") == "-"  # and another application keeps its own


@pytest.mark.parametrize(
    "scope",
    [Scope.DECK, Scope.WHY, Scope.NOTICE, Scope.CARD, Scope.NET_CHANGE, Scope.HISTOGRAM, Scope.SIDEBAR, Scope.TEXT],
)
def test_each_pane_has_a_footer_with_keys_and_words(scope: Scope) -> None:
    entries = footer(scope)
    assert entries and all(keys and words for keys, words in entries)
    assert len(set(entries)) == len(entries)


def test_the_footer_names_only_keys_that_are_bound() -> None:
    shown = {key for action in ACTIONS for key in action.shown_keys}
    for scope in Scope:
        assert {key for keys, _ in footer(scope) for key in keys.split()} <= shown


def test_bindings_are_those_of_the_scopes_asked_for() -> None:
    found = [binding.id for binding in bindings(Scope.TEXT, Scope.CHOICE) if isinstance(binding, Binding)]
    assert found == [action.id for action in ACTIONS if action.scope in (Scope.TEXT, Scope.CHOICE)]

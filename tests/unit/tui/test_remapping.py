"""Tests of tui.remapping."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.key_names import key_named, shown_key
from tui.keymap import ACTIONS, BY_ID, Action, Keymap, Scope
from tui.remapping import CHAINS, remapped

_LEAVING = (
    "app.quit",
    "log.back",
    "sidebar.done",
    "narrow.empty",
    "text.abandon",
    "choice.leave",
    "palette.leave",
    "form.leave",
    "reason.leave",
    "rule.leave",
    "place.leave",
    "token.close",
)
_TYPING = (
    {Scope.TEXT},
    {Scope.NARROW},
    {Scope.CHOICE},
    {Scope.PALETTE},
    {Scope.FORM},
    {Scope.CHECKS},
    {Scope.REASON},
    {Scope.RULE},
    {Scope.PLACE},
)
_KEYS = ["j", "x", "?", "q", "enter", "esc", "backspace", "ctrl+q", "ctrl+f", "tab", "F1", "F5", "0", "ctrl+i", "no"]
_TABLES = st.dictionaries(
    st.sampled_from([*BY_ID, "no.such"]), st.lists(st.sampled_from(_KEYS), max_size=4), max_size=6
)


def _meanings(keymap: Keymap, chain: Sequence[frozenset[Scope]], key: str) -> list[Action]:
    """What a key does in a chain: the oracle, level by level."""
    for level in chain:
        found = [action for action in ACTIONS if action.scope in level and key in keymap.keys_of(action.id)]
        if found:
            return found
    return []


def test_nothing_written_is_the_defaults() -> None:
    assert remapped({}).keymap.changed == {}
    assert remapped({}).remarks == ()
    assert remapped({}).notice is None


@pytest.mark.parametrize(
    ("written", "changed", "remarks"),
    [
        ({"log.find": ["ctrl+f"]}, {"log.find": ("ctrl+f",)}, []),
        ({"log.find": ["ctrl+f", "F3", "f3"]}, {"log.find": ("ctrl+f", "f3")}, []),
        ({"log.undo": ["U"], "log.redo": ["u"]}, {"log.undo": ("U",), "log.redo": ("u",)}, []),
        ({"log.dates": []}, {"log.dates": ()}, []),
        (
            {"move.page_down": ["j"]},
            {"move.page_down": ("j",), "move.down": ("down",)},
            ["move.page_down takes j from move.down (Next), which keeps ↓."],
        ),
        (
            {"log.undo": ["r"]},
            {"log.undo": ("r",), "log.refresh": ()},
            ["log.undo takes r from log.refresh (Refresh: ask again, newest first), which has no key now."],
        ),
        (
            {"log.undo": ["F9"], "log.redo": ["F9"]},
            {"log.undo": ("f9",)},
            ["F9 is wished for twice: log.undo has it, log.redo does not."],
        ),
        (
            {"log.refresh": ["j"]},
            {"log.refresh": ("j",)},
            ["j is move.down in 'Moving'; log.refresh (Refresh: ask again, newest first) has it elsewhere."],
        ),
        (
            {"deck.open": ["r"]},
            {"deck.open": ("r",)},
            ["r is deck.open in 'Deck'; log.refresh (Refresh: ask again, newest first) has it elsewhere."],
        ),
        ({"log.fnd": ["x"]}, {}, ["log.fnd is no action; log.find is one."]),
        ({"zzz": ["x"]}, {}, ["zzz is no action."]),
        ({"log.find": ["ctrl+banana"]}, {}, ["log.find: 'ctrl+banana' is no key."]),
        ({"log.find": ["hold+f", "F3"]}, {"log.find": ("f3",)}, ["log.find: 'hold+f' is no key."]),
        ({"text.submit": ["x"]}, {}, ["text.submit: x is text where this action is."]),
        ({"app.quit": []}, {}, ["app.quit (Quit) cannot be without a key."]),
        (
            {"deck.open": ["ctrl+q"]},
            {},
            ["ctrl+q is not given to deck.open: app.quit (Quit) would have no key there."],
        ),
        (
            {"log.back": ["j"]},
            {},
            ["j is not given to log.back: log.back (One level back) would have no key there."],
        ),
    ],
)
def test_what_is_written_is_what_is_in_force_or_told(
    written: Mapping[str, Sequence[str]], changed: Mapping[str, tuple[str, ...]], remarks: list[str]
) -> None:
    found = remapped(written)
    assert dict(found.keymap.changed) == changed
    assert list(found.remarks) == remarks


def test_the_notice_is_one_remark_and_where_the_others_are() -> None:
    assert remapped({"no.such": ["x"]}).notice == "Your keys: no.such is no action."
    notice = remapped({"no.such": ["x"], "log.find": ["no"], "app.help": ["F2"]}).notice
    assert notice is not None and notice.startswith("Your keys, 2 remarks, all under F2: ")


@settings(deadline=None)  # a machine under load takes longer now and then
@given(_TABLES)
def test_no_key_means_two_things_at_once(written: dict[str, list[str]]) -> None:
    keymap = remapped(written).keymap
    for level in {level for chain in CHAINS for level in chain}:
        keys = [key for action in ACTIONS if action.scope in level for key in keymap.keys_of(action.id)]
        assert len(keys) == len(set(keys)), level


@settings(deadline=None)  # a machine under load takes longer now and then
@given(_TABLES)
def test_one_can_always_leave(written: dict[str, list[str]]) -> None:
    keymap = remapped(written).keymap
    for name in _LEAVING:
        for chain in CHAINS:
            if name == "log.back" and chain[0] in _TYPING:
                continue  # each of these has its own
            by_default = any(BY_ID[name] in _meanings(Keymap(), chain, key) for key in BY_ID[name].default_keys)
            if by_default:
                keys = keymap.keys_of(name)
                assert any(BY_ID[name] in _meanings(keymap, chain, key) for key in keys), (name, chain)


@settings(deadline=None)  # a machine under load takes longer now and then
@given(_TABLES)
def test_every_wish_is_fulfilled_or_told(written: dict[str, list[str]]) -> None:
    found = remapped(written)
    for name, texts in written.items():
        for text in texts:
            try:
                key = key_named(text)
            except ValueError:
                assert any(name in remark for remark in found.remarks)
                continue
            held = name in BY_ID and key in found.keymap.keys_of(name)
            assert held or any(
                name in remark and (shown_key(key) in remark or "no action" in remark) for remark in found.remarks
            )


@settings(deadline=None)  # a machine under load takes longer now and then
@given(_TABLES)
def test_every_default_that_loses_a_key_is_told(written: dict[str, list[str]]) -> None:
    found = remapped(written)
    for action in ACTIONS:
        keys = found.keymap.keys_of(action.id)
        for key in action.default_keys:
            if key not in keys and action.id not in written:
                assert any(f"takes {shown_key(key)} from {action.id} " in remark for remark in found.remarks)

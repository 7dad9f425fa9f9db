"""A person's own keys, by the ids of the actions: the keymap that they give, and what there is to say about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations

from tui.key_names import is_text, key_named, shown_key
from tui.keymap import ACTIONS, BY_ID, Action, Keymap, Scope

_ANY = frozenset({Scope.EVERYWHERE})
_SCREEN = frozenset({Scope.EVERYWHERE, Scope.AUDIT_LOG, Scope.TABS})
_TABBED = frozenset({Scope.EVERYWHERE, Scope.TABS})
CHAINS: tuple[tuple[frozenset[Scope], ...], ...] = (
    (frozenset({Scope.MOVING, Scope.DECK}), frozenset({Scope.READING}), _SCREEN),
    (frozenset({Scope.NOTICE}), frozenset({Scope.READING}), _SCREEN),
    (frozenset({Scope.MOVING, Scope.CARD}), frozenset({Scope.READING}), _SCREEN),
    (frozenset({Scope.MOVING, Scope.NET_CHANGE}), _SCREEN),
    (frozenset({Scope.MOVING, Scope.SUMS}), _SCREEN),
    (frozenset({Scope.MOVING, Scope.FINDINGS}), _SCREEN),
    (frozenset({Scope.HISTOGRAM}), _SCREEN),
    (frozenset({Scope.MOVING, Scope.WHY}), _ANY),
    (frozenset({Scope.MOVING, Scope.WHY_MEMBER}), _ANY),
    (frozenset({Scope.MOVING, Scope.VIEWS}), _ANY),
    (frozenset({Scope.MOVING, Scope.CLIENT_LIST}), frozenset({Scope.CLIENTS}), _ANY),
    (frozenset({Scope.MOVING, Scope.CLIENT}), frozenset({Scope.CLIENTS}), _ANY),
    (frozenset({Scope.MOVING, Scope.ACCESS_LIST}), frozenset({Scope.ACCESS}), _TABBED),
    (frozenset({Scope.MOVING, Scope.ACCESS_ITEM}), frozenset({Scope.ACCESS}), _TABBED),
    (frozenset({Scope.MOVING, Scope.SYSTEM}), _ANY),
    (frozenset({Scope.RULE}), _ANY),
    (frozenset({Scope.FORM}), _ANY),
    (frozenset({Scope.CHECKS}), frozenset({Scope.FORM}), _ANY),
    (frozenset({Scope.MOVING, Scope.HAND_OVER}),),
    (frozenset({Scope.MOVING, Scope.KEYS}), _ANY),
    (frozenset({Scope.MOVING, Scope.EXPORT}), _ANY),
    (frozenset({Scope.PLACE}), _ANY),
    (frozenset({Scope.REASON}), _ANY),
    (frozenset({Scope.TOKEN}),),
    (frozenset({Scope.MOVING, Scope.SIDEBAR}), _SCREEN),
    (frozenset({Scope.MOVING, Scope.HELP}), _ANY),
    (frozenset({Scope.NARROW}), _SCREEN),
    (frozenset({Scope.TEXT}), _SCREEN),
    (frozenset({Scope.CHOICE}), _SCREEN),
    (frozenset({Scope.PALETTE}), _ANY),
)
"""The scopes that are active at once, nearest to the focus first: a key is the nearest level's that has it."""

# Where a character is text or names a choice.
_TYPING = frozenset(
    {
        Scope.TEXT,
        Scope.NARROW,
        Scope.CHOICE,
        Scope.PALETTE,
        Scope.FORM,
        Scope.CHECKS,
        Scope.REASON,
        Scope.RULE,
        Scope.PLACE,
    }
)
# What leaves a place, what says how, and what finds all that has no key: without a key for each one would be caught.
_ESSENTIAL = (
    "app.help",
    "app.palette",
    "app.quit",
    "log.back",
    "sidebar.done",
    "narrow.empty",
    "text.abandon",
    "place.leave",
    "choice.leave",
    "palette.leave",
    "form.save",
    "form.leave",
    "reason.leave",
    "rule.leave",
    "token.close",
    "token.end",
)


@dataclass(frozen=True, slots=True)
class Remapping:
    """The keys in force, and a plain sentence on everything that is not as it was written, or that loses a key by it."""

    keymap: Keymap
    remarks: tuple[str, ...]

    @property
    def notice(self) -> str | None:
        """One line for the start; None where all is as it was written."""
        if not self.remarks:
            return None
        first, number = self.remarks[0], len(self.remarks)
        if number == 1:
            return f"Your keys: {first}"
        return f"Your keys, {number} remarks, all under {shown_key(self.keymap.keys_of('app.help')[0])}: {first}"


def remapped(written: Mapping[str, Sequence[str]]) -> Remapping:
    """The defaults with these actions' keys in their place; keys as a person writes them, none for an action without.

    A key that is wished for counts before a default, one that is wished for earlier before a later one. Nothing here
    fails: what cannot be had is left out, and said.
    """
    if not written:
        return Remapping(Keymap(), ())
    refusals: list[str] = []
    wishes = dict(_read(written, refusals))
    while True:
        allotted = _allot(wishes)
        caught = next(_caught(allotted.keys), None)
        if caught is None:
            break
        taker, key, action = caught
        refusals.append(
            f"{shown_key(key)} is not given to {taker.id}: {action.id} ({action.help}) would have no key there."
        )
        wishes[taker.id] = tuple(one for one in wishes[taker.id] if one != key)
        if not wishes[taker.id]:
            del wishes[taker.id]
    changed = {name: keys for name, keys in allotted.keys.items() if keys != BY_ID[name].default_keys}
    return Remapping(Keymap(changed), (*refusals, *allotted.remarks, *_hidden(allotted.keys)))


@dataclass(frozen=True, slots=True)
class _Allotted:
    keys: dict[str, tuple[str, ...]]
    remarks: list[str]


def _read(written: Mapping[str, Sequence[str]], refusals: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The wishes that can be understood; what cannot goes to `refusals`."""
    for name, texts in written.items():
        action = BY_ID.get(name)
        if action is None:
            near = get_close_matches(name, BY_ID, 1)
            refusals.append(f"{name} is no action{f'; {near[0]} is one' if near else ''}.")
            continue
        if not texts and name in _ESSENTIAL:
            refusals.append(f"{name} ({action.help}) cannot be without a key.")
            continue
        keys: list[str] = []
        for text in texts:
            try:
                key = key_named(text)
            except ValueError as error:
                refusals.append(f"{name}: {text!r} {error}.")
                continue
            if action.scope in _TYPING and is_text(key):
                refusals.append(f"{name}: {shown_key(key)} is text where this action is.")
            elif key not in keys:
                keys.append(key)
        if keys or not texts:
            yield name, tuple(keys)


def _allot(wishes: Mapping[str, tuple[str, ...]]) -> _Allotted:
    """Each key to one action a level: to the first that wishes for it, else to the one that has it by default."""
    keys: dict[str, tuple[str, ...]] = {}
    remarks = []
    for name, wished in wishes.items():
        action = BY_ID[name]
        left = []
        for key in wished:
            holder = _holder(key, action, keys)
            if holder is None:
                left.append(key)
            else:
                remarks.append(f"{shown_key(key)} is wished for twice: {holder} has it, {name} does not.")
        if left or not wished:
            keys[name] = tuple(left)
    wished_for = dict(keys)
    for action in ACTIONS:
        if action.id in wished_for:
            continue
        left = [key for key in action.default_keys if _holder(key, action, wished_for) is None]
        keys[action.id] = tuple(left)
        for key in action.default_keys:
            holder = _holder(key, action, wished_for)
            if holder is not None:
                rest = f"keeps {_listed(left)}" if left else "has no key now"
                remarks.append(f"{holder} takes {shown_key(key)} from {action.id} ({action.help}), which {rest}.")
    return _Allotted(keys, remarks)


def _holder(key: str, action: Action, keys: Mapping[str, tuple[str, ...]]) -> str | None:
    """Who has the key already in a level that this action is in, too."""
    return next((name for name, held in keys.items() if key in held and _is_rival(BY_ID[name], action)), None)


def _is_rival(one: Action, other: Action) -> bool:
    if one.id == other.id:
        return False
    return one.scope is other.scope or any(
        one.scope in level and other.scope in level for chain in CHAINS for level in chain
    )


_DEFAULTS = {action.id: action.default_keys for action in ACTIONS}


def _caught(keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Action, str, Action]]:
    """Wishes that leave somebody without a way out: who took it, which key, and what has none then."""
    for name in _ESSENTIAL:
        action = BY_ID[name]
        for chain in CHAINS:
            if name == "log.back" and chain[0] <= _TYPING:
                continue  # where one types, a key of that place leads back
            if not _reached(action, chain, _DEFAULTS) or _reached(action, chain, keys):
                continue
            for key in (*action.default_keys, *keys[name]):
                for taker in _in_force(chain, key, keys):
                    if key not in taker.default_keys:
                        yield taker, key, action
            # Nobody took it: its own wish is a key that means something else there.
            yield from ((action, key, action) for key in keys[name] if key not in action.default_keys)


def _reached(action: Action, chain: Sequence[frozenset[Scope]], keys: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether any key of the action is its own in this chain."""
    return any(action in _in_force(chain, key, keys) for key in keys[action.id])


def _in_force(chain: Sequence[frozenset[Scope]], key: str, keys: Mapping[str, tuple[str, ...]]) -> list[Action]:
    """What the key does in this chain: the actions of the nearest level that has it."""
    for level in chain:
        found = [action for action in ACTIONS if action.scope in level and key in keys[action.id]]
        if found:
            return found
    return []


def _hidden(keys: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Keys that nearer to the focus are another action's, where they were not by default."""
    by_default = {(chain, far, key) for chain, _, far, key in _hiding(_DEFAULTS)}
    return list(
        dict.fromkeys(
            f"{shown_key(key)} is {near.id} in {near.scope.value!r}; {far.id} ({far.help}) has it elsewhere."
            for chain, near, far, key in _hiding(keys)
            if (chain, far, key) not in by_default
        )
    )


def _hiding(keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, Action, Action, str]]:
    """(number of the chain, nearer action, the one it hides, key)."""
    for number, chain in enumerate(CHAINS):
        for near_level, far_level in combinations(chain, 2):
            for near in (action for action in ACTIONS if action.scope in near_level):
                for far in (action for action in ACTIONS if action.scope in far_level):
                    for key in keys[near.id]:
                        if key in keys[far.id]:
                            yield number, near, far, key


def _listed(keys: Sequence[str]) -> str:
    return " ".join(map(shown_key, keys))

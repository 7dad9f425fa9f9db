"""Names of keys: as a person writes and reads them, and as Textual calls them."""

import string
import unicodedata

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from tui.glyphs import glyphs

_MODIFIERS = {name: name for name in ("alt", "ctrl", "hyper", "meta", "shift", "super")} | {"control": "ctrl"}
# Keys that write no character; Textual's other names have a modifier, or are of no key (`<any>`).
_NAMED = frozenset(key.value for key in Keys if key.value.replace("_", "").isalnum())
_WRITTEN = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "page_up": "pageup",
    "pgdn": "pagedown",
    "page_down": "pagedown",
    "del": "delete",
    "ins": "insert",
    "←": "left",
    "→": "right",
    "↑": "up",
    "↓": "down",
}
_SHOWN = {
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
}
# A terminal sends one code for both, or terminals do not agree on what they send.
_SAME_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "esc"}
_DOUBTFUL = frozenset({"ctrl+space", "ctrl+at", "ctrl+shift+space"})


def _name_of(character: str) -> str:
    """What Textual calls the key that writes this character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


_PUNCTUATION = {_name_of(character): character for character in string.punctuation}


def shown_key(key: str) -> str:
    """A key of Textual's as a person reads it: `?`, `G`, `ctrl+f`, `F1`, `esc`, `←`."""
    *modifiers, base = key.split("+")
    name = glyphs().arrow_keys.get(base) or _SHOWN.get(base) or _PUNCTUATION.get(base)
    if name is None:
        name = base.upper() if base[0] == "f" and base[1:].isdecimal() else base
    return "+".join((*modifiers, name))


def key_named(text: str) -> str:
    """Textual's name of the key that a person wrote, as it is shown or as Textual calls it.

    Raises ValueError, its text a clause on what is wrong with it.
    """
    *words, base = _parts(text)
    if any(word not in _MODIFIERS for word in words):
        raise ValueError("is no key")
    modifiers = {_MODIFIERS[word] for word in words}
    name = _base_named(base)
    if name.isupper() and modifiers:  # as Textual has it, ctrl has no case and alt+F is alt+shift+f
        modifiers |= set() if "ctrl" in modifiers else {"shift"}
        name = name.lower()
    if modifiers == {"shift"} and is_text(name):
        if not name.isalpha() or len(name) > 1:
            raise ValueError("is no key; write the character that it types")
        return name.upper()
    key = "+".join((*sorted(modifiers), name))
    if key in _SAME_AS:
        raise ValueError(f"is the same as {_SAME_AS[key]} to a terminal; write {_SAME_AS[key]}")
    if key in _DOUBTFUL:
        raise ValueError("is not sent alike by all terminals")
    return key


def is_text(key: str) -> bool:
    """Whether a key of Textual's writes a character: in a text box it is text."""
    return key == "space" or key in _PUNCTUATION or len(key) == 1 or ("+" not in key and key not in _NAMED)


def _parts(text: str) -> list[str]:
    """Modifiers in lower case, and the base; a plus at the end is the base itself."""
    text = text if text == " " else text.strip()
    if text.endswith("+"):
        return [*(word.lower() for word in text[:-1].rstrip("+").split("+") if word), "+"]
    *words, base = text.split("+")
    return [*(word.lower() for word in words), base]


def _base_named(base: str) -> str:
    if len(base) == 1 and base not in _WRITTEN:
        if not base.isprintable():
            raise ValueError("is no key")
        return _name_of(base)
    name = base.lower()
    if name.startswith("upper_") and len(name) == 7:
        return name[-1].upper()
    name = _WRITTEN.get(name, name)
    if name not in _NAMED and name not in _PUNCTUATION:
        raise ValueError("is no key")
    return name

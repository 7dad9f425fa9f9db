"""Names that look alike: what two of them have in common that a person cannot tell apart on a screen.

After the skeleton of Unicode Technical Standard 39 (section 4), with the letters that matter in names: those of other
scripts that are drawn as Latin ones, and the digits and letters that are drawn as each other.
"""

import unicodedata

_ALIKE = {
    **dict(zip("авекмнорстухѕіјӏԁһԛԝзьгґүѵ", "abekmhopctyxsijldhqw3brryv", strict=True)),  # Cyrillic
    **dict(zip("αβεικνορτυχζμηωγ", "abeikvoptuxzunwy", strict=True)),  # Greek
    **dict(zip("օոսհցյք", "onuhgjp", strict=True)),  # Armenian
    **dict(zip("01|ℓıłɩɑɡȷ", "olllillagj", strict=True)),
    "ß": "ss",
}
# A capital i is drawn as a small l, and case does not part two names.
_LETTERS = str.maketrans({one: other.replace("i", "l") for one, other in {**_ALIKE, "i": "i"}.items()})
# Drawn as nothing, though they count as letters or symbols: fillers of Hangul, blank Braille, two vowels of Khmer.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
_NAMES_OF_UNSEEN = ("COMBINING ", "VARIATION SELECTOR", "MONGOLIAN FREE VARIATION SELECTOR")


def skeleton(name: str) -> str:
    """What names that look alike have in common; case, accents, blanks and invisible characters are ignored.

    Empty for a name of which nothing can be seen. It takes time that grows with the square of the length.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(character for character in folded if not _is_unseen(character))
    return "".join(seen.split()).translate(_LETTERS).replace("rn", "m").replace("vv", "w")


def _is_unseen(character: str) -> bool:
    """Whether it is drawn as nothing, or over the letter before it. Vowel signs of other scripts part names, and stay."""
    if character.isascii():
        return False
    if character in _BLANK or unicodedata.category(character) == "Cf":
        return True
    return unicodedata.name(character, "").startswith(_NAMES_OF_UNSEEN)

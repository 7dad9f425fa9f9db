"""Names that look alike: what two of them have in common that a person cannot tell apart on a screen.

After the skeleton of Unicode Technical Standard 39 (section 4), with the letters that matter in names: Cyrillic and
Greek ones that are drawn as Latin ones, and the digits and letters that are drawn as each other.
"""

import unicodedata

_ALIKE = str.maketrans(
    {
        # Cyrillic
        **dict(zip("авекмнорстухѕіјԁһԛԝзьґ", "abekmhopctyxsijdhqw36r", strict=True)),
        # Greek
        **dict(zip("αβεικνορτυχζμη", "abeikvoptuxzun", strict=True)),
        # Digits and letters
        **dict(zip("01|ℓıł", "ollll" + "l", strict=True)),
        "i": "l",
        "ß": "ss",
    }
)
# Drawn as nothing: they part two names that a person sees as one.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})


def skeleton(name: str) -> str:
    """What names that look alike have in common; case, accents, blanks and invisible characters are ignored."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(character for character in folded if unicodedata.category(character) not in _UNSEEN)
    return "".join(seen.split()).translate(_ALIKE).replace("rn", "m").replace("vv", "w")

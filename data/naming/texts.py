"""Names, descriptions and reasons: how they are kept, and a plain sentence for what they cannot be."""

import unicodedata

from data.hostile import is_hostile
from data.naming.look_alikes import skeleton
from data.tokens import holds_secret

MOST_NAME_CHARACTERS = 100
MOST_TEXT_CHARACTERS = 1_000
MOST_REASON_CHARACTERS = 1_000
REASON_WANTED = "Say why; it stands in the log."

# Composing characters takes time that grows with the square of their number: longer text is refused as it is.
_MOST_COMPOSED = 4_000


def plain_name(name: str) -> str:
    """A name as it is kept: composed, with single blanks. One that is far too long stays as it is."""
    return " ".join(_composed(name).split()) if len(name) <= _MOST_COMPOSED else name


def plain_text(text: str) -> str:
    """A text as it is kept: composed, without blanks around it. One that is far too long stays as it is."""
    return _composed(text).strip() if len(text) <= _MOST_COMPOSED else text


def name_problem(name: str, kind: str) -> str | None:
    """Why a thing of this kind ("client") cannot have this name, in a plain sentence; None if it can."""
    if not name or name.isspace():
        return f"A {kind} needs a name."
    problem = text_problem(name, MOST_NAME_CHARACTERS)
    if problem is None and not skeleton(name):
        return "Of this name nothing can be seen."
    return problem


def text_problem(text: str, most: int = MOST_TEXT_CHARACTERS) -> str | None:
    """Why this cannot be kept as a text of at most so many characters; None if it can."""
    if len(text) > most:
        return f"At most {most:,} characters, this has {len(text):,}."
    if any(is_hostile(character) for character in text):
        return "This holds an invisible or control character."
    if holds_secret(text):
        return "This holds the secret of a token; name it by its public id."
    return None


def reason_problem(reason: str) -> str | None:
    """Why this cannot be the reason for what is done to somebody or something; None if it can."""
    return REASON_WANTED if not reason.strip() else text_problem(reason, MOST_REASON_CHARACTERS)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)

"""The tokens of API clients as they stand in text."""

import re

# `adk_`, the public id, and after it the secret: any of it is too much, be it cut short or mistyped.
_WHOLE_TOKEN = re.compile(r"\b(adk_[0-9a-z]{8})_[0-9a-z]+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with every whole token reduced to its public id: `adk_Ab3dE5gH_...` is `adk_Ab3dE5gH`."""
    return _WHOLE_TOKEN.sub(r"\1", text)

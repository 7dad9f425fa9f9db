"""A setting as it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT = "default"
"""The origin of a setting that nobody gave."""


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """Its value in words, without any password, and where that came from: a flag, the environment, the file, the default."""

    name: str
    value: str
    origin: str
    description: str


def in_words(value: object) -> str:
    """A setting's value as it is shown."""
    # Where there are values it is imported already; whoever only names this class need not wait for it.
    from pydantic import SecretStr

    match value:
        case None:
            return "not set"
        case bool():
            return "true" if value else "false"
        case SecretStr():
            return "set, and not shown"
        case Mapping():
            return ", ".join(f"{name} = {' '.join(keys) or 'none'}" for name, keys in value.items()) or "none"
        case _:
            return str(value)

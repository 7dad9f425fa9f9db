"""A setting as it is shown."""

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

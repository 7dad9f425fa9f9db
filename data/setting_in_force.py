"""A setting as it is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """Its value in words, without any password, and where that came from: a flag, the environment, the file, the default."""

    name: str
    value: str
    origin: str
    description: str

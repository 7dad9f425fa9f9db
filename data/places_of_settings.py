"""Where settings are, and the words and keys that they can be: what is known of them without the library that reads them."""

import os
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import platformdirs

ENVIRONMENT_PREFIX = "AUDITDECK_"
SETTINGS_FILE_VARIABLE = "AUDITDECK_SETTINGS"


class ThemeName(StrEnum):
    """The themes that ship."""

    DARK = "dark"
    LIGHT = "light"
    HIGH_CONTRAST = "high-contrast"
    TERMINAL = "terminal"


class FramesName(StrEnum):
    """Who draws what the console shows."""

    AUTO = "auto"
    STOCK = "stock"


class LogLevel(StrEnum):
    """How much the operational log tells."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def data_folder() -> Path:
    """Where the program keeps a user's data."""
    return Path(platformdirs.user_data_dir("auditdeck", appauthor=False))


def state_folder() -> Path:
    """Where the program keeps for a user what is no setting and no data."""
    return Path(platformdirs.user_state_dir("auditdeck", appauthor=False))


def settings_file() -> Path:
    """The TOML file that is read: the one that AUDITDECK_SETTINGS names, else the one in the user's settings folder."""
    named = os.environ.get(SETTINGS_FILE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_config_dir("auditdeck", appauthor=False)) / "settings.toml"


def origins_of(file: Iterable[str], environment: Iterable[str], flags: Mapping[str, object]) -> dict[str, str]:
    """Which source gave each setting, in the order in which they win: flags, environment, file; else it is the default."""
    return {
        **dict.fromkeys(file, "file"),
        **{name: f"environment {ENVIRONMENT_PREFIX}{name.upper()}" for name in environment},
        **{name: f"flag --{'no-' if value is False else ''}{name.replace('_', '-')}" for name, value in flags.items()},
    }


def flat_keys(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keys by action; `log.find = "x"` without quotes is a table in a table to TOML, and means the same."""
    for name, value in table.items():
        action = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from flat_keys(value, f"{action}.")
        elif isinstance(value, str):
            yield action, (value,)
        elif isinstance(value, list | tuple) and all(isinstance(key, str) for key in value):
            yield action, tuple(value)
        else:
            raise ValueError(f"{action} is neither a key in quotes nor a list of such")

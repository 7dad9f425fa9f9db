"""A glance at the settings that the console's first paint needs, without the library that reads and checks them all.

Importing that takes as long as Textual. A glance reads flags, environment and file in the order in which they win, and only
values that can mean one thing; where there is anything else, it sees nothing, and `load_settings` has the word. What else is
set, `load_settings` checks as the log is opened.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from data.places_of_settings import (
    ENVIRONMENT_PREFIX,
    SETTINGS_FILE_VARIABLE,
    FramesName,
    LogLevel,
    ThemeName,
    data_folder,
    flat_keys,
    origins_of,
    settings_file,
    state_folder,
)

if TYPE_CHECKING:
    from data.settings import Settings

LEFT_ALONE = frozenset(
    {
        *("as_owner", "gateway_durable", "smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password"),
        *("mail_from", "join_command", "sealing_key", "checkpoint_file", "checkpoint_command"),
    }
)
"""Settings that the first paint does not need."""


@dataclass(frozen=True, slots=True)
class GlancedSettings:
    """What the first paint needs, by the names that it has in `Settings`.

    `whole` loads all of them, once: a file that is edited meanwhile, or cannot be read any more, is for the next start. These
    here stay as they are in it. Raises as `load_settings`.
    """

    database: str
    zone: ZoneInfo
    theme: ThemeName
    unicode: bool | None
    mouse: bool
    frames: FramesName
    log_file: Path
    log_level: LogLevel
    state_file: Path | None
    keys: Mapping[str, tuple[str, ...]]
    whole: Callable[[], "Settings"]


class _Whole:
    """All of the settings, as they were when they were first asked for. Safe to use from several threads."""

    def __init__(
        self, load: Callable[[], "Settings"], glanced: Mapping[str, object], origins: Mapping[str, str]
    ) -> None:
        self._load, self._glanced, self._origins = load, glanced, origins
        self._lock = Lock()
        self._loaded: Settings | None = None

    def __call__(self) -> "Settings":
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load().as_begun(self._glanced, self._origins)
            return self._loaded


def glance_at_settings(flags: Mapping[str, object], whole: Callable[[], "Settings"]) -> GlancedSettings | None:
    """The settings that are given by these flags (None for one that was not), environment and file; None where in doubt."""
    try:
        file, environment = _in_file(), _in_environment()
        flagged = {name: value for name, value in flags.items() if value is not None}
        given = {**file, **environment, **flagged}
        if not given.keys() <= _READERS.keys() | LEFT_ALONE:
            return None
        glanced: dict[str, Any] = {name: _READERS[name](given[name]) for name in _READERS.keys() & given.keys()}
    except (ValueError, KeyError, OSError):
        return None
    begun = {name: make() for name, make in _DEFAULTS.items()} | glanced
    origins = {name: came for name, came in origins_of(file, environment, flagged).items() if name in _READERS}
    return GlancedSettings(**begun, whole=_Whole(whole, begun, origins))


def _in_file() -> Mapping[str, object]:
    path = settings_file()
    if not path.is_file():
        if os.environ.get(SETTINGS_FILE_VARIABLE):
            raise ValueError("it was named, and is not there")
        return {}
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))


def _in_environment() -> Mapping[str, object]:
    found: dict[str, object] = {}
    for variable, value in os.environ.items():
        name = variable.upper().removeprefix(ENVIRONMENT_PREFIX).lower()
        if variable.upper().startswith(ENVIRONMENT_PREFIX) and name in _READERS.keys() | LEFT_ALONE:
            if name in found or name == "keys":  # written in two ways, or as JSON
                raise ValueError("it can mean more than one thing")
            found[name] = value
    return found


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("it is no text")
    return value


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False, "1": True, "0": False}[_text(value)]


def _path(value: object) -> Path:
    text = _text(value)
    if text.startswith("~"):
        raise ValueError("it is in somebody's home folder")
    return Path(text)


def _keys(value: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise ValueError("it is no table")  # noqa: TRY004 - whatever it is, the glance sees nothing
    return dict(flat_keys(value))


_READERS: Mapping[str, Callable[[object], object]] = {
    "database": _text,
    "zone": lambda value: ZoneInfo(_text(value)),
    "theme": lambda value: ThemeName(_text(value)),
    "unicode": _truth,
    "mouse": _truth,
    "frames": lambda value: FramesName(_text(value)),
    "log_file": _path,
    "log_level": lambda value: LogLevel(_text(value)),
    "state_file": lambda value: None if value == "" else _path(value),
    "keys": _keys,
}
_DEFAULTS: Mapping[str, Callable[[], Any]] = {
    "database": lambda: str(data_folder() / "auditdeck.db"),
    "zone": lambda: ZoneInfo("UTC"),
    "theme": lambda: ThemeName.DARK,
    "unicode": lambda: None,
    "mouse": lambda: True,
    "frames": lambda: FramesName.AUTO,
    "log_file": lambda: state_folder() / "auditdeck.log",
    "log_level": lambda: LogLevel.INFO,
    "state_file": lambda: state_folder() / "console.json",
    "keys": dict,
}
NAMES = tuple(one.name for one in fields(GlancedSettings) if one.name != "whole")
"""The settings that a glance sees."""

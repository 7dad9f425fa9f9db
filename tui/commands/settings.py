"""`auditdeck settings`: the settings in force, and where each came from."""

import os
import tomllib
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from data.errors import DatabaseError
from data.records import Json
from data.settings import ENVIRONMENT_PREFIX, Settings, settings_file
from tui.commands.command import SUCCEEDED, Command
from tui.commands.opening import opened_administration
from tui.commands.output import say, say_json


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object: file, settings")


def _run(arguments: Namespace, settings: Settings) -> int:
    file = settings_file()
    in_file = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    shown: list[dict[str, Json]] = []
    for name, field in Settings.model_fields.items():
        origin = _origin(name, getattr(arguments, name, None), in_file=name in in_file)
        shown.append({"name": name, "value": _value(name, settings), "from": origin, "description": field.description})
    if arguments.json:
        say_json({"file": str(file), "settings": [*shown]})
        return SUCCEEDED
    widest = max(len(str(entry["value"])) for entry in shown)
    for entry in shown:
        say(f"{entry['name']:<10} {entry['value']:<{widest}}  {entry['from']}")
    say()
    for remark in _remarks(settings):
        say(f"keys: {remark}")
    say(f"The settings file is {file}{'' if file.is_file() else ', which is not there'}.")
    return SUCCEEDED


def _remarks(settings: Settings) -> Sequence[str]:
    """What there is to say about the person's own keys. Only for them is Textual imported, whose keys they are."""
    if not settings.keys:
        return ()
    from tui.remapping import remapped

    return remapped(settings.keys).remarks


def _origin(name: str, given: object, *, in_file: bool) -> str:
    """In the order in which they win, see `data.settings`."""
    variable = f"{ENVIRONMENT_PREFIX}{name.upper()}"
    if given is not None:
        return f"flag --{'no-' if given is False else ''}{name.replace('_', '-')}"
    if variable in map(str.upper, os.environ):  # pydantic-settings does not regard case here
        return f"environment {variable}"
    return "file" if in_file else "default"


def _value(name: str, settings: Settings) -> str:
    value = getattr(settings, name)
    if name == "keys":
        return ", ".join(f"{action} = {' '.join(keys) or 'none'}" for action, keys in settings.keys.items()) or "none"
    if value is None or isinstance(value, bool):
        return {None: "not set", True: "true", False: "false"}[value]
    if name != "database":
        return str(value)
    try:
        with opened_administration(value) as administration:
            return administration.shown  # without its password
    except DatabaseError as error:
        return f"not usable: {error}"


COMMAND = Command(
    "settings",
    "show the settings in force, and where each came from",
    _run,
    _add_arguments,
    ("auditdeck settings", "AUDITDECK_ZONE=Europe/Berlin auditdeck settings --json"),
)

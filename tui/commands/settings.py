"""`auditdeck settings`: the settings in force, and where each came from."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from data.errors import DatabaseError
from data.places_of_settings import settings_file
from data.records import Json
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.opening import opened_administration
from tui.commands.output import say, say_json


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object: file, settings")


def _run(arguments: Namespace, settings: Settings) -> int:
    file = settings_file()
    shown = settings.in_force(_shown_database(settings.database))
    if arguments.json:
        entries: list[Json] = [
            {"name": one.name, "value": one.value, "from": one.origin, "description": one.description} for one in shown
        ]
        say_json({"file": str(file), "settings": entries})
        return SUCCEEDED
    names, widest = max(len(one.name) for one in shown), max(len(one.value) for one in shown)
    for one in shown:
        say(f"{one.name:<{names}} {one.value:<{widest}}  {one.origin}")
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


def _shown_database(address: str) -> str:
    """The address without its password."""
    try:
        with opened_administration(address) as administration:
            return administration.shown
    except DatabaseError as error:
        return f"not usable: {error}"


COMMAND = Command(
    "settings",
    "show the settings in force, and where each came from",
    _run,
    _add_arguments,
    ("auditdeck settings", "AUDITDECK_ZONE=Europe/Berlin auditdeck settings --json"),
    for_clients=True,
)

"""`auditdeck filters`: the query language, on one page."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from data.query import REFERENCE, SORT_DESCRIPTIONS, KeyReference, reference_as_json
from data.query.reference import WRITING
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.output import say, say_json

_INDENT = " " * 12


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object: keys, sorts, writing")


def _run(arguments: Namespace, _settings: Settings) -> int:
    if arguments.json:
        say_json(reference_as_json())
        return SUCCEEDED
    for line in _reference_lines():
        say(line)
    return SUCCEEDED


def _reference_lines() -> Iterator[str]:
    for entry in REFERENCE:
        yield from _key_lines(entry)
        yield ""
    yield "Sorts"
    for word, meaning in SORT_DESCRIPTIONS.items():
        yield f"  {word:<8}  {meaning}"
    yield ""
    yield "Writing"
    for sentence in WRITING:
        yield f"  {sentence}"


def _key_lines(entry: KeyReference) -> Iterator[str]:
    yield f"{f'{entry.word}:' if entry.word else 'free text':<10}  {entry.asks}"
    yield f"{_INDENT}{entry.hint}"
    takes = "Several values with commas" if entry.several else "One value"
    excluded = f"excluded with a minus: -{entry.example}" if entry.excludable else "not to be excluded"
    yield f"{_INDENT}{takes}; {excluded.replace('--', '-')}."
    yield f"{_INDENT}Example: {entry.example}"


COMMAND = Command(
    "filters",
    "show what a query can ask for, and how",
    _run,
    _add_arguments,
    ("auditdeck filters", "auditdeck filters --json"),
    for_clients=True,
)

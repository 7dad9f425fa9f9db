"""What a subcommand is: its name, its words of help, its arguments, and what runs it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.settings import Settings

SUCCEEDED = 0
FAILED = 1
MISUSED = 2
"""Exit statuses that mean the same for every command."""


def _no_arguments(_parser: ArgumentParser) -> None:
    """For a command that takes none."""


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand. `run` is given its arguments and the settings in force, and returns the exit status.

    `summary` is one line, without a period. An example is a whole line that can be typed.
    """

    name: str
    summary: str
    run: "Callable[[Namespace, Settings], int]"
    add_arguments: Callable[[ArgumentParser], None] = _no_arguments
    examples: tuple[str, ...] = ()
    for_clients: bool = False
    """Whether an API client may run it: it only reads, or asks no database at all."""


@dataclass(frozen=True, slots=True)
class CommandGroup:
    """Subcommands under one word, as `auditdeck db upgrade`."""

    name: str
    summary: str
    commands: tuple[Command, ...]


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """What reads an argument as a whole number from `least` to `most`, both included."""
    wanted = f"a whole number from {least} to {most}" if most is not None else f"a whole number from {least} on"

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            raise ArgumentTypeError(f"{text!r} is not {wanted}")
        return number

    return read

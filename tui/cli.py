"""`auditdeck`: the console without a subcommand, the rest by name. Builds the parser and dispatches; no more.

Whoever opens the console waits for no subcommand to be imported.
"""

import os
import sys
from argparse import SUPPRESS, ArgumentParser, BooleanOptionalAction, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from data.errors import SettingsError
from data.oplog import start_logging
from data.places_of_settings import SETTINGS_FILE_VARIABLE, ThemeName
from data.settings_glance import NAMES, GlancedSettings, glance_at_settings
from data.tokens import holds_code, holds_secret
from data.version import VERSION
from tui.commands import console
from tui.commands.command import MISUSED, Command, CommandGroup
from tui.commands.failures import Misuse, guarded
from tui.commands.opening import KEY_VARIABLE, in_the_name_of
from tui.commands.output import choose_characters, prepare_output, tell

if TYPE_CHECKING:
    from data.settings import Settings

_SETTINGS_AS_FLAGS = ("database", "as_owner", "zone", "theme", "unicode", "mouse")
_EXAMPLES = (
    "auditdeck",
    "auditdeck --query 'outcome:denied last:7d'",
    "auditdeck events outcome:failure last:24h --zone Europe/Berlin",
    "auditdeck demo",
)

_TOKEN_AMONG_WORDS = (
    "An argument holds a whole token, or most of one. Arguments can be seen by others, and shells remember them: give the "
    "token on standard input, as `auditdeck token inspect -` takes it. Its public id, adk_ and the 8 characters after it, "
    "may be an argument."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line, without the program's name (by default this process's); its exit status."""
    prepare_output()
    words = sys.argv[1:] if argv is None else argv
    return guarded(lambda: _dispatch(words))


def _dispatch(words: Sequence[str]) -> int:
    if any(map(holds_code, words)):  # before anything can tell of it
        from tui.commands.join import CODE_AMONG_WORDS

        raise Misuse(CODE_AMONG_WORDS)
    if any(map(holds_secret, words)):
        raise Misuse(_TOKEN_AMONG_WORDS)
    arguments = parse_arguments(words)
    given = vars(arguments)
    if "settings" in given:
        os.environ[SETTINGS_FILE_VARIABLE] = given["settings"]
    flags = {name: given.get(name) for name in _SETTINGS_AS_FLAGS}
    glanced = _glanced(flags) if arguments.run is console.run else None
    in_force = _loaded(flags) if glanced is None else glanced
    choose_characters(in_force.unicode)
    trouble = start_logging(in_force.log_file, in_force.log_level)
    if trouble is not None:
        tell(f"auditdeck: {trouble}")
    run: Callable[[Namespace, Settings | GlancedSettings], int] = arguments.run
    key = os.environ.get(KEY_VARIABLE) or None
    if key is not None and not arguments.for_clients:
        raise Misuse(
            f"{KEY_VARIABLE} is set, so this would be done in the name of an API client, and {arguments.action} is for "
            "people. Unset it to do this as yourself; with it go events, event, export, requests, clients, client show "
            "and token inspect."
        )
    with in_the_name_of(key, arguments.action):
        return run(arguments, in_force)


def _glanced(flags: Mapping[str, Any]) -> GlancedSettings | None:
    """The settings that the console begins with, as far as a glance can tell; the others are loaded as it opens the log."""
    glanced = glance_at_settings(flags, lambda: _loaded(flags))
    return None if glanced is not None and any(holds_secret(str(getattr(glanced, name))) for name in NAMES) else glanced


def _loaded(flags: Mapping[str, Any]) -> "Settings":
    from data.settings import load_settings

    loaded = load_settings(**flags)
    if any(holds_secret(str(value)) for _, value in loaded):
        raise SettingsError("A setting holds a whole token, or an invitation's code; no setting takes one.")
    return loaded


def parse_arguments(words: Sequence[str]) -> Namespace:
    """The arguments that the words are, with `run` as what they ask for. Exits like argparse, with 2 for wrong ones."""
    console_alone = _console_arguments(words)
    if console_alone is not None:
        return console_alone
    parser = build_parser()
    arguments, rest = parser.parse_known_args([_escaped(word) for word in words])
    rest = [_unescaped(word) for word in rest]
    for name, value in vars(arguments).items():
        if isinstance(value, str):
            setattr(arguments, name, _unescaped(value))
        elif isinstance(value, list):
            setattr(arguments, name, [_unescaped(word) for word in value])
    # argparse takes only the first run of a command's words, and leaves those that stand after a flag.
    if rest and (not hasattr(arguments, "words") or any(word.startswith("--") for word in rest)):
        parser.error(f"not understood here: {' '.join(rest)}")
    if rest:
        arguments.words = [*arguments.words, *rest]
    if arguments.query is not None and arguments.run is not console.run:
        parser.error("--query is for the console; a subcommand takes its query as words")
    return arguments


class _NotTheConsole(Exception):
    """What is asked for is something else, or wrong: the whole command line tells."""


class _ConsoleParser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _NotTheConsole(message)


def _console_arguments(words: Sequence[str]) -> Namespace | None:
    """The arguments of the console, if the words ask for nothing else."""
    parser = _ConsoleParser("auditdeck", parents=[_global_flags()], add_help=False, allow_abbrev=False)
    _add_console(parser)
    try:
        arguments, rest = parser.parse_known_args(words)
    except _NotTheConsole:
        return None
    return None if rest or "--" in words else arguments


def _add_console(parser: ArgumentParser) -> None:
    parser.add_argument("--query", metavar="TEXT", help="open the console on this query")
    parser.set_defaults(run=console.run, action="the console", for_clients=False)


def build_parser() -> "_Parser":
    """The whole command line."""
    from tui.subcommands import COMMANDS

    flags = _global_flags()
    parser = _Parser(
        "auditdeck",
        description="The audit log of everything that happened, in a console or as plain text.",
        epilog=_epilog(_EXAMPLES),
        parents=[flags],
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_console(parser)
    _add_commands(parser, COMMANDS, flags)
    return parser


class _Parser(ArgumentParser):
    """With errors that are one line, and drive no terminal."""

    def error(self, message: str) -> NoReturn:
        tell(f"{self.prog}: {message}. Try {self.prog} --help.")
        self.exit(MISUSED)


def _add_commands(
    parser: _Parser, commands: Sequence[Command | CommandGroup], flags: _Parser, *, required: bool = False
) -> None:
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=required, parser_class=_Parser)
    for command in commands:
        subparser = subparsers.add_parser(
            command.name,
            prog=f"{parser.prog} {command.name}",
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            epilog=_epilog(command.examples) if isinstance(command, Command) else None,
            parents=[flags],
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if isinstance(command, CommandGroup):
            _add_commands(subparser, command.commands, flags, required=True)
        else:
            command.add_arguments(subparser)
            action = subparser.prog.partition(" ")[2]
            subparser.set_defaults(run=command.run, action=action, for_clients=command.for_clients)


def _global_flags() -> _Parser:
    """Those that may stand before or after a subcommand: without a default, one place cannot undo the other."""
    flags = _Parser(add_help=False, argument_default=SUPPRESS)
    group = flags.add_argument_group("for every command")
    group.add_argument("--database", metavar="ADDRESS", help="a file's path, or postgresql+psycopg://USER@HOST/NAME")
    group.add_argument(
        "--as-owner",
        action=BooleanOptionalAction,
        help="open a shared database as the owner of its tables, or as a superuser, too",
    )
    group.add_argument("--zone", metavar="NAME", help="the time zone of what is shown and asked, as Europe/Berlin")
    group.add_argument("--theme", choices=tuple(str(name) for name in ThemeName), help="the console's colours")
    group.add_argument(
        "--unicode",
        action=BooleanOptionalAction,
        help="draw with all of Unicode, or with ASCII alone (else by TERM, LANG)",
    )
    group.add_argument("--mouse", action=BooleanOptionalAction, help="let the console have the mouse, or the terminal")
    group.add_argument("--settings", metavar="FILE", help="a settings file (TOML) in place of your own")
    group.add_argument("--version", action="version", version=f"auditdeck {VERSION}")
    return flags


def _epilog(examples: Sequence[str]) -> str | None:
    return "\n  ".join(("examples:", *examples)) if examples else None


def _escaped(word: str) -> str:
    """A query's exclusion begins like a flag (`-outcome:success`); a blank in front makes it a word to argparse."""
    return f" {word}" if len(word) > 1 and word[0] == "-" and word[1] != "-" and word != "-h" else word


def _unescaped(word: str) -> str:
    return word[1:] if word.startswith(" -") else word


if __name__ == "__main__":
    sys.exit(main())

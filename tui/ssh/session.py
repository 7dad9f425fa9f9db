"""One session over ssh: the console, one command of the few that there are, or joining. Whatever else is refused, and told."""

import os
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import NoReturn

from data.access.ssh_keys import read_public_key
from data.errors import AuditdeckError
from data.oplog import start_logging
from data.places_of_settings import SETTINGS_FILE_VARIABLE
from data.settings import Settings, load_settings
from tui.commands.command import MISUSED
from tui.commands.failures import guarded
from tui.commands.opening import opened_log
from tui.commands.output import choose_characters, prepare_output, tell
from tui.ssh.environment import address_of, way_here
from tui.ssh.joining import join_over_ssh
from tui.ssh.original_command import ALLOWED, NotAllowed, command_in
from tui.terminal import is_terminal_here, undrawable
from tui.visitor import Visitor, serve

_NO_TERMINAL = f"The console needs a terminal, which ssh's -t asks for; without one there are {', '.join(ALLOWED)}."
_WITHOUT_CONSOLE = f"Without it there are {', '.join(ALLOWED)}."
_TRY_AGAIN = "You may come in again: sign in once more."
"""For a member who was suspended when sshd asked, and is no longer."""


def run_session(words: Sequence[str], command: str, connection: str | None) -> int:
    """Serve the holder of the key that the words name, who asked for `command` (empty: the console); the exit status.

    `connection` is what sshd says of it. The environment is the program's own by now.
    """
    # Nobody who pressed ctrl+z would find a way back: there is no shell to give one.
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    prepare_output()
    return guarded(lambda: _serve(_arguments(words), command.strip(), connection))


def _arguments(words: Sequence[str]) -> Namespace:
    parser = ArgumentParser("auditdeck over ssh", allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--member")
    opens = parser.add_mutually_exclusive_group(required=True)
    opens.add_argument("--key")
    opens.add_argument("--closed")
    opens.add_argument("--join")
    return parser.parse_args(words)


def _serve(given: Namespace, command: str, connection: str | None) -> int:
    if given.settings is not None:
        os.environ[SETTINGS_FILE_VARIABLE] = given.settings
    settings = load_settings()
    choose_characters(settings.unicode)
    start_logging(settings.log_file, settings.log_level)
    address = address_of(connection)
    way = way_here(connection, os.environ["USER"])
    if given.join is not None:
        key = read_public_key(given.join)
        serve(Visitor(key.fingerprint, "", address, way))
        return join_over_ssh(settings, key, address, command)
    serve(Visitor(given.key or given.closed, given.member, address, way))
    if given.closed is not None:
        _turn_away(settings, command)
    return _run_command(settings, command) if command else _open_console(settings)


def _turn_away(settings: Settings, command: str) -> NoReturn:
    """Say why this member may not come in; that they tried is logged as they are looked at."""
    with opened_log(settings, create=False) as log:
        log.visits.refuse(command, _TRY_AGAIN, _terminal())


def _open_console(settings: Settings) -> int:
    if not is_terminal_here():
        return _refuse(settings, "", _NO_TERMINAL)
    cannot = undrawable(_terminal())
    if cannot is not None:
        return _refuse(settings, "", f"{cannot} {_WITHOUT_CONSOLE}")
    return _auditdeck(())


def _run_command(settings: Settings, command: str) -> int:
    try:
        words = command_in(command)
    except NotAllowed as refused:
        return _refuse(settings, command, str(refused))
    with opened_log(settings, create=False) as log:
        log.visits.begin_command(command, _terminal())
    return _auditdeck(words)


def _auditdeck(words: Sequence[str]) -> int:
    # Imported where it is needed: who is refused waits for no command.
    from tui.cli import main

    return main(words)


def _refuse(settings: Settings, command: str, sentence: str) -> int:
    try:
        with opened_log(settings, create=False) as log:
            log.visits.refuse(command, sentence, _terminal())
    except AuditdeckError as error:  # what is refused, is refused whether the log can be told of it or not
        tell(f"auditdeck: {error}")
    return MISUSED


def _terminal() -> str | None:
    """The kind of terminal that they sit at, if they asked for one."""
    return os.environ.get("TERM")

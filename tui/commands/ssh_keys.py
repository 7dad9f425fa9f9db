"""`auditdeck ssh-keys`: sshd asks what a key opens, and is told in one line, or in none."""

from argparse import ArgumentParser, Namespace

from data.places_of_settings import settings_file
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.output import say
from tui.ssh.key_answer import answer

_NO_FLAGS = ("database", "as_owner", "zone", "theme", "unicode", "mouse")
"""Settings that a flag could say here, and that whoever comes in would not have."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("user", metavar="USER", help="the account that is signed in to: sshd's %%u")
    parser.add_argument("kind", metavar="TYPE", help="the type of the offered key: sshd's %%t")
    parser.add_argument("key", metavar="KEY", help="the offered key in base64: sshd's %%k")


def _run(arguments: Namespace, settings: Settings) -> int:
    given = vars(arguments)
    for name in _NO_FLAGS:
        if given.get(name) is not None:
            raise Misuse(
                f"--{name.replace('_', '-')} would not be in force for whoever comes in: set it in the file that --settings names."
            )
    file = settings_file()
    line = answer(settings.database, file if file.is_file() else None, arguments.user, arguments.kind, arguments.key)
    if line is not None:
        say(line)
    return SUCCEEDED


COMMAND = Command(
    "ssh-keys",
    "tell sshd what a public key opens; for its AuthorizedKeysCommand",
    _run,
    _add_arguments,
    ("auditdeck ssh-keys --settings /etc/auditdeck/settings.toml %u %t %k",),
)

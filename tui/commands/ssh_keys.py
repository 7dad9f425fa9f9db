"""`auditdeck ssh-keys`: sshd asks what a key opens, and is told in one line, or in none."""

import os
import pwd
import sys
from argparse import ArgumentParser, Namespace

from data.access.errors import AccessWrong
from data.access.ssh_keys import PublicKey, read_public_key
from data.errors import DatabaseError
from data.settings import Settings, settings_file
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.output import say
from tui.ssh.authorized_keys import authorized_line

# With -I, Python heeds no variable of the environment and no folder but its own.
_FORCED = (sys.executable, "-I", "-m", "tui.ssh")
_NO_FLAGS = ("database", "zone", "theme", "unicode", "mouse")
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
                f"--{name} would not be in force for whoever comes in: set it in the file that --settings names."
            )
    # Every account of the machine may be asked about; this one alone is ours.
    if arguments.user != pwd.getpwuid(os.geteuid()).pw_name:
        return SUCCEEDED
    try:
        key = read_public_key(f"{arguments.kind} {arguments.key}")
    except AccessWrong:  # no member has such a key, and nobody joins with it
        return SUCCEEDED
    opens = _what_it_opens(settings, key)
    if opens:
        file = settings_file()
        from_file = ("--settings", str(file.absolute())) if file.is_file() else ()
        say(authorized_line(key, (*_FORCED, *from_file, *opens)))
    return SUCCEEDED


def _what_it_opens(settings: Settings, key: PublicKey) -> tuple[str, ...]:
    """The words after the forced command that say so; none for a key that opens nothing."""
    # Imported here: the console and `--help` share this command line, and need to be quick.
    from contextlib import closing

    from data.services.audit_log import AuditLog
    from data.services.identity import Process

    with closing(AuditLog(settings.database, settings.zone, create=False, identity=Process())) as log:
        if log.is_embedded:
            raise DatabaseError("Nobody comes over ssh to a file of one owner: that needs a shared database.")
        standing = log.keys.standing_of(key)
    member = standing.member
    if member is None:
        return ("--join", key.line) if standing.may_join else ()
    return ("--key" if member.is_active else "--closed", key.fingerprint, "--member", member.id)


COMMAND = Command(
    "ssh-keys",
    "tell sshd what a public key opens; for its AuthorizedKeysCommand",
    _run,
    _add_arguments,
    ("auditdeck ssh-keys --settings /etc/auditdeck/settings.toml %u %t %k",),
)

"""What sshd is told of a key that somebody offers: one line, or none.

Imports little: sshd asks twice for each sign-in, and for every key that anybody on the network offers.
"""

import os
import pwd
import sys
from pathlib import Path

from data.access.errors import AccessWrong
from data.access.ssh_keys import PublicKey, read_public_key
from tui.ssh.authorized_keys import authorized_line

# With -I, Python heeds no variable of the environment and no folder but its own.
_FORCED = (sys.executable, "-I", "-m", "tui.ssh")


def answer(database: str, settings_file: Path | None, user: str, kind: str, blob: str) -> str | None:
    """The line for a key, given as sshd's %t and %k have it, that somebody offers who signs in as `user`.

    None for a key that opens nothing. `database` is the address that is asked; whoever comes in is served with the
    settings of `settings_file`. Raises the errors of `data.errors`.
    """
    # Every account of the machine may be asked about; this one alone is ours.
    if user != pwd.getpwuid(os.geteuid()).pw_name:
        return None
    try:
        key = read_public_key(f"{kind} {blob}")
    except AccessWrong:  # no member has such a key, and nobody joins with it
        return None
    opens = _what_it_opens(database, key)
    if not opens:
        return None
    from_file = () if settings_file is None else ("--settings", str(settings_file.absolute()))
    return authorized_line(key, (*_FORCED, *from_file, *opens))


def _what_it_opens(database: str, key: PublicKey) -> tuple[str, ...]:
    """The words after the forced command that say so; none for a key that opens nothing."""
    # Imported where it is needed: most keys that strangers offer are for other accounts.
    from data.services.key_questions import standing_of_key

    standing = standing_of_key(database, key)
    member = standing.member
    if member is None:
        return ("--join", key.line) if standing.may_join else ()
    return ("--key" if member.is_active else "--closed", key.fingerprint, "--member", member.id)

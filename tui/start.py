"""The program `auditdeck`: the command line, but for what sshd asks, which is answered without loading it.

sshd asks twice for each sign-in, and whenever anybody on the network offers a key: settings, help and all the other
commands would be half of the time that it takes.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

_SSH_KEYS = "ssh-keys"
_PREFIX = "AUDITDECK_"


def main() -> int:
    """Run this process's command line; its exit status."""
    if sys.argv[1:2] == [_SSH_KEYS] and _has_answered(sys.argv[2:]):
        return 0
    from tui.quick_dataclasses import make_methods_when_called

    make_methods_when_called()
    from tui.cli import main as run

    return run()


def _has_answered(words: Sequence[str]) -> bool:
    """Whether sshd's question was answered as the README has it asked: `--settings FILE %u %t %k`, and nothing else set.

    Whatever else is asked, and whatever goes wrong, is for the whole command line: it asks anew, tells and logs.
    """
    if len(words) != 5 or words[0] != "--settings" or any(name.upper().startswith(_PREFIX) for name in os.environ):
        return False
    import tomllib

    from data.errors import AuditdeckError
    from tui.commands.output import flush_output, say
    from tui.ssh.key_answer import answer

    file, user, kind, blob = words[1:]
    try:
        database = tomllib.loads(Path(file).read_text(encoding="utf-8")).get("database")
        if not isinstance(database, str):
            return False
        line = answer(database, Path(file), user, kind, blob)
    except (AuditdeckError, OSError, ValueError):  # ValueError is also what TOML that is none raises
        return False
    if line is not None:
        say(line)
        flush_output()
    return True

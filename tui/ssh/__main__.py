"""`python -I -m tui.ssh`: sshd's forced command, as `auditdeck ssh-keys` writes it; nobody types it.

The environment is made anew before anything is imported that could look at it. Python itself looks at none of its
variables with -I.
"""

import os
import pwd
import sys

from tui.ssh.environment import CONNECTION, ORIGINAL_COMMAND, fresh_environment


def main() -> int:
    """Serve whoever sshd let in; the exit status."""
    given = dict(os.environ)
    account = pwd.getpwuid(os.geteuid())
    os.environ.clear()
    os.environ.update({**fresh_environment(given, account.pw_name, account.pw_dir)})

    from tui.ssh.session import run_session

    return run_session(sys.argv[1:], given.get(ORIGINAL_COMMAND, ""), given.get(CONNECTION))


if __name__ == "__main__":
    sys.exit(main())

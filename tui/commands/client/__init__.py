"""`auditdeck client`: what is done with one API client, a subcommand a file."""

from tui.commands.client import create, delete, edit, end_token, issue, prolong, revoke, rotate, show
from tui.commands.command import CommandGroup

COMMANDS = CommandGroup(
    "client",
    "show, make, change or end one API client and its tokens",
    (
        show.COMMAND,
        create.COMMAND,
        edit.COMMAND,
        rotate.COMMAND,
        issue.COMMAND,
        prolong.COMMAND,
        end_token.COMMAND,
        revoke.COMMAND,
        delete.COMMAND,
    ),
)

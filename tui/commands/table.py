"""A table of results: with its heading on a terminal, cut to its width; whole, a row a line, for any other reader."""

import shutil
from collections.abc import Callable

from tui.commands.output import output_is_terminal, say, tell
from tui.presenters.plain_table import Table


def say_table(made: Callable[[int | None], Table], indent: str = "", before: Table | None = None) -> Table:
    """Write the table that is made for a width in cells, or None where nobody looks on. Raises as `say`.

    One that goes on with the table `before` says of its heading and of what it leaves out only what is another.
    """
    width = shutil.get_terminal_size().columns - len(indent) if output_is_terminal() else None
    table = made(width)
    if width is not None and (before is None or table.heading != before.heading):
        say(indent + table.heading)
    for line in table.lines:
        say(indent + line)
    if table.left_out and (before is None or table.left_out != before.left_out):
        tell(f"Left out on a terminal this narrow: {', '.join(table.left_out)}. A pipe and --json have all.")
    return table

"""A table of results: with its heading on a terminal, cut to its width; whole, a row a line, for any other reader."""

import shutil
from collections.abc import Callable

from tui.commands.output import output_is_terminal, say, tell
from tui.presenters.plain_table import Table


def say_table(made: Callable[[int | None], Table], indent: str = "") -> None:
    """Write the table that is made for a width in cells, or None where nobody looks on. Raises as `say`."""
    width = shutil.get_terminal_size().columns - len(indent) if output_is_terminal() else None
    table = made(width)
    if width is not None:
        say(indent + table.heading)
    for line in table.lines:
        say(indent + line)
    if table.left_out:
        tell(f"Left out on a terminal this narrow: {', '.join(table.left_out)}. A pipe and --json have all.")

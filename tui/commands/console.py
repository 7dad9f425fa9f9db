"""`auditdeck` without a subcommand: the console."""

from argparse import Namespace
from typing import TYPE_CHECKING

from data.query import parse_query
from tui.commands.command import MISUSED
from tui.commands.ending import ending_in_order
from tui.commands.output import tell
from tui.terminal import refusal_here

if TYPE_CHECKING:
    from data.settings import Settings
    from data.settings_glance import GlancedSettings


def run(arguments: Namespace, settings: "Settings | GlancedSettings") -> int:
    """Open the console on `arguments.query` (None for its own start); the exit status. Raises QueryError before."""
    refusal = refusal_here()
    if refusal is not None:
        tell(f"auditdeck: {refusal}")
        return MISUSED
    if arguments.query is not None:
        parse_query(arguments.query)
    return open_console(settings, arguments.query)


def open_console(settings: "Settings | GlancedSettings", query: str | None = None) -> int:
    """Show the console until it is left. Only here is Textual imported."""
    from tui.console import run_console

    with ending_in_order():
        return run_console(settings, query=query)

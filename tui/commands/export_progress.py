"""How far an export is, as a bar on standard error while a person looks on, and nothing otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from data.query import EventQuery, Key
from tui.commands.output import messages_are_terminal, output_is_terminal

if TYPE_CHECKING:
    from data.services.exports import Export

# Often enough for the eye, and of no cost beside making so many lines.
_EVENTS_AT_ONCE = 500


@contextmanager
def export_progress(export: "Export", query: EventQuery, *, to_file: bool) -> Iterator[Callable[[], None]]:
    """What to call after each event, within the block; the bar is gone after it.

    Where the events themselves go to the terminal, they are what one sees.
    """
    if not messages_are_terminal() or (output_is_terminal() and not to_file):
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    # To count what has to be looked for in the events takes as long as the export itself.
    total = None if query.of(Key.TEXT) else export.total()
    words = TextColumn("{task.description}", markup=False)
    with Progress(
        BarColumn(bar_width=30), words, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        of_all = "" if total is None else f" of {total:,}"
        task = bar.add_task(f"0{of_all} events", total=total)

        def show() -> None:
            if export.count % _EVENTS_AT_ONCE == 0:
                bar.update(task, completed=export.count, description=f"{export.count:,}{of_all} events")

        yield show


def _nothing() -> None:
    """Nobody looks on."""

"""How far a verification is, as a bar on standard error while a person looks on, and nothing otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui.commands.output import messages_are_terminal


@contextmanager
def verify_progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """What to call as it goes on, within the block: with what is looked at, how much of it was, and how much there is in all,
    where one knows. The bar is gone after it.
    """
    if not messages_are_terminal():
        yield lambda _what, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show

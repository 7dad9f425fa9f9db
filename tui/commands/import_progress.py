"""How far an import is, as a bar on standard error while a person looks on, and nothing otherwise."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from data.services.importing import Progress
from tui.commands.output import messages_are_terminal
from tui.terminal import safe

_LONGEST_NAME = 400
OnProgress = Callable[[Progress], None]


@contextmanager
def import_progress(paths: Sequence[str]) -> Iterator[OnProgress]:
    """What to call with each `Progress`, within the block; the bar is gone after it."""
    if not messages_are_terminal():
        yield lambda _progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    # Without markup: names of files stand in it.
    words = TextColumn("{task.description}", markup=False)
    columns = (BarColumn(bar_width=30), TaskProgressColumn(), TimeRemainingColumn(), words)
    reach = Reach()
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=total_size(paths))

        def show(progress: Progress) -> None:
            reach.note(progress)
            words = f"{progress.read:,} read, {progress.added:,} added  {safe(progress.name, limit=_LONGEST_NAME)}"
            bar.update(task, completed=reach.consumed, description=words)

        yield show


class Reach:
    """Bytes read over all inputs, added up from what is told about each by itself."""

    def __init__(self) -> None:
        self._before = 0
        self._name: str | None = None
        self._here = 0

    @property
    def consumed(self) -> int:
        return self._before + self._here

    def note(self, progress: Progress) -> None:
        """Take in the next message; another name, or less than before, means another input."""
        if progress.name != self._name or progress.consumed < self._here:
            self._before += self._here
        self._name, self._here = progress.name, progress.consumed


def total_size(paths: Sequence[str]) -> int | None:
    """Bytes of all the files together; None if one of them is a pipe, or cannot be looked at."""
    try:
        return sum(os.path.getsize(path) for path in paths) if all(map(_is_file, paths)) else None
    except OSError:
        return None


def _is_file(path: str) -> bool:
    return Path(path).is_file()

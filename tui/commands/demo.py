"""`auditdeck demo`: the console on a made-up organisation, of which nothing remains."""

import gc
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from data.clock import system_clock
from data.settings import Settings
from tui.commands.command import MISUSED, Command, whole_number
from tui.commands.console import open_console
from tui.commands.ending import ending_in_order
from tui.commands.output import messages_are_terminal, tell
from tui.terminal import refusal_here

_DEFAULT_SEED = 7
_WHOLE_DEMO = "last:all"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--seed",
        type=whole_number(0),
        default=_DEFAULT_SEED,
        metavar="N",
        help=f"another number makes another history (default: {_DEFAULT_SEED})",
    )
    parser.add_argument(
        "--days-end",
        type=_read_past_day,
        metavar="DATE",
        help="the last day of it, in UTC, as 2026-10-31 (default: it ends now); the same seed and day give the same events",
    )


def _read_past_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-10-31") from None
    if day >= system_clock().date():
        raise ArgumentTypeError(f"{text} is not over yet; give a day before today")
    return day


def _run(arguments: Namespace, settings: Settings) -> int:
    refusal = refusal_here()
    if refusal is not None:
        tell(f"auditdeck: {refusal}")
        return MISUSED
    with ending_in_order(), TemporaryDirectory(prefix="auditdeck-demo-") as folder:  # made with mode 700
        demo_settings = settings.model_copy(update={"database": str(Path(folder) / "demo.db"), "state_file": None})
        tell(
            "Making up an organisation, about 5,000 events of it and 15,000 requests; they are gone when the console closes."
        )
        _fill(demo_settings, arguments.days_end, arguments.seed)
        # A demo that ended long ago has nothing in the 30 days that are shown otherwise.
        query = None if arguments.days_end is None else _WHOLE_DEMO
        return open_console(demo_settings, query)


def _fill(settings: Settings, last_day: date | None, seed: int) -> None:
    from data.demo import make_demo  # for nobody else to wait for

    end = system_clock() if last_day is None else datetime.combine(last_day + timedelta(days=1), time(), UTC)
    gc.disable()  # nothing of this is garbage for long: looking for it took a tenth of the time
    try:
        with _day_progress() as on_day:
            make_demo(settings.database, end, seed, on_day=on_day)
    finally:
        gc.enable()


@contextmanager
def _day_progress() -> Iterator[Callable[[int, int], None]]:
    """What to call after each day of the demo, within the block: a bar that is gone after it, while a person looks on."""
    if not messages_are_terminal():
        yield lambda _day, _days: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda day, days: bar.update(task, completed=day, total=days)


COMMAND = Command(
    "demo",
    "open the console on a made-up organisation; nothing is kept",
    _run,
    _add_arguments,
    ("auditdeck demo", "auditdeck demo --seed 11 --theme light"),
)

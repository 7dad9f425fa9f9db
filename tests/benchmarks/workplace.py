"""Where a run works: its folder, the log that the console and the queries read, and how processes are started."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data.query import parse_query
from data.services.audit_log import AuditLog
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.made_up_events import batches, drafts, json_lines

FOLDER_VARIABLE = "AUDITDECK_BENCH_DIR"
PROGRAM = (sys.executable, "-c", "import sys; from tui.start import main; sys.exit(main())")
"""As the installed program starts."""
EVERYTHING = "last:all"
MADE_UP = "before:2026-01-02"
"""All the made-up events: whoever reads a log adds events that tell of it, and these are no part of any count."""
_PROJECT = Path(__file__).parents[2]
_KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Workplace:
    """One run: how many events, how often what varies is measured, until when, and where."""

    events: int
    runs: int
    deadline: Deadline
    folder: Path
    log: Path | None = None
    """An embedded database to look at in place of one that is made up here."""

    @property
    def starts(self) -> int:
        """How often something short, such as a start, is measured."""
        return 2 * self.runs - 1

    @property
    def query(self) -> str:
        """All that is in the log, but for the events that tell of its being read."""
        return MADE_UP if self.log is None else before_today()

    def filled_log(self) -> Path:
        """An embedded database with all events in it; filled when it is asked for first."""
        if self.log is not None:
            return self.log
        path = self.folder / "filled.db"
        if not path.exists():
            with closing(AuditLog(str(path), ZoneInfo("UTC"))) as log:
                for batch in batches(self.events):
                    self.deadline.check()
                    log.append(batch)
        return path

    def exported(self, events: int) -> Path:
        """The first so many events as JSON lines; written when they are asked for first."""
        path = self.folder / f"events-{events}.jsonl"
        if not path.exists():
            with path.open("wb") as file:
                file.writelines(json_lines(drafts(events)))
        return path

    def environment(self, **variables: str) -> dict[str, str]:
        """That of a started process: nothing of the person's settings and state, and a terminal that can do everything."""
        return {
            **{name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            "PYTHONPATH": str(_PROJECT),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "AUDITDECK_AS_OWNER": "true",
            "AUDITDECK_LOG_FILE": str(self.folder / "operational.log"),
            "AUDITDECK_STATE_FILE": "",
            **variables,
        }


def before_today() -> str:
    """A query for everything that was there when this day began."""
    return f"before:{datetime.now(UTC):%Y-%m-%d}"


def events_in(log: Path) -> int:
    """How many events an embedded database has from before today, as the console counts them."""
    with closing(AuditLog(str(log), ZoneInfo("UTC"))) as opened:
        return opened.count(parse_query(before_today()))


@contextmanager
def workplace(events: int, runs: int, seconds: float) -> Iterator[Workplace]:
    """A new folder to work in, deleted afterwards; kept if AUDITDECK_BENCH_DIR names where it is to lie."""
    kept_in = os.environ.get(FOLDER_VARIABLE)
    deadline = Deadline(seconds)
    if kept_in:
        Path(kept_in).mkdir(parents=True, exist_ok=True)
        yield Workplace(events, runs, deadline, Path(tempfile.mkdtemp(prefix="run-", dir=kept_in)))
        return
    with tempfile.TemporaryDirectory(prefix="auditdeck-bench-") as folder:
        yield Workplace(events, runs, deadline, Path(folder))

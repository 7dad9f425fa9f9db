"""Where a run works: its folder, the log that the console and the queries read, and how processes are started."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from data.services.audit_log import AuditLog
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.made_up_events import batches, drafts, json_lines

FOLDER_VARIABLE = "AUDITDECK_BENCH_DIR"
PROGRAM = (sys.executable, "-m", "tui.cli")
EVERYTHING = "last:all"
_PROJECT = Path(__file__).parents[2]
_KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Workplace:
    """One run: how many events, how often what varies is measured, until when, and where."""

    events: int
    runs: int
    deadline: Deadline
    folder: Path

    @property
    def starts(self) -> int:
        """How often something short, such as a start, is measured."""
        return 2 * self.runs - 1

    def filled_log(self) -> Path:
        """An embedded database with all events in it; filled when it is asked for first."""
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
        """That of a started process: none of the person's settings, and a terminal that can do everything."""
        return {
            **{name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            "PYTHONPATH": str(_PROJECT),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "AUDITDECK_AS_OWNER": "true",
            "AUDITDECK_LOG_FILE": str(self.folder / "operational.log"),
            **variables,
        }


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

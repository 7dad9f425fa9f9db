"""`python -m tests.benchmarks.finding.one_writer FILE NUMBER START SECONDS`: writes one event a commit; tells how it went."""

import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from data.records import Draft, Reference
from data.services.audit_log import AuditLog
from tests.benchmarks.finding.timing import seconds_of


def main(path: Path, number: int, start: float, seconds: float) -> None:
    """Write for so many seconds, from `start` (of the system's clock) on; print how many events, and the longest wait."""
    actor = Reference("member", f"m-{number}", f"Writer {number}")
    with closing(AuditLog(str(path), ZoneInfo("UTC"))) as log:
        log.open()
        time.sleep(max(0.0, start - time.time()))
        waits: list[float] = []
        end = time.time() + seconds
        while time.time() < end:
            draft = Draft(type="token.used", occurred_at=datetime.now(UTC), actor=actor)
            waits.append(seconds_of(partial(log.append, [draft])))
    print(len(waits), max(waits))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))

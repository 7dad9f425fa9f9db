"""An import that is killed halfway and run again: nothing is lost, nothing doubled."""

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from tests.functional.cli.command_line import PROGRAM, Runner, process_environment
from tests.functional.cli.made_up_log import event_lines

RECORDS = 2_500
PATIENCE_S = 20.0


def stored(database: Path) -> int:
    """How many events are committed, as anybody else sees it."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            count: int = connection.execute("SELECT count(*) FROM event").fetchone()[0]
            return count
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_a_killed_import_run_again_holds_every_record_once(run: Runner, database: Path, tmp_path: Path) -> None:
    lines = event_lines(RECORDS, padding=500)
    # The import waits for the rest of its input when it is killed, with whole batches behind it and none ahead.
    given = lines[: len(lines) * 9 // 10]
    with subprocess.Popen(
        [*PROGRAM, "import", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=process_environment()
    ) as process:
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.flush()
        deadline = time.monotonic() + PATIENCE_S
        while stored(database) == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    before = stored(database)
    assert 0 < before < RECORDS

    source = tmp_path / "events.jsonl"
    source.write_bytes(lines)
    again = run("import", str(source), "--json").json
    assert (again["added"], again["duplicates"], again["rejected"]) == (RECORDS - before, before, 0)
    requests = set()
    page = run("events", "last:all", "--json", "--limit", "250").json
    while True:
        requests |= {item["request_id"] for item in page["items"]}
        if page["next_cursor"] is None:
            break
        page = run("events", "last:all", "--json", "--limit", "250", "--cursor", page["next_cursor"]).json
    assert requests == {json.loads(line)["request_id"] for line in lines.splitlines()}
    assert run("events", "last:all", "--count").out == f"{RECORDS}\n"

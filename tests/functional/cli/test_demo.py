"""`auditdeck demo`."""

import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from data.query import parse_query
from data.services.audit_log import AuditLog
from data.settings import Settings
from tests.functional.cli.command_line import Runner, process_environment
from tui.commands import demo
from tui.database_name import short_name

Look = Callable[[Settings, str | None], None]


class FakeConsole(ModuleType):
    """In the place of `tui.console`: looks at what there is while it would be open."""

    def __init__(self, look: Look) -> None:
        super().__init__("tui.console")
        self._look = look

    def run_console(self, settings: Settings, *, query: str | None = None) -> int:
        self._look(settings, query)
        return 0


@pytest.fixture
def open_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Look], None]:
    """Lets the console be replaced by a look at things."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr(demo, "refusal_here", lambda: None)
    return lambda look: monkeypatch.setitem(sys.modules, "tui.console", FakeConsole(look))


def events_of(settings: Settings, words: str = "last:all") -> list[tuple[datetime, str, str]]:
    """Time, type and actor of the newest events."""
    log = AuditLog(settings.database, settings.zone)
    page = log.page(parse_query(words), limit=250)
    log.close()
    return [(event.occurred_at, event.type, event.actor.label) for event in page.items]


def test_the_console_opens_on_a_private_log_that_is_gone_afterwards(
    run: Runner, open_with: Callable[[Look], None], database: Path, tmp_path: Path
) -> None:
    seen: list[tuple[str, int, int, bool, str | None]] = []

    def look(settings: Settings, query: str | None) -> None:
        path = Path(settings.database)
        log = AuditLog(settings.database, settings.zone)
        count, name = log.count(parse_query("last:all")), short_name(settings.database)
        log.close()
        recent = bool(events_of(settings, "last:24h"))
        seen.append((name, stat.S_IMODE(path.parent.stat().st_mode), count, recent, query))

    open_with(look)
    ran = run("demo", "--zone", "Europe/Berlin")
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (0, "", 1)
    assert "5,000 events" in ran.err
    ((name, mode, count, recent, query),) = seen
    assert (name, mode, recent, query) == ("demo", 0o700, True, None)
    assert 4_900 < count < 5_400
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not database.exists()


def test_seed_and_day_say_which_demo_is_made(
    run: Runner, open_with: Callable[[Look], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the same seed and moment make the same demo is for the demo's own tests."""
    made: list[tuple[datetime, int]] = []
    queries: list[str | None] = []
    monkeypatch.setattr("data.demo.make_demo", lambda _address, end, seed, **_: made.append((end, seed)))
    open_with(lambda _settings, query: queries.append(query))
    for seed in ("3", "3", "4"):
        assert run("demo", "--days-end", "2026-01-31", "--seed", seed).status == 0
    assert made[0] == made[1] and [seed for _, seed in made] == [3, 3, 4]
    assert datetime(2026, 1, 31, tzinfo=UTC) < made[0][0] <= datetime(2026, 2, 1, tzinfo=UTC)
    assert queries == ["last:all"] * 3


def test_the_day_has_to_be_over(run: Runner, open_with: Callable[[Look], None]) -> None:
    open_with(lambda _settings, _query: pytest.fail("opened"))
    tomorrow = str(datetime.now(UTC).date() + timedelta(days=1))
    for day in (tomorrow, "31.01.2026", "2026-02-30"):
        assert run("demo", "--days-end", day).status == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_the_folder_is_gone(tmp_path: Path, number: signal.Signals) -> None:
    script = """
import sys, time, types
import data.demo
from tui.commands import demo
from tui.cli import main

def run_console(settings, *, query=None):
    print("open", flush=True)
    time.sleep(60)

console = types.ModuleType("tui.console")
console.run_console = run_console
sys.modules["tui.console"] = console
demo.refusal_here = lambda: None
data.demo.make_demo = lambda address, end, seed, on_day: open(address, "w").close()
sys.exit(main(["demo"]))
"""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=process_environment(TMPDIR=str(temporary)),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        assert len(list(temporary.iterdir())) == 1
        process.send_signal(number)
        assert process.wait(timeout=20) == 128 + number
    assert list(temporary.iterdir()) == []

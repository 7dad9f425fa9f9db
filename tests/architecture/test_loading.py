"""What is loaded with what: the data without the interface, the command line without either's weight."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
_SCRIPT = """
import importlib, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
loaded = sorted(name for name in sys.argv[1].split(",") if name in sys.modules)
sys.exit(f"loaded: {loaded}" if loaded else 0)
"""


def _modules(package: str) -> list[str]:
    """Every module of a package, by name."""
    paths = sorted((PROJECT / package).rglob("*.py"))
    names = (".".join(path.relative_to(PROJECT).with_suffix("").parts) for path in paths)
    # Alembic's scripts are run by Alembic, and one begins with a digit.
    return [name.removesuffix(".__init__") for name in names if "migrations" not in name]


def _complaint(forbidden: str, *modules: str) -> str:
    """What is there of `forbidden` (with commas) once these modules are imported in a fresh process."""
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT, forbidden, *modules],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.stderr.strip() if ended.returncode else ""


def test_data_loads_without_the_interface() -> None:
    assert _complaint("textual,rich,tui", "data") == ""


def test_no_module_of_data_loads_the_interface() -> None:
    modules = _modules("data")
    assert len(modules) > 50
    assert _complaint("textual,rich,tui", *modules) == ""


@pytest.mark.parametrize("module", ["tui.cli", "tui.console", "tui.keymap"])
def test_the_command_line_loads_neither_textual_nor_sqlalchemy(module: str) -> None:
    heavy = "sqlalchemy,alembic" if module == "tui.keymap" else "textual,sqlalchemy,alembic"
    assert _complaint(heavy, module) == ""


def test_the_console_waits_for_no_subcommand() -> None:
    script = """
import sys, tui.cli
status = tui.cli.main(["--theme", "light", "--query", "last:7d"])  # refused, for want of a terminal
sys.exit(str(sorted(name for name in sys.modules if name.startswith("tui.commands"))) if status == 2 else 1)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    loaded = ended.stderr.splitlines()[-1]
    assert "'tui.commands.console'" in loaded and "'tui.commands.export'" not in loaded
    assert "tui.subcommands" not in loaded


def test_the_first_paint_waits_for_no_database() -> None:
    assert _complaint("sqlalchemy,alembic,psycopg", "tui.app") == ""


def test_the_first_frame_waits_for_no_screen_and_no_library_of_settings() -> None:
    assert _complaint("tui.app,tui.keymap,sqlalchemy,pydantic", "tui.cli", "tui.console", "tui.first_frame") == ""
    assert _complaint("pydantic,tui.screens.help,tui.screens.ending,data.exchange", "tui.cli", "tui.app") == ""


def test_the_first_answer_waits_for_what_it_needs_alone() -> None:
    unneeded = "textual,pydantic,alembic,data.services.audit_log,data.services.keeper,data.exchange"
    assert _complaint(unneeded, "tui.first_answer", "tui.reading.pages", "data.services.glance") == ""


def test_the_first_paint_waits_for_no_plot() -> None:
    """The plotting library takes a tenth of a second to load: the thread that asks for the first plot does that."""
    assert _complaint("plotext,textual_plotext", *_modules("tui")) == ""


def test_what_is_forbidden_would_be_seen() -> None:
    assert "textual" in _complaint("textual", "tui.app")
    assert "sqlalchemy" in _complaint("sqlalchemy", "data.services.audit_log")
    assert "plotext" in _complaint("plotext", "textual_plotext.plot")


def test_an_embedded_database_does_without_the_dialect_of_another() -> None:
    assert not _complaint("sqlalchemy.dialects.postgresql,psycopg", "data.services.audit_log", "tui.app")

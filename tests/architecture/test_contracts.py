"""The import contracts of pyproject.toml hold, and each would be seen to break."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
_SETTINGS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in _SETTINGS["contracts"]}

BREAKS = {
    "data-below-tui": ("data/records.py", "import tui.terminal"),
    "sqlalchemy-in-store": ("data/services/audit_log.py", "import sqlalchemy"),
    "presentation": ("tui/widgets/event_card.py", "import data.services.audit_log"),
    "screens-on-top": ("tui/widgets/event_card.py", "import tui.screens.help"),
    "reading-without-widgets": ("tui/reading/log_reading.py", "import tui.widgets.one_row"),
    "reading-below-looks": ("tui/reading/log_reading.py", "import tui.deck.window"),
    "console-below-commands": ("tui/console.py", "import tui.commands.output"),
    "services-only": ("tui/reading/log_reading.py", "import data.store"),
    "layers-data": ("data/query/model.py", "import data.exchange"),
    "base-of-screens": ("tui/screens/event_log/display.py", "import tui.screens.help"),
    "screens-apart": ("tui/screens/help.py", "import tui.screens.audit_log.screen"),
}
"""For each contract an import that it forbids, and where it is put."""


def _lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    limits = [word for contract in contracts for word in ("--contract", contract)]
    script = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", script, "--no-cache", *limits],
        cwd=folder,
        # The packages of this folder, not the ones that are installed.
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and their settings, for a test to break."""
    folder = tmp_path_factory.mktemp("copy")
    for package in ("data", "tui"):
        shutil.copytree(PROJECT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder


def test_every_contract_holds(copy: Path) -> None:
    ended = _lint(copy)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in ended.stdout


def test_every_contract_is_tried() -> None:
    assert set(BREAKS) == set(CONTRACTS)


def test_the_screens_are_all_kept_apart() -> None:
    screens = {f"tui.screens.{path.stem}" for path in (PROJECT / "tui" / "screens").glob("[!_]*")}
    bases = set(CONTRACTS["base-of-screens"]["source_modules"])
    assert set(CONTRACTS["screens-apart"]["modules"]) == screens - bases
    assert set(CONTRACTS["base-of-screens"]["forbidden_modules"]) == screens - bases


def test_every_part_of_data_is_in_a_contract() -> None:
    parts = {path.stem for path in (PROJECT / "data").glob("[!_]*.py")}
    parts |= {path.parent.name for path in (PROJECT / "data").glob("*/__init__.py")}
    layers = {name.strip() for row in CONTRACTS["layers-data"]["layers"] for name in row.split("|")}
    without_sqlalchemy = {
        name.removeprefix("data.") for name in CONTRACTS["sqlalchemy-in-store"]["source_modules"] if name != "tui"
    }
    assert parts - without_sqlalchemy == {"store", "index", "proof", "forgetting", "migrations", "version"}
    # The migrations run by themselves, and the version imports nothing.
    assert parts - layers == {"migrations", "version"}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_contract_that_is_broken_on_purpose_is_seen(copy: Path, contract: str) -> None:
    place, forbidden = BREAKS[contract]
    path = copy / place
    intact = path.read_text(encoding="utf-8")
    path.write_text(f"{intact}\n{forbidden}  # noqa\n", encoding="utf-8")
    try:
        ended = _lint(copy, contract)
    finally:
        path.write_text(intact, encoding="utf-8")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "0 kept, 1 broken" in ended.stdout

"""Tests of tui.ssh.environment."""

import subprocess
import sys
from pathlib import Path

import pytest

from tui.ssh.environment import address_of, fresh_environment, way_here

PROJECT = Path(__file__).parents[4]
OWN = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/var/lib/auditdeck",
    "USER": "auditdeck",
    "LOGNAME": "auditdeck",
}


def fresh(**given: str) -> dict[str, str]:
    """What is left beside the account's own."""
    found = fresh_environment(given, "auditdeck", "/var/lib/auditdeck")
    assert OWN.items() <= found.items()
    return {name: value for name, value in found.items() if name not in OWN}


def test_what_says_which_terminal_it_is_stays() -> None:
    of_the_terminal = {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LC_CTYPE": "sr_RS@latin",
        "LC_TERMINAL": "iTerm2",
    }
    assert fresh(**of_the_terminal) == of_the_terminal


@pytest.mark.parametrize(
    "name",
    [
        *("AUDITDECK_DATABASE", "AUDITDECK_SETTINGS", "AUDITDECK_STATE_FILE", "AUDITDECK_API_KEY", "auditdeck_zone"),
        *("TEXTUAL_DRIVER", "TEXTUAL_SCREENSHOT", "TEXTUAL_LOG", "TEXTUAL", "TEXTUAL_PRESS", "ESCDELAY"),
        *("PYTHONPATH", "PYTHONSTARTUP", "PYTHONTZPATH", "PYTHONBREAKPOINT", "LD_PRELOAD", "LOCPATH", "NLSPATH"),
        *("PGPASSFILE", "PGHOST", "PGSERVICEFILE", "PGOPTIONS", "TZ", "TZDIR", "XDG_CONFIG_HOME", "TMPDIR"),
        *("SHELL", "EDITOR", "PAGER", "BROWSER", "COLUMNS", "LINES", "FORCE_COLOR", "LC_MESSAGES", "IFS", "ENV"),
        *("SSH_ORIGINAL_COMMAND", "SSH_CONNECTION", "SSH_AUTH_SOCK", "DISPLAY"),
    ],
)
def test_nothing_else_does(name: str) -> None:
    assert fresh(**{name: "value"}) == {}


@pytest.mark.parametrize("name", ["HOME", "PATH", "USER", "LOGNAME"])
def test_the_accounts_own_is_not_the_clients_to_say(name: str) -> None:
    assert fresh(**{name: "/tmp/evil"}) == {}


@pytest.mark.parametrize("value", ["", "../../etc", "/tmp/locale", "xterm\n", "a b", "x" * 65, "-x", "%s", "\udcff"])
def test_a_terminal_and_a_locale_are_names(value: str) -> None:
    assert fresh(TERM=value, LANG=value, LC_ALL=value, COLORTERM=value) == {}


def test_no_color_is_a_yes_or_no() -> None:
    assert fresh(NO_COLOR="/etc/passwd") == {"NO_COLOR": "1"}
    assert fresh(NO_COLOR="") == {}


@pytest.mark.parametrize(
    ("connection", "address"),
    [
        ("198.51.100.7 50000 203.0.113.9 22", "198.51.100.7"),
        ("2001:db8::7 50000 2001:db8::9 22", "2001:db8::7"),
        ("fe80::1%eth0 50000 fe80::2%eth0 22", "fe80::1"),
        ("UNKNOWN 65535 UNKNOWN 65535", None),
        ("nonsense", None),
        ("", None),
        (None, None),
    ],
)
def test_the_address_is_that_of_the_client(connection: str | None, address: str | None) -> None:
    assert address_of(connection) == address


def test_the_way_here_names_the_account_and_the_port_that_is_not_the_usual_one() -> None:
    assert way_here("198.51.100.7 50000 203.0.113.9 22", "auditdeck") == ("ssh", "auditdeck@203.0.113.9")
    assert way_here("198.51.100.7 50000 2001:db8::9 2222", "auditdeck") == (
        *("ssh", "-p", "2222"),
        "auditdeck@2001:db8::9",
    )
    assert way_here(None, "auditdeck") == ("ssh", "auditdeck")


def test_nothing_that_could_look_at_the_environment_is_loaded_before_it_is_fresh() -> None:
    script = "import sys; before = set(sys.modules); import tui.ssh.__main__; print(*sorted(set(sys.modules) - before))"
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True
    )
    loaded = {name for name in ended.stdout.split() if name.startswith(("tui", "data"))}
    assert loaded == {"tui", "tui.ssh", "tui.ssh.__main__", "tui.ssh.environment"}
    assert not {"zoneinfo", "locale", "textual", "pydantic"} & set(ended.stdout.split())

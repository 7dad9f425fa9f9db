"""The command line explains itself."""

import re

import pytest

from data.version import VERSION
from tests.functional.cli.command_line import Runner
from tui.commands.command import Command
from tui.subcommands import COMMANDS

NAMES = [
    (group.name, *([command.name] if command is not group else []))
    for group in COMMANDS
    for command in ([group] if isinstance(group, Command) else group.commands)
]


def test_the_overview_has_a_line_on_every_command(run: Runner) -> None:
    ran = run("--help")
    assert (ran.status, ran.err) == (0, "")
    words = re.sub(r"\s+", " ", ran.out)
    for command in COMMANDS:
        assert f"{command.name} {command.summary}" in words


@pytest.mark.parametrize("name", NAMES, ids=" ".join)
def test_each_command_has_its_arguments_the_global_flags_and_examples(run: Runner, name: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        ran = run(*name, flag)
        assert (ran.status, ran.err) == (0, "")
        for word in ("--database", "--zone", "--theme", "--settings", "--version", f"\n  auditdeck {' '.join(name)}"):
            assert word in ran.out


def test_the_version_is_told_before_and_after_a_subcommand(run: Runner) -> None:
    assert run("--version") == run("events", "--version") == (0, f"auditdeck {VERSION}\n", "")


@pytest.mark.parametrize("words", [("nothing",), ("db",), ("event",), ("import",)], ids=" ".join)
def test_what_is_not_understood_points_to_the_help(run: Runner, words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert "--help" in ran.err

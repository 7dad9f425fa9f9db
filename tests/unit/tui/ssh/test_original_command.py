"""Tests of tui.ssh.original_command."""

import shlex
from argparse import ArgumentParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli import parse_arguments
from tui.commands.command import Command
from tui.ssh.original_command import ALLOWED, NotAllowed, command_in
from tui.subcommands import COMMANDS

WORDS = st.text(st.characters(codec="utf-8"), min_size=1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("export outcome:denied last:all", ["export", "outcome:denied", "last:all"]),
        ("  export\toutcome:denied \n", ["export", "outcome:denied"]),
        ("export 'outcome:denied last:all'", ["export", "outcome:denied last:all"]),
        # What ssh sends of: ssh HOST export 'actor:"Alice Moss" last:7d'
        ('export actor:"Alice Moss" last:7d', ["export", 'actor:"Alice Moss"', "last:7d"]),
        ("export 'actor:\"Alice Moss\"'", ["export", 'actor:"Alice Moss"']),
        ('export "actor:\\"Alice Moss\\""', ["export", 'actor:"Alice Moss"']),
        ("export actor:'Alice'*", ["export", "actor:Alice*"]),
        ("export a\\ b", ["export", "a b"]),
        ("export -outcome:success --sort=desc", ["export", "-outcome:success", "--sort=desc"]),
        ("events $(reboot) `reboot` ; reboot | sh & > /etc/passwd #", None),
        ("event 018c2f3e-5a70-7d3a-9c1b-0242ac120002 --json", None),
        ("clients --expiring 30d --all", None),
        ("requests --by client --limit 5", None),
    ],
)
def test_words_are_parted_without_a_shell(text: str, words: list[str] | None) -> None:
    assert list(command_in(text)) == (text.split() if words is None else words)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "sh",
            "bash -i",
            "/bin/sh",
            "scp -t /tmp",
            "internal-sftp",
            "/usr/lib/openssh/sftp-server",
            "rsync --server .",
        ),
        *("import x", "demo", "db upgrade", "client create x", "token inspect -", "settings", "policy", "gateway"),
        *("ssh-keys root x y", "views", "filters", "join", "keeper", "Export", "export\x00", "--version", "''", '""'),
    ],
)
def test_there_is_nothing_else(text: str) -> None:
    with pytest.raises(NotAllowed, match="Over ssh there is the console"):
        command_in(text)


@pytest.mark.parametrize(
    "flag", ["--database", "--settings", "--to", "--rejects", "--theme", "--mouse", "--query", "--"]
)
@pytest.mark.parametrize("command", ALLOWED)
def test_no_flag_that_is_not_known_to_be_harmless(command: str, flag: str) -> None:
    for words in (f"{flag}=x", f"x {flag} x", f"--zone {flag} x", f"'{flag}' x", f"\\{flag} x", f'"{flag}"'):
        with pytest.raises(NotAllowed, match=f"{flag} cannot be given over ssh"):
            command_in(f"{command} {words}")


@pytest.mark.parametrize("text", ["export 'x", 'export "x', "export x\\", "export a'b\"c"])
def test_quotes_are_closed(text: str) -> None:
    with pytest.raises(NotAllowed, match="ends within quotes"):
        command_in(text)


def test_what_is_too_long_is_not_read() -> None:
    with pytest.raises(NotAllowed, match="at most"):
        command_in(f"export {'x' * 20_000}")


@given(st.lists(WORDS))
def test_what_is_quoted_for_a_shell_is_what_was_meant(words: list[str]) -> None:
    words = [word for word in words if not word.startswith("--")]
    assert command_in(shlex.join(["export", *words])) == ("export", *words)


@given(st.text())
def test_any_text_is_a_command_or_is_refused(text: str) -> None:
    for line in (text, f"export {text}"):
        try:
            words = command_in(line)
        except NotAllowed as refused:
            assert str(refused).endswith(".")
        else:
            assert words[0] in ALLOWED


def test_every_allowed_flag_is_one_of_its_command() -> None:
    by_name = {command.name: command for command in COMMANDS if isinstance(command, Command)}
    for name, flags in ALLOWED.items():
        parser = ArgumentParser()
        by_name[name].add_arguments(parser)
        own = {option for action in parser._actions for option in action.option_strings}
        everywhere = {"--help", "--version", "--zone", "--unicode", "--no-unicode"}
        assert flags - everywhere <= own
        assert flags >= everywhere


def test_what_is_allowed_is_understood() -> None:
    arguments = parse_arguments(command_in("export outcome:denied -actor:system --sort desc --zone Europe/Berlin"))
    assert arguments.words == ["outcome:denied", "-actor:system"]
    assert (arguments.sort, arguments.zone) == ("desc", "Europe/Berlin")

"""Tests of tui.ssh.authorized_keys: what is written is read as sshd reads it."""

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access.ssh_keys import read_public_key
from tests.unit.access.sample_keys import SAMPLES
from tui.ssh.authorized_keys import authorized_line

KEY = read_public_key(SAMPLES["ed25519"].line)
PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")))


def as_sshd_reads(line: str) -> tuple[str, str]:
    """The command of a line, and what stands behind the options: by sshkey_advance_past_options and opt_dequote of OpenSSH."""
    at, quoted = 0, False
    while quoted or line[at] not in " \t":
        if line.startswith('\\"', at):
            at += 1
        elif line[at] == '"':
            quoted = not quoted
        at += 1
    options, rest = line[:at], line[at + 1 :]
    assert options.startswith('restrict,pty,command="')
    written, command = options.removeprefix('restrict,pty,command="'), ""
    while not written.startswith('"'):
        if written.startswith('\\"'):
            written = written[1:]
        command, written = command + written[0], written[1:]
    assert written == '"'
    return command, rest


def test_the_options_let_in_nothing_but_the_command() -> None:
    line = authorized_line(KEY, ("/opt/auditdeck/bin/python", "-I", "-m", "tui.ssh", "--key", KEY.fingerprint))
    command = f"exec /opt/auditdeck/bin/python -I -m tui.ssh --key {KEY.fingerprint}"
    assert line == f'restrict,pty,command="{command}" {KEY.kind} {KEY.blob}'


@given(st.lists(PRINTABLE, min_size=1))
def test_any_words_come_through_as_they_are(words: list[str]) -> None:
    command, key = as_sshd_reads(authorized_line(KEY, words))
    assert shlex.split(command) == ["exec", *words]
    assert key == KEY.line


def test_a_shell_reads_the_same_words() -> None:
    words = ['/opt/it\'s "here"/$HOME/`x`\\', "a b", "*", "~", "--join", KEY.line]
    command, _ = as_sshd_reads(authorized_line(KEY, ["printf", "%s\\n", *words]))
    told = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=10).stdout
    assert told.splitlines() == words


@pytest.mark.parametrize("word", ["a\nb", "a\rb", "a\0b", "\u2028"])
def test_a_line_stays_one(word: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        authorized_line(KEY, ("x", word))

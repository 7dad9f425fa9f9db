"""`auditdeck ssh-keys`, as sshd asks it."""

import os
import pwd
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.access.ssh_keys import read_public_key
from data.permissions import Permission
from data.services.audit_log import AuditLog
from data.store import Database
from tests.functional.cli.command_line import PROJECT, Runner
from tests.integration.events import UTC_ZONE
from tests.integration.members import put_member
from tests.unit.access.sample_keys import CERTIFICATE, SAMPLES, WEAK_RSA

ME = pwd.getpwuid(os.geteuid()).pw_name
OF_BO, OF_NOBODY = SAMPLES["ed25519"].line, SAMPLES["rsa"].line


@pytest.fixture
def log(postgres_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[AuditLog]:
    """A shared database with Bo, who has a key."""
    monkeypatch.setenv("AUDITDECK_DATABASE", postgres_address)
    with closing(Database(postgres_address)) as database, closing(AuditLog(postgres_address, UTC_ZONE)) as opened:
        bo = put_member(database, "m-bo", "Bo Lind", (Permission.ADMIN,))
        put_member(database, "m-chief", "Chief", (Permission.ADMIN,))
        opened.keys.register(bo, "m-bo", OF_BO)
        yield opened


def asked(run: Runner, line: str, *flags: str, user: str = ME) -> str:
    """What sshd is told of a key."""
    kind, blob, *_ = line.split()
    ran = run("ssh-keys", *flags, user, kind, blob)
    assert (ran.status, ran.err) == (0, "")
    return ran.out


@pytest.mark.postgres
def test_what_a_key_opens(log: AuditLog, run: Runner, tmp_path: Path) -> None:
    key, stranger = read_public_key(OF_BO), read_public_key(OF_NOBODY)
    program = f"exec {sys.executable} -I -m tui.ssh"

    def line(words: str, of: str) -> str:
        return f'restrict,pty,command="{words}" {of}\n'

    known = f"--key {key.fingerprint} --member m-bo"
    assert asked(run, OF_BO) == line(f"{program} {known}", key.line)
    assert asked(run, OF_NOBODY) == line(f"{program} --join {shlex.quote(stranger.line)}", stranger.line)

    chief = put_member(log.gate.database, "m-chief", "Chief", (Permission.ADMIN,))
    log.members.suspend(chief, "m-bo", "on leave")
    assert asked(run, OF_BO) == line(f"{program} --closed {key.fingerprint} --member m-bo", key.line)

    for nothing in (WEAK_RSA, CERTIFICATE, "ssh-ed25519 nonsense"):
        assert asked(run, nothing) == ""
    for user in ("root" if ME != "root" else "daemon", "nobody", ""):
        assert asked(run, OF_BO, user=user) == ""
    log.policy.change(chief, "ssh_join", "no")
    assert asked(run, OF_NOBODY) == ""

    settings = tmp_path / 'its "own" settings.toml'
    settings.write_text("")
    named = shlex.quote(str(settings)).replace('"', '\\"')
    assert asked(run, OF_BO, "--settings", str(settings)) == line(
        f"{program} --settings {named} --closed {key.fingerprint} --member m-bo", key.line
    )


_LOADED = """
import sys

sys.argv[0] = "auditdeck"
from tui.start import main

status = main()
print(sorted({"pydantic", "tui.cli", "data.services.audit_log"} & set(sys.modules)))
sys.exit(status)
"""


@pytest.mark.postgres
@pytest.mark.parametrize(("written", "loads_little"), [("", True), ("[nonsense", False)], ids=repr)
def test_sshd_is_answered_without_the_rest_of_the_program(
    log: AuditLog, postgres_address: str, tmp_path: Path, written: str, loads_little: bool
) -> None:
    """Twice for each sign-in; what cannot be answered so is for the whole command line to tell."""
    settings = tmp_path / "settings.toml"
    settings.write_text(f'database = "{postgres_address}"\n{written}')
    kind, blob, _ = OF_BO.split()
    asked = ["ssh-keys", "--settings", str(settings), ME, kind, blob]
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("AUDITDECK_")}
    ended = subprocess.run(
        [sys.executable, "-c", _LOADED, *asked],
        capture_output=True,
        text=True,
        env=environment | {"PYTHONPATH": str(PROJECT)},
        timeout=60,
        check=False,
    )
    *lines, loaded = ended.stdout.splitlines()
    if loads_little:
        fingerprint = read_public_key(OF_BO).fingerprint
        assert (ended.returncode, ended.stderr, loaded) == (0, "", "[]")
        assert lines[0].startswith("restrict,pty,command=") and f"--key {fingerprint} --member m-bo" in lines[0]
    else:
        assert (ended.returncode, lines) == (1, []) and "cannot be read" in ended.stderr and "tui.cli" in loaded


@pytest.mark.parametrize("flag", [("--zone", "UTC"), ("--database", "x.db"), ("--no-unicode",), ("--theme", "light")])
def test_what_whoever_comes_in_would_not_have_is_no_flag_here(run: Runner, flag: tuple[str, ...]) -> None:
    kind, blob, _ = OF_BO.split()
    ran = run("ssh-keys", *flag, ME, kind, blob)
    assert (ran.status, ran.out) == (2, "") and "would not be in force" in ran.err


def test_nobody_comes_over_ssh_to_a_file_of_ones_own(
    run: Runner, sqlite_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITDECK_DATABASE", sqlite_address)
    kind, blob, _ = OF_BO.split()
    ran = run("ssh-keys", ME, kind, blob)
    assert (ran.status, ran.out) == (1, "") and "needs a shared database" in ran.err

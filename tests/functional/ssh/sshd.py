"""A real sshd on the loopback interface, set up as the README says, and ssh to go there with."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.functional.cli.command_line import PROJECT, Ran

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
SSH, SSH_KEYGEN = shutil.which("ssh"), shutil.which("ssh-keygen")
ADDRESS = "127.0.0.1"
PATIENCE_S = 60.0
_LAST_WORDS_S = 10.0
_ATTEMPTS = 5
_ACCOUNT = "root"
"""sshd starts programs of root's alone, and lets its own account in without a password."""

_DOCUMENTED = re.compile(r"<!-- sshd -->\n```\n(.*?)```\n<!-- /sshd -->", re.DOTALL)

# The rest of a server's configuration.
_CONFIGURATION = """
Port {port}
ListenAddress {address}
HostKey {folder}/host_key
PidFile none
UsePAM no
StrictModes no
LogLevel DEBUG2
Subsystem sftp internal-sftp
"""

_PROGRAM = """#!{folder}/bin/python -I
import sys

from tui.start import main

sys.exit(main())
"""


@dataclass(frozen=True)
class Sshd:
    """A running server. Programs and settings lie in `folder`, as they would in /opt/auditdeck and /etc/auditdeck."""

    folder: Path
    port: int
    log: Path

    def key(self, name: str) -> Path:
        """A new key; its public half lies beside it."""
        path = self.folder / "keys" / name
        assert SSH_KEYGEN is not None
        command = [SSH_KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
        subprocess.run(command, check=True, timeout=PATIENCE_S)
        return path

    def words(self, key: Path, *options: str, port: int | None = None) -> list[str]:
        """The command line that goes there, or to another port of this machine, with this key and nothing else."""
        assert SSH is not None
        fixed = {
            "BatchMode": "yes",
            "ConnectTimeout": "30",
            "IdentitiesOnly": "yes",
            "IdentityAgent": "none",
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "LogLevel": "ERROR",
        }
        named = [word for name, value in fixed.items() for word in ("-o", f"{name}={value}")]
        place = ["-p", str(self.port if port is None else port), f"{_ACCOUNT}@{ADDRESS}"]
        return [SSH, "-F", "none", "-i", str(key), *options, *named, *place]

    def run(self, key: Path, *words: str, given: bytes = b"", options: Sequence[str] = ()) -> Ran:
        """Go there by a connection of its own, and run these words, as ssh does."""
        return _run([*self.words(key, *options), *words], given)

    def processes(self) -> list[int]:
        """Those that it has started and that have not ended, by their ids."""
        program = f"{self.folder}/bin/python".encode()
        return [int(one.parent.name) for one in Path("/proc").glob("[0-9]*/cmdline") if _is_running(one, program)]

    @contextmanager
    def connected(self, key: Path) -> Iterator["Connection"]:
        """A connection that many sessions share: sshd asks about the key once, and each session is a process of its own."""
        path = self.folder / f"{key.name}.sock"
        words = self.words(key, "-M", "-N", "-S", str(path), "-o", "SendEnv=*")  # as far as a session of it wants to
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + PATIENCE_S
            while not path.exists():
                assert process.poll() is None and time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.02)
            yield Connection(self, key, path)
        finally:
            _end(process)


@dataclass(frozen=True)
class Connection:
    """A connection that is open already."""

    server: Sshd
    key: Path
    socket: Path

    def words(self, *options: str) -> list[str]:
        """The command line of one more session."""
        return self.server.words(self.key, "-S", str(self.socket), *options)

    def run(
        self,
        *words: str,
        given: bytes = b"",
        options: Sequence[str] = (),
        sent: Mapping[str, str] = MappingProxyType({}),
    ) -> Ran:
        """Run these words in a session of their own, as ssh does; `sent` is what it sends of its environment."""
        sending = [word for name in sent for word in ("-o", f"SendEnv={name}")]
        return _run([*self.words(*options, *sending), *words], given, sent)

    def copy(self, program: str, *words: str) -> Ran:
        """Run scp or sftp over it; `HOST` in the words is this server."""
        path = shutil.which(program)
        assert path is not None
        options = ["-F", "none", "-o", f"ControlPath={self.socket}", "-o", "BatchMode=yes", "-P", str(self.server.port)]
        return _run([path, *options, *(word.replace("HOST", f"{_ACCOUNT}@{ADDRESS}") for word in words)], b"")


@contextmanager
def running_sshd(settings: str) -> Iterator[Sshd]:
    """The documented sshd, whose console has these settings (TOML); skips where there can be none."""
    if SSHD is None or SSH is None or SSH_KEYGEN is None:
        pytest.skip("there is no sshd here (Debian: apt-get install openssh-server)")
    if os.geteuid() != 0:
        pytest.skip("sshd starts programs of root's alone: this needs to be run as root")
    parent = next((folder for folder in (Path("/run"), Path("/var/lib"), Path.home()) if _is_roots(folder)), None)
    if parent is None:
        pytest.skip("there is no folder that root alone may write to")
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where sshd locks itself up before it knows who comes
    with tempfile.TemporaryDirectory(prefix="auditdeck-", dir=parent) as name:
        folder = Path(name)
        _install(folder)
        (folder / "settings.toml").write_text(settings.format(folder=folder))
        (folder / "keys").mkdir()
        command = [SSH_KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host_key")]
        subprocess.run(command, check=True, timeout=PATIENCE_S)
        log = folder / "sshd.log"
        for _ in range(_ATTEMPTS):  # another program may take the port before sshd does
            port = free_port()
            (folder / "sshd_config").write_text(_configuration(folder, port))
            process = subprocess.Popen([SSHD, "-D", "-f", str(folder / "sshd_config"), "-E", str(log)])
            running = Sshd(folder, port, log)
            try:
                if _answers(port, process):
                    yield running
                    return
            finally:
                _end(process)
                _wait_for_sessions(running)
        pytest.fail(f"sshd does not start: {log.read_text()}")


def _configuration(folder: Path, port: int) -> str:
    found = _DOCUMENTED.search((PROJECT / "README.md").read_text(encoding="utf-8"))
    assert found is not None, "the README has no sshd_config"
    documented = found[1]
    for there, here in (
        ("/opt/auditdeck/", f"{folder}/"),
        ("/etc/auditdeck/settings.toml", f"{folder}/settings.toml"),
        ("Match User auditdeck\n", f"Match User {_ACCOUNT}\n"),
        ("AuthorizedKeysCommandUser auditdeck\n", f"AuthorizedKeysCommandUser {_ACCOUNT}\n"),
        # Whatever a client sends of its environment is let through, which no server should.
        ("AcceptEnv LANG LC_ALL LC_CTYPE COLORTERM NO_COLOR\n", "AcceptEnv *\n"),
    ):
        assert documented.count(there) == 1, there
        documented = documented.replace(there, here)
    return _CONFIGURATION.format(port=port, address=ADDRESS, folder=folder) + documented


def _install(folder: Path) -> None:
    """The program as `pip install` would put it there: this very source, in a folder of root's."""
    paths = sysconfig.get_paths()
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (folder / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    site.mkdir(parents=True)
    (site / "auditdeck.pth").write_text("\n".join(dict.fromkeys((str(PROJECT), paths["purelib"], paths["platlib"]))))
    program = folder / "bin" / "auditdeck"
    program.write_text(_PROGRAM.format(folder=folder))
    program.chmod(0o755)
    folder.chmod(0o755)


def _is_roots(folder: Path) -> bool:
    """Whether root alone may write to a folder and to all those that it lies in."""
    for one in (folder, *folder.parents):
        found = one.stat()
        if found.st_uid != 0 or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return False
    return True


def _run(words: Sequence[str], given: bytes, environment: Mapping[str, str] | None = None) -> Ran:
    everything = {**os.environ, **(environment or {})}
    ended = subprocess.run(words, input=given, capture_output=True, env=everything, timeout=PATIENCE_S, check=False)
    return Ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def free_port() -> int:
    """One that nothing listens at, at this moment."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((ADDRESS, port)) == 0:
                return True
        time.sleep(0.02)
    return False


def _wait_for_sessions(server: Sshd) -> None:
    """Until no process of this server's is left, which could write into its folder; those that stay are killed."""
    deadline = time.monotonic() + _LAST_WORDS_S
    while left := server.processes():
        if time.monotonic() > deadline:
            for number in left:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
        time.sleep(0.05)


def _is_running(command_line: Path, program: bytes) -> bool:
    try:
        return command_line.read_bytes().startswith(program)
    except OSError:  # it has ended
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""A real sshd on the loopback interface for a benchmark: one key, and any command."""

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.deadline import OutOfTime
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.benchmarks.slow_link import LOOPBACK
from tests.benchmarks.subprocess_end import await_end, descendants, ended
from tests.benchmarks.workplace import Workplace

_SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_SSH, _SSH_KEYGEN = shutil.which("ssh"), shutil.which("ssh-keygen")
MISSING = "there is no sshd here (Debian: apt-get install openssh-server openssh-client)"
_PATIENCE_S = 20.0
_LOOK_S = 0.02

# It lets the account in that it runs as, and no other.
_CONFIGURATION = """
Port {port}
ListenAddress {address}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
"""
_OPTIONS = {
    "BatchMode": "yes",
    "ConnectTimeout": "20",
    "IdentitiesOnly": "yes",
    "IdentityAgent": "none",
    "StrictHostKeyChecking": "no",
    "UserKnownHostsFile": "/dev/null",
    "LogLevel": "ERROR",
}


@dataclass(frozen=True)
class SshServer:
    """A running server."""

    folder: Path
    port: int
    number: int
    """Of its process."""

    @contextmanager
    def on_terminal(
        self, place: Workplace, port: int, remote: Sequence[str], environment: Mapping[str, str], size: Size
    ) -> Iterator[PseudoTerminal]:
        """The terminal of an ssh that goes there by way of this port and runs a command in this environment and no other;
        the command has ended after the block, too."""
        assert _SSH is not None
        named = [word for name, value in _OPTIONS.items() for word in ("-o", f"{name}={value}")]
        given = [f"{name}={value}" for name, value in environment.items()]
        command = f"exec {shlex.join(('env', '-i', *given, *remote))}"
        there = ("-p", str(port), f"{getpass.getuser()}@{LOOPBACK}")
        words = (_SSH, "-F", "none", "-t", "-i", str(self.folder / "key"), *named, *there, command)
        sessions: list[int] = []
        try:
            with on_terminal(words, place.environment(), size, place.deadline) as terminal:
                try:
                    yield terminal
                finally:
                    sessions = descendants(self.number)  # those who lose their parent are nobody's
        finally:
            await_end(sessions)


def can_serve() -> bool:
    """Whether sshd and ssh are here."""
    return None not in (_SSHD, _SSH, _SSH_KEYGEN)


@contextmanager
def ssh_server(place: Workplace) -> Iterator[SshServer]:
    """A server within the block. Raises OutOfTime if it does not answer."""
    assert _SSHD is not None and _SSH_KEYGEN is not None
    folder = place.folder / "sshd"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where sshd locks itself up before it knows who comes
    for name in ("key", "host_key"):
        making = (_SSH_KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
        subprocess.run(making, check=True, timeout=_PATIENCE_S)
    port, configuration, log = _free_port(), folder / "sshd_config", folder / "sshd.log"
    configuration.write_text(_CONFIGURATION.format(port=port, address=LOOPBACK, folder=folder))
    words = (_SSHD, "-D", "-f", str(configuration), "-E", str(log))
    with ended(subprocess.Popen(words, stdin=subprocess.DEVNULL)) as process:
        end = time.monotonic() + place.deadline.at_most(_PATIENCE_S)
        while not _answers(port):
            if time.monotonic() > end:
                raise OutOfTime(f"sshd does not answer: {log.read_text()}")
            time.sleep(_LOOK_S)
        yield SshServer(folder, port, process.pid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0

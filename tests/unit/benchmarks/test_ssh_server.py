"""The benchmark's own sshd: who has its key is let in, sees the given environment alone, and nothing is left behind."""

import os
import sys
from pathlib import Path

import pytest

from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import Size
from tests.benchmarks.screen import Screen
from tests.benchmarks.slow_link import Link, slow_link
from tests.benchmarks.ssh_server import MISSING, can_serve, ssh_server
from tests.benchmarks.subprocess_end import descendants
from tests.benchmarks.workplace import Workplace

_SAYS = "import os, sys, time; print(sorted(os.environ), sys.stdout.isatty(), flush=True); time.sleep(60)"


@pytest.mark.skipif(not can_serve(), reason=MISSING)
def test_a_command_runs_on_a_terminal_over_a_slow_link(tmp_path: Path) -> None:
    place = Workplace(0, 1, Deadline(60), tmp_path)
    before = set(descendants(os.getpid()))
    with ssh_server(place) as server, slow_link(Link(20), server.port, os.environ) as port:
        remote = (sys.executable, "-I", "-c", _SAYS)
        given = {"ONE": "two words", "LC_CTYPE": "C.UTF-8"}
        with server.on_terminal(place, port, remote, given, Size(80, 24)) as terminal:
            Screen(terminal).wait_for(r"\['LC_CTYPE', 'ONE'\] True", 30)
            running = set(descendants(os.getpid())) - before
    assert len(running) >= 4  # ssh, the link, the server and the command
    assert not [number for number in running if Path(f"/proc/{number}").exists()]

"""How long a process takes, from its start to its end."""

import subprocess
import time
from collections.abc import Sequence

from tests.benchmarks.deadline import OutOfTime
from tests.benchmarks.workplace import Workplace


def seconds_of(place: Workplace, words: Sequence[str], patience_s: float = 60.0) -> float:
    """Run it without a terminal. Raises OutOfTime if it takes too long, RuntimeError with its message if it fails."""
    patience_s = place.deadline.at_most(patience_s)
    started = time.perf_counter()
    try:
        ended = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=place.folder,
            env=place.environment(),
            timeout=patience_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OutOfTime(f"{' '.join(words)} did not end within {patience_s:.0f} s") from None
    taken = time.perf_counter() - started
    if ended.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {ended.returncode}: {ended.stderr.decode()}")
    return taken

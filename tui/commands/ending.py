"""Ending in order when the system says so: the terminal given back, temporary files removed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Within the block, a signal that would end the process at once makes it leave instead, cleaning up on its way."""

    def leave(number: int, _frame: FrameType | None) -> None:
        for ending in taken:
            signal.signal(ending, signal.SIG_IGN)  # a second one must not break off the cleaning up
        raise SystemExit(128 + number)

    # One that is ignored stays ignored, as under nohup.
    taken = [number for number in _ENDING_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)

"""Memory that is free goes back to the system: a question over millions of events takes much of it, for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

_LONG_S = 0.05


@contextmanager
def given_back() -> Iterator[None]:
    """Give back what is free after a long question, where the C library can (glibc): that takes some milliseconds."""
    began = monotonic()
    try:
        yield
    finally:
        if monotonic() - began > _LONG_S:
            import ctypes  # which takes a while itself, and the first paint waits for what is above

            with suppress(OSError, AttributeError):
                ctypes.CDLL(None).malloc_trim(0)

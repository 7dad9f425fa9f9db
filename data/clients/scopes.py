"""What a scope of a client covers: the one rule, for whoever lets it in and for whoever explains why it was not."""

from collections.abc import Iterable

_EVERYTHING_BEYOND = ":*"


def covers(held: Iterable[str], needed: str) -> bool:
    """Whether scopes include one that is needed: itself, or `orders:*` for whatever begins with `orders:`."""
    return any(one == needed or (one.endswith(_EVERYTHING_BEYOND) and needed.startswith(one[:-1])) for one in held)

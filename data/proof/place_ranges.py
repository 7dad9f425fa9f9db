"""Places of the proof as an event tells them: `0-1999,2003`."""

from collections.abc import Iterable, Iterator

_MOST_DIGITS = 18


def ranges_of(places: Iterable[int]) -> str:
    """These places, each once, in order; runs of them are written by their first and last."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in _runs(sorted(places)))


def read_ranges(written: str, before: int) -> Iterator[tuple[int, int]]:
    """The ranges, from the first place to before the second. Raises ValueError for what is not ranges in their order of
    places before this one.
    """
    at = 0
    for part in written.split(","):
        first, dash, last = part.partition("-")
        begin, end = _place(first), _place(last if dash else first) + 1
        if not at <= begin < end <= before:
            raise ValueError("places out of their order, or that are none yet")
        yield begin, end
        at = end


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    begin = 0
    for index, place in enumerate(places):
        if index + 1 == len(places) or places[index + 1] != place + 1:
            yield places[begin], place
            begin = index + 1


def _place(written: str) -> int:
    if not written.isascii() or not written.isdigit() or len(written) > _MOST_DIGITS:
        raise ValueError("not a place")
    return int(written)

"""Places as text: `0-1999,2003`."""

from collections.abc import Iterable, Iterator


def ranges_of(places: Iterable[int]) -> str:
    """These places, each once, in order; runs of them are written by their first and last."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in _runs(sorted(places)))


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    begin = 0
    for index, place in enumerate(places):
        if index + 1 == len(places) or places[index + 1] != place + 1:
            yield places[begin], place
            begin = index + 1

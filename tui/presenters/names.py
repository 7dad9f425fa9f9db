"""Names cut so that they can still be told apart."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from os.path import commonprefix

from tui.glyphs import glyphs
from tui.terminal import cut, cut_middle, from_cluster, safe

_MOST_READ = 500


def told_apart(names: Sequence[tuple[str, int]]) -> list[str]:
    """Each name, made safe, in its number of cells; different names look different where there is a way.

    Cut at the end; where that makes two alike, in the middle; and if they are alike even so, up to where they differ.
    """
    texts = [safe(name, limit=_MOST_READ) for name, _ in names]
    shown = [cut(text, cells) for text, (_, cells) in zip(texts, names, strict=True)]
    ways: tuple[Callable[[list[str]], Callable[[str, int], str]], ...] = (lambda _: cut_middle, _from_difference)
    for way in ways:
        for places in _alike(texts, shown):
            cutting = way([texts[at] for at in places])
            for at in places:
                if shown[at] != texts[at]:
                    shown[at] = cutting(texts[at], names[at][1])
    return shown


def _alike(texts: list[str], shown: list[str]) -> list[list[int]]:
    """The places of those that are shown alike and are not the same."""
    places = defaultdict(list)
    for at, text in enumerate(shown):
        places[text].append(at)
    return [same for same in places.values() if len({texts[at] for at in same}) > 1]


def _from_difference(texts: list[str]) -> Callable[[str, int], str]:
    begin = len(commonprefix(texts))
    return lambda text, cells: (
        glyphs().cut + cut(from_cluster(text, begin), cells - 1) if cells > 1 else cut(text, cells)
    )

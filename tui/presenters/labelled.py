"""Values under labels as plain text: labels in one column, values in another."""

from collections.abc import Iterator, Sequence

from tui.terminal import cells_of, safe

_LABEL_WIDTH = 14
_WIDEST_LABEL = 32


def labelled_lines(entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A line for each label and its value, made safe."""
    labels = [safe(label, limit=_WIDEST_LABEL) for label, _ in entries]
    width = max(_LABEL_WIDTH, *(cells_of(label) for label in labels))
    for label, (_, text) in zip(labels, entries, strict=True):
        yield f"  {label}{' ' * (width - cells_of(label))}  {safe(text)}"

"""Several pictures of one console: it is brought into a state once, and then seen in other sizes and themes."""

from collections.abc import Iterable

from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from tests.functional.console.driving import Driver

Size = tuple[int, int]
FIRST: Size = (120, 40)
"""The size in which a console is brought into its state."""


async def differing(
    driver: Driver, looks: Iterable[tuple[Size, str]], snapshot: SnapshotAssertion, *, settles: bool = True
) -> list[str]:
    """Take a picture of each look, a size and a theme; the names of those that are not as they were looked at.

    A state that never `settles` waits for something that does not come: then one turn is enough.
    """
    pictures = snapshot.use_extension(SVGImageExtension)
    found = []
    for size, theme in looks:
        if driver.app.theme != theme:
            driver.app.theme = theme
        if driver.app.size != size:
            await driver.pilot.resize_terminal(*size)
        if settles:
            await driver.settle()
        await driver.pilot.pause()
        name = f"{size[0]}x{size[1]}-{theme}"
        if driver.app.export_screenshot(title=driver.app.title, simplify=True) != pictures(name=name):
            found.append(name)
    return found

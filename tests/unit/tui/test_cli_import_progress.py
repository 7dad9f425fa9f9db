"""How far an import is."""

from pathlib import Path

from data.services.importing import Progress
from tui.commands.import_progress import Reach, total_size


def progress(name: str, consumed: int) -> Progress:
    return Progress(name=name, consumed=consumed, size=None, read=0, added=0, duplicates=0, rejected=0)


def test_bytes_of_all_inputs_add_up() -> None:
    reach = Reach()
    seen = []
    for name, consumed in (("a", 10), ("a", 30), ("b", 5), ("b", 20), ("b", 7)):
        reach.note(progress(name, consumed))
        seen.append(reach.consumed)
    assert seen == [10, 30, 35, 50, 57]


def test_the_size_of_all_is_known_only_for_files(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"12345")
    second.write_bytes(b"12")
    assert total_size([str(first), str(second)]) == 7
    assert total_size([str(first), "-"]) is None
    assert total_size([str(first), str(tmp_path / "missing")]) is None

"""Which packs are kept: so many, and never those away that are just being asked for."""

import pytest

from data.index import part_reader
from data.index.part_reader import PartReader
from data.stop import Stop


def test_what_was_read_first_goes_and_what_is_asked_for_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[int]] = []

    def reading(_self: PartReader, _table: object, keys: list[int], _made_of: object) -> dict[int, int]:
        read.append(keys)
        return {key: key for key in keys}

    monkeypatch.setattr(part_reader, "_PACKS_KEPT", 4)
    monkeypatch.setattr(PartReader, "_read", reading)
    parts = PartReader(None, Stop())  # type: ignore[arg-type]

    parts.expect_packs([1, 2, 3, 4])
    parts.expect_packs([5])
    read.clear()
    assert [parts.pack(key) for key in (2, 3, 4, 5)] == [2, 3, 4, 5]  # type: ignore[comparison-overlap]
    assert not read, "one more does not cost all the others"
    parts.expect_packs(range(10, 16))
    read.clear()
    for key in range(10, 16):
        parts.pack(key)
    assert not read, "more than are kept, but asked for together"
    parts.pack(1)
    assert read == [[1]]

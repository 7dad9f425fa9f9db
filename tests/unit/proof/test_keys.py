"""The file of the key that seals."""

from pathlib import Path

import pytest

from data.proof.errors import SealingRefused
from data.proof.keys import make_key, read_key, take_key

ORIGIN = "auditdeck/018c"


def test_what_one_left_that_was_killed_goes(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a[1].key"
    path.parent.mkdir()
    (path.parent / "a[1].key.4711.new").write_text("half of a k")
    signer = make_key(path, ORIGIN)
    assert [one.name for one in path.parent.iterdir()] == ["a[1].key"] and read_key(path, ORIGIN) == signer
    with pytest.raises(FileExistsError):
        make_key(path, ORIGIN)
    assert make_key(path, ORIGIN, anew=True) == read_key(path, ORIGIN) != signer


def test_a_new_key_takes_the_place_of_the_old_one_or_it_is_said_why_not(tmp_path: Path) -> None:
    path, new, old = (tmp_path / name for name in ("k", "k.new", "k.until"))
    first, second = make_key(path, ORIGIN), make_key(new, ORIGIN)
    take_key(new, path, old)
    assert (read_key(path, ORIGIN), read_key(old, ORIGIN), new.exists()) == (second, first, False)
    with pytest.raises(SealingRefused, match="cannot be brought to"):
        take_key(new, path)

"""Which of the events that wait make a base segment, and which a late one."""

import pytest

from data.index import building
from data.index.building import _parts


def parts(ids: str, *bases: str) -> list[tuple[str, bool]]:
    """What the events with these letters as ids make, where bases reach from their first letter to their last."""
    found = _parts([letter.encode() for letter in ids], [(base[0].encode(), base[-1].encode()) for base in bases])
    return [("".join(ids[one.start : one.stop] for one in ranges), is_late) for ranges, is_late in found]


@pytest.fixture(autouse=True)
def three_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "LEAST", 3)


def test_the_first_events_and_those_after_all_others_make_a_base() -> None:
    assert parts("abc") == [("abc", False)]
    assert parts("y", "ac", "ex") == [("y", False)]


def test_enough_events_before_a_base_or_between_two_make_another_one() -> None:
    assert parts("abc", "de") == [("abc", False)]
    assert parts("fgh", "de", "xz") == [("fgh", False)]


def test_all_others_make_one_late_segment() -> None:
    assert parts("abfklmyz", "cd", "hx") == [("yz", False), ("abfklm", True)]
    assert parts("efgik", "ch", "jz") == [("efgik", True)]
    assert parts("bcdehijz", "ag", "kx") == [("hij", False), ("z", False), ("bcde", True)]

"""Ids: UUIDv7 in the order of happening, derived for what is imported."""

import secrets
from dataclasses import replace
from datetime import timedelta, timezone
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clock import from_microseconds, to_microseconds
from data.records import Draft, Source
from data.store.identity import EventIds, first_id_of, id_at, id_of, is_time_ordered
from data.tokens import Entropy
from tests.hand_clock import NOW

MICROSECONDS = st.integers(0, 253_402_300_799_999_999)  # to the end of 9999
TAILS = st.integers(0, 2**62 - 1)
DRAFT = Draft(type="user.created", occurred_at=NOW)
IMPORTED = replace(DRAFT, source=Source("elsewhere", "7"))


@given(MICROSECONDS, TAILS)
def test_id_is_a_uuid_of_version_7_that_holds_its_microsecond(microseconds: int, tail: int) -> None:
    made = id_at(microseconds, tail)

    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == microseconds // 1000
    assert made.int >> 64 & 0xFFF == microseconds % 1000
    assert is_time_ordered(made, microseconds)


@given(MICROSECONDS, TAILS, MICROSECONDS, TAILS)
def test_ids_are_in_the_order_of_happening(one: int, tail: int, other: int, other_tail: int) -> None:
    assert (id_at(one, tail) < id_at(other, other_tail)) == ((one, tail) < (other, other_tail))


@given(MICROSECONDS, st.integers(0, 2**74 - 1))
def test_first_id_of_a_millisecond_is_before_all_of_it(microseconds: int, rest: int) -> None:
    foreign = UUID(int=microseconds // 1000 << 80 | 7 << 76 | (rest >> 62) << 64 | 2 << 62 | rest & (2**62 - 1))

    assert first_id_of(microseconds) < foreign < first_id_of(microseconds + 1000)


def test_before_1970_is_before_all_ids() -> None:
    assert first_id_of(-1) == first_id_of(-(10**15)) == UUID(int=0) < id_at(0, 0)


def test_own_ids_differ_and_imported_ones_do_not() -> None:
    assert id_of(DRAFT) != id_of(DRAFT)
    assert id_of(IMPORTED) == id_of(replace(IMPORTED, reason="told otherwise"))


@pytest.mark.parametrize("entropy", [secrets.token_bytes, bytes, lambda count: b"\xff" * count])
def test_events_that_are_told_together_keep_their_order_within_a_microsecond(entropy: Entropy) -> None:
    ids = EventIds(entropy)
    told = [ids.of(DRAFT) for _ in range(100)]
    assert told == sorted(set(told))
    assert all(is_time_ordered(one, to_microseconds(NOW)) for one in told)
    assert ids.of(replace(DRAFT, occurred_at=NOW - timedelta(microseconds=1))) < told[0]


def test_imported_id_never_changes() -> None:
    # Stored in every log that imported this record: another derivation would import it twice.
    assert id_of(IMPORTED) == UUID("01a1f866-0d00-7000-bb51-f12faf5e82ce")


@pytest.mark.parametrize("source", [Source("elsewhere", "8"), Source("else", "where7"), Source("", "elsewhere7")])
def test_imported_id_depends_on_source_and_identity(source: Source) -> None:
    assert id_of(replace(IMPORTED, source=source)) != id_of(IMPORTED)


def test_imported_id_depends_on_the_instant_alone() -> None:
    elsewhere = replace(IMPORTED, occurred_at=NOW.astimezone(timezone(timedelta(hours=5, minutes=45))))

    assert id_of(elsewhere) == id_of(IMPORTED)
    assert id_of(replace(IMPORTED, occurred_at=NOW + timedelta(microseconds=1))) != id_of(IMPORTED)


def test_id_that_is_of_its_millisecond_is_kept() -> None:
    given_id = id_at(to_microseconds(NOW) + 999, 5)

    assert id_of(replace(IMPORTED, id=given_id)) == given_id


@pytest.mark.parametrize(
    "wrong",
    [
        id_at(to_microseconds(NOW) + 1000, 5),
        id_at(to_microseconds(NOW) - 1, 5),
        UUID("01a1f866-0d00-4000-8000-000000000000"),
    ],
    ids=["a millisecond later", "a microsecond earlier", "of version 4"],
)
def test_id_that_is_not_of_its_time_is_refused(wrong: UUID) -> None:
    with pytest.raises(ValueError, match="is not a UUIDv7 of 2026-11-20T10:00:00"):
        id_of(replace(DRAFT, id=wrong))


def test_what_happened_before_1970_has_no_id() -> None:
    with pytest.raises(ValueError):
        id_of(replace(DRAFT, occurred_at=from_microseconds(-1)))

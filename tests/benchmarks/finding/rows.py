"""The rows of the table `event` that the columns stand for, in the order of arrival; and the drafts that they tell of."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple, TypeAlias
from uuid import UUID

import numpy as np

from data.answers import Dimension
from data.clock import from_microseconds
from data.personal_digest import SALT_BYTES, personal_digest
from data.records import Draft, Outcome
from data.store.encoding import leaf_of
from tests.benchmarks.finding.columns import NO_DURATION, Column, Columns
from tests.benchmarks.finding.shapes import (
    VARIANTS,
    Written,
    details,
    in_bodies,
    in_personal_parts,
    reference_of,
    shape,
)
from tests.benchmarks.finding.vocabulary import vocabulary

AT_ONCE = 50_000
_SEED = 5869
_DIGITS = 32

TermIds: TypeAlias = Mapping[Dimension, Mapping[int, int | None]]
"""The ids of each dimension's terms by their codes; None for the code of none."""


class Row(NamedTuple):
    """A row of `event`, without its seq and what no made-up event has."""

    id: bytes
    occurred_at: int
    recorded_at: int
    type: int | None
    outcome: int | None
    actor: int | None
    client: int | None
    target: int | None
    service: int | None
    ip: int | None
    duration_ms: int | None
    flags: int
    leaf: bytes
    salt: bytes
    body: str
    personal: str


def chunks_of_rows(columns: Columns, term_ids: TermIds) -> Iterator[list[Row]]:
    """All rows in the order of arrival, 50,000 at once."""
    chance = np.random.default_rng(_SEED)
    for begin in range(0, len(columns), AT_ONCE):
        positions = columns.arrival[begin : begin + AT_ONCE]
        yield _rows(columns, positions, term_ids, chance.bytes(SALT_BYTES * len(positions)))


def event_ids(columns: Columns, positions: Column) -> bytes:
    """The ids at these positions one after the other: `data.store.identity.id_at` for all at once."""
    milliseconds, rest = np.divmod(columns.at[positions], 1000)
    halves = np.empty((len(positions), 2), ">u8")
    halves[:, 0] = milliseconds << 16 | 7 << 12 | rest
    halves[:, 1] = columns.tail[positions] | np.uint64(2 << 62)
    return halves.tobytes()


def event_id(columns: Columns, position: int) -> UUID:
    """The id at a position."""
    return UUID(bytes=event_ids(columns, np.array([position])))


def draft_at(columns: Columns, position: int) -> Draft:
    """What the event at a position tells, as it would be handed in."""
    terms = {
        dimension: vocabulary(dimension).terms[code]
        for dimension, codes in columns.codes.items()
        if (code := int(codes[position])) != vocabulary(dimension).none
    }
    more = details(int(columns.codes[Dimension.TYPE][position]), int(columns.tail[position]) % VARIANTS)
    duration = int(columns.duration[position])
    return Draft(
        type=terms[Dimension.TYPE].name or "",
        occurred_at=from_microseconds(int(columns.at[position])),
        outcome=Outcome(terms[Dimension.OUTCOME].name or ""),
        actor=reference_of(terms[Dimension.ACTOR]),
        client=reference_of(terms[Dimension.CLIENT]) if Dimension.CLIENT in terms else None,
        target=reference_of(terms[Dimension.TARGET]),
        service=terms[Dimension.SERVICE].name if Dimension.SERVICE in terms else None,
        duration_ms=None if duration == NO_DURATION else duration,
        ip=terms[Dimension.IP].name if Dimension.IP in terms else None,
        user_agent=more.user_agent,
        reason=more.reason,
        changes=more.changes,
        data=more.data,
        id=event_id(columns, position),
    )


def _rows(columns: Columns, positions: Column, term_ids: TermIds, salts: bytes) -> list[Row]:
    ids = event_ids(columns, positions)
    codes: dict[Dimension, list[int]] = {one: column[positions].tolist() for one, column in columns.codes.items()}
    at, recorded = columns.at[positions], columns.recorded[positions]
    durations: list[int] = columns.duration[positions].tolist()
    variants: list[int] = (columns.tail[positions] % np.uint64(VARIANTS)).tolist()
    shapes = [shape(*which) for which in zip(codes[Dimension.TYPE], variants, strict=True)]
    split_salts = [salts[begin : begin + SALT_BYTES] for begin in range(0, len(salts), SALT_BYTES)]

    def filled_with(written: Mapping[Dimension, Written]) -> Iterator[tuple[bytes, ...]]:
        return zip(*(map(words.__getitem__, codes[one]) for one, words in written.items()), strict=True)

    personals = [form.personal % names for form, names in zip(shapes, filled_with(_in_personal_parts()), strict=True)]
    bodies = [
        form.body % (actor, client, duration, name, happened, outcome, digest, received, service, target)
        for form, (actor, client, outcome, service, target), duration, name, happened, digest, received in zip(
            shapes,
            filled_with(_in_bodies()),
            [b"" if one == NO_DURATION else b'"duration_ms":%d,' % one for one in durations],
            _id_texts(ids),
            _time_texts(at),
            [personal_digest(*one).encode() for one in zip(split_salts, personals, strict=True)],
            _time_texts(recorded),
            strict=True,
        )
    ]
    keys = {one: [term_ids[one][code] for code in column] for one, column in codes.items()}
    parts = (
        [ids[begin : begin + 16] for begin in range(0, len(ids), 16)],
        at.tolist(),
        recorded.tolist(),
        *(keys[dimension] for dimension in _BEFORE_SERVICE),
        keys[Dimension.SERVICE],
        keys[Dimension.IP],
        [None if one == NO_DURATION else one for one in durations],
        [form.flags for form in shapes],
        map(leaf_of, bodies),
        split_salts,
        map(bytes.decode, bodies),
        map(bytes.decode, personals),
    )
    return list(map(Row._make, zip(*parts, strict=True)))


_BEFORE_SERVICE = (Dimension.TYPE, Dimension.OUTCOME, Dimension.ACTOR, Dimension.CLIENT, Dimension.TARGET)
_in_bodies, _in_personal_parts = cache(in_bodies), cache(in_personal_parts)


def _id_texts(ids: bytes) -> list[bytes]:
    """Ids as they are written, with hyphens."""
    digits = np.frombuffer(ids.hex().encode(), "u1").reshape(-1, _DIGITS)
    parts = np.split(digits, (8, 12, 16, 20), axis=1)
    hyphen = np.full((len(digits), 1), ord("-"), "u1")
    written = np.concatenate([piece for part in parts for piece in (part, hyphen)][:-1], axis=1)
    texts: list[bytes] = np.ascontiguousarray(written).view("S36")[:, 0].tolist()
    return texts


def _time_texts(microseconds: Column) -> list[bytes]:
    """Moments as `data.clock.to_text` writes them."""
    texts: list[bytes] = np.char.add(np.datetime_as_string(microseconds.view("M8[us]")).astype("S26"), b"Z").tolist()
    return texts

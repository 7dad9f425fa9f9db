"""Old events, some at a time: which of them go, and taking them away.

The guards of the logs let only what is noted in the same transaction be deleted, so this goes by that one way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from data.clock import from_microseconds, to_microseconds, to_text
from data.index.retiring import leave_out
from data.index.switching import hold_switches
from data.proof import tables as proof
from data.proof.place_ranges import ranges_of
from data.records import Json, Log, Seal
from data.retention import Removal, RetentionRules
from data.store.ages import Edge
from data.store.event_rows import EVENT_COLUMNS, id_of_row, read_events
from data.store.forgetting_tables import RETIRING, term_in_doubt
from data.store.identity import first_id_of
from data.store.rows_by_key import is_one_of, rows_by_key
from data.store.tables import LOG_TABLES, is_looked_through, term
from data.store.upserting import insert_into

_NAMING = ("actor", "client", "target", "ip", "session", "token")
"""The keys that say who and what it was about: the names of types and services are of no person."""

_OWN = "log."
"""How the types of events begin that tell of the log itself: they stay."""


class TakenMeanwhile(Exception):
    """What was to be removed is not as it was when it was looked at."""


@dataclass(frozen=True, slots=True)
class OldEvent:
    """An event that goes: its row's number and id, and in a sealed log its place in the proof with the hash there."""

    seq: int
    id: UUID
    place: int | None = None
    leaf: bytes | None = None


@dataclass(frozen=True, slots=True)
class Some:
    """Some old events, looked at in the order in which they happened: those that go, and what became of all of them.

    `last` is the last one's id; None where there are no more.
    """

    going: tuple[OldEvent, ...]
    removal: Removal
    last: UUID | None


def look_at_some(
    connection: sa.Connection, log: Log, edge: Edge, rules: RetentionRules, after: UUID | None, most: int
) -> Some:
    """Of at most so many events before the edge, from those after this id on, what goes by the rules."""
    table, is_sealed = LOG_TABLES[log].table, LOG_TABLES[log].is_sealed
    statement = sa.select(*EVENT_COLUMNS[log], table.c.type).where(table.c.id < first_id_of(edge.us))
    if after is not None:
        statement = statement.where(table.c.id > after)
    rows = connection.execute(statement.order_by(table.c.id).limit(most)).all()
    places = _places(connection, [row.seq for row in rows]) if is_sealed else {}
    own = set(connection.scalars(sa.select(term.c.id).where(_is_own_type())))
    going: list[OldEvent] = []
    held: Counter[UUID] = Counter()
    own_events = unproven = 0
    for row, event in zip(rows, read_events(connection, log, rows), strict=True):
        # What arrived later is as old as its arrival; and a clock that went wrong makes nothing old for all the others.
        if row.seq > edge.seq or to_microseconds(max(event.occurred_at, event.recorded_at)) >= edge.us:
            continue
        if row.type in own:
            own_events += 1
        elif event.seal is Seal.ALTERED or (is_sealed and event.seal is Seal.UNSEALED):
            unproven += 1  # it stays as evidence, or until it has its place
        elif (hold := next((one.id for one in rules.holds if one.holds(event)), None)) is not None:
            held[hold] += 1
        else:
            going.append(OldEvent(row.seq, event.id, *places.get(row.seq, (None, None))))
    removal = Removal(len(going), dict(held), own_events, unproven)
    return Some(tuple(going), removal, id_of_row(rows[-1]) if len(rows) == most else None)


def _is_own_type() -> sa.ColumnElement[bool]:
    return sa.and_(is_looked_through("type"), sa.func.substr(term.c.name, 1, len(_OWN)) == _OWN)


def _places(connection: sa.Connection, seqs: Sequence[int]) -> dict[int, tuple[int, bytes]]:
    """The place in the proof of each of these rows that has one, and the hash there."""
    if not seqs:
        return {}
    found = rows_by_key(connection, proof.leaf, ("seq", "idx", "hash"), "seq", seqs)
    return {seq: (place, bytes(leaf)) for seq, place, leaf in found}


def facts_of(log: Log, going: Sequence[OldEvent], kept_since: int) -> Mapping[str, Json]:
    """What the event tells of the removal of these: enough to prove of each place without its event that it went so."""
    facts: dict[str, Json] = {"cutoff": to_text(from_microseconds(kept_since)), "count": len(going)}
    if LOG_TABLES[log].is_sealed:
        leaves = sorted((one.place, one.leaf) for one in going if one.place is not None and one.leaf is not None)
        digest = sha256()
        for place, leaf in leaves:
            digest.update(place.to_bytes(8) + leaf)
        facts |= {"places": ranges_of([place for place, _leaf in leaves]), "removed_digest": digest.hexdigest()}
    return facts


def remove(connection: sa.Connection, log: Log, going: Sequence[OldEvent]) -> None:
    """Take these events away: their rows, and their part in the index's answers. What is noted of an erasure stays.

    Raises TakenMeanwhile where one of them is not there any more, or has come to tell of the log itself.
    """
    seqs = [one.seq for one in going]
    hold_switches(connection)  # before any row or name, as whoever erases does: neither waits for the other in a circle
    if connection.dialect.name == "postgresql":
        call = sa.select(sa.func.retire_events(LOG_TABLES[log].table.name, sa.cast(seqs, sa.ARRAY(sa.BigInteger))))
        count = connection.execute(call).scalar_one()
    else:
        count = _remove_rows(connection, log, seqs)
    if count != len(going):
        raise TakenMeanwhile(f"{count} of {len(going)} events were as they had been")
    leave_out(connection, log, [(one.seq, one.id) for one in going])


def _remove_rows(connection: sa.Connection, log: Log, seqs: Sequence[int]) -> int:
    table, noted = LOG_TABLES[log].table, RETIRING[log]
    own = sa.select(term.c.id).where(_is_own_type()).scalar_subquery()
    those = is_one_of(table.c.seq, seqs, connection.dialect)
    going = sa.select(table.c.seq).where(those, table.c.type.not_in(own))
    connection.execute(sa.insert(noted).from_select(["seq"], going))
    for dimension in _NAMING:  # the names that these had go, too, once no other event has them
        had = sa.select(table.c[dimension]).where(those, table.c[dimension].is_not(None)).distinct()
        doubt = insert_into(term_in_doubt, connection.dialect).from_select(["id"], had)
        connection.execute(doubt.on_conflict_do_nothing())
    # All that is noted: the guard takes each note away with its event.
    return connection.execute(sa.delete(table).where(table.c.seq.in_(sa.select(noted.c.seq)))).rowcount

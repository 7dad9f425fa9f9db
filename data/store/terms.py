"""The dictionary: names and ids become small integers, once, and never change."""

import hashlib
import ipaddress
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import NamedTuple, Self

import sqlalchemy as sa

from data.records import Draft, Reference
from data.store.forgetting_tables import term_epoch
from data.store.row_inserting import insert_rows
from data.store.tables import DIMENSION_NUMBERS, term

_LOOKUP_CHUNK = 500
_REMEMBERED = 100_000
_MAPPED_V4 = b"\0" * 10 + b"\xff\xff"
_DIGEST_BYTES = 16

TERMS_LOCK = int.from_bytes(b"adckterm")
"""On PostgreSQL whoever uses ids of terms shares it, by `hold_terms`; whoever removes some has it alone."""

# Ready-made, for it is asked with nearly every event.
_HOLD_TERMS = sa.text("SELECT hold_terms()")
_REMOVALS = sa.select(term_epoch.c.removals)
_LOOK_UP = sa.select(term.c.digest, term.c.id).where(term.c.digest.in_(sa.bindparam("wanted", expanding=True)))


class TermRow(NamedTuple):
    """A row of the table `term`, without its id."""

    dimension: int
    kind: str | None
    ident: str | None
    name: str | None
    folded: str | None
    address: bytes | None
    digest: bytes


TERM_COLUMNS = dict(zip(TermRow._fields, ("smallint", "text", "text", "text", "text", "bytea", "bytea"), strict=True))
"""What a row is inserted with: the columns, and their types on PostgreSQL."""


class Term(NamedTuple):
    """A value of a dimension: for who and what, its kind, id and the name then; for the rest, an id or a name alone."""

    dimension: str
    kind: str | None = None
    ident: str | None = None
    name: str | None = None

    @classmethod
    def of_reference(cls, dimension: str, reference: Reference) -> Self:
        return cls(dimension, reference.type, reference.id, reference.name)

    @property
    def digest(self) -> bytes:
        """What makes a term the same as another: 16 bytes over all its parts, None told from an empty text."""
        parts = (self.dimension, self.kind, self.ident, self.name)
        joined = "\0".join("n" if part is None else f"{len(part)}:{part}" for part in parts)
        return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()[:_DIGEST_BYTES]

    def row(self) -> TermRow:
        """As the table `term` holds it."""
        return TermRow(
            DIMENSION_NUMBERS[self.dimension],
            storable(self.kind),
            storable(self.ident),
            storable(self.name),
            None if self.name is None else storable(self.name.casefold()),
            address_bytes(self.name) if self.dimension == "ip" and self.name is not None else None,
            self.digest,
        )


def storable(text: str | None) -> str | None:
    """Text as the dictionary holds it: PostgreSQL's text cannot hold NUL, so the replacement character stands for it."""
    return text if text is None else text.replace("\0", "\ufffd")


def address_bytes(text: str) -> bytes | None:
    """An IP address as 16 bytes that sort by address, IPv4 in its mapped form; None for a host name."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address.packed if address.version == 6 else _MAPPED_V4 + address.packed


def terms_of(draft: Draft) -> dict[str, Term]:
    """The terms of an event by the name of the key column; a column that stays empty is not in it."""
    terms = {
        "type": Term("type", name=draft.type),
        "outcome": Term("outcome", name=draft.outcome.value),
        "actor": Term.of_reference("actor", draft.actor),
    }
    for dimension, reference in (("client", draft.client), ("target", draft.target)):
        if reference is not None:
            terms[dimension] = Term.of_reference(dimension, reference)
    for dimension, name in (("service", draft.service), ("ip", draft.ip)):
        if name is not None:
            terms[dimension] = Term(dimension, name=name)
    for dimension, ident in (("session", draft.session_id), ("token", draft.token)):
        if ident is not None:
            terms[dimension] = Term(dimension, ident=ident)
    return terms


class TermMemory:
    """Ids of terms that are committed, shared by all units of work of a process; bounded, forgetting all when full.

    What is in it was true as of so many removals from the dictionary, which is said with whatever is asked and learnt.
    """

    def __init__(self) -> None:
        self._ids: dict[Term, int] = {}
        self._removals = 0
        self._lock = Lock()

    def known(self, terms: Iterable[Term], removals: int) -> dict[Term, int]:
        """The ids of those of these terms that are remembered; all is forgotten that is of before a removal."""
        with self._lock:
            self._keep_up(removals)
            return {item: self._ids[item] for item in terms if item in self._ids} if removals == self._removals else {}

    def learn(self, ids: dict[Term, int], removals: int) -> None:
        """Remember what was found after so many removals, unless there were more since."""
        with self._lock:
            self._keep_up(removals)
            if removals < self._removals:
                return
            if len(self._ids) + len(ids) > _REMEMBERED:
                self._ids.clear()
            self._ids.update(ids)

    def _keep_up(self, removals: int) -> None:
        if removals > self._removals:
            self._ids.clear()
            self._removals = removals


class TermWriter:
    """Finds or adds terms within one transaction, in which none goes. What it added counts as known to others only after
    `committed`.
    """

    def __init__(self, connection: sa.Connection, memory: TermMemory) -> None:
        self._connection = connection
        self._memory = memory
        self._found: dict[Term, int] = {}
        self._removals: int | None = None

    def ids(self, terms: set[Term]) -> dict[Term, int]:
        """The id of each term, adding those that the dictionary lacks."""
        found = {item: self._found[item] for item in terms if item in self._found}
        if not found.keys() >= terms:
            if self._removals is None:
                self._removals = self._hold_terms()
            found.update(self._memory.known(terms - found.keys(), self._removals))
        missing = {item.digest: item for item in terms - found.keys()}
        if missing:
            found.update(self._look_up(missing))
            new = {digest: item for digest, item in sorted(missing.items()) if item not in found}
            if new:
                self._insert(new)
                found.update(self._look_up(new))
        self._found.update(found)
        return found

    def committed(self) -> None:
        """The transaction was committed: what it saw is true for everybody."""
        if self._removals is not None:
            self._memory.learn(self._found, self._removals)

    def _hold_terms(self) -> int:
        """How often terms went so far; none does from here on, until this transaction ends."""
        if self._connection.dialect.name == "postgresql":
            return int(self._connection.execute(_HOLD_TERMS).scalar_one())
        return int(self._connection.execute(_REMOVALS).scalar_one())  # on SQLite, nobody else writes

    def _look_up(self, wanted: dict[bytes, Term]) -> dict[Term, int]:
        found: dict[Term, int] = {}
        digests = list(wanted)
        for start in range(0, len(digests), _LOOKUP_CHUNK):
            chunk = digests[start : start + _LOOKUP_CHUNK]
            rows = self._connection.execute(_LOOK_UP, {"wanted": chunk})
            found.update({wanted[bytes(digest)]: term_id for digest, term_id in rows})
        return found

    def _insert(self, new: Mapping[bytes, Term]) -> None:
        """Add terms by their digests, in whose order they come: so two writers that add the same ones wait for, and never
        on, each other. Another may have added one meanwhile; then it is theirs, and looked up like the others.
        """
        insert_rows(self._connection, term, TERM_COLUMNS, [item.row() for item in new.values()], "digest")

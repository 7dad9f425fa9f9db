"""API clients and their tokens: reading them, and writing them inside a unit of work. Never commits."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from hmac import compare_digest
from itertools import groupby
from math import gcd
from typing import Any

import sqlalchemy as sa

from data.clients.model import ApiClient, ClientDetails, Token
from data.clock import from_microseconds, to_microseconds
from data.hostile import holds_hostile
from data.naming.look_alikes import skeleton
from data.store.identity import first_id_of
from data.store.moments import moment_of, stored_moment
from data.store.row_changing import change_row
from data.store.tables import api_client, request, term, token, token_use
from data.store.upserting import insert_into

_WRITE_LOCK = int.from_bytes(b"adckclnt")
"""The number of the lock under which clients are written on PostgreSQL; any that nobody else would think of."""

_IS_THERE = api_client.c.deleted_at.is_(None)


class ClientReader:
    """The clients as they are in one transaction, each with its tokens in the order of their issue."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def all(self, *, include_deleted: bool = False) -> tuple[ApiClient, ...]:
        """Every client, by name."""
        found = self._clients() if include_deleted else self._clients(_IS_THERE)
        return tuple(sorted(found, key=lambda client: (client.name.casefold(), client.id)))

    def find(self, client_id: str) -> ApiClient | None:
        """The client with this id, a deleted one too."""
        if holds_hostile(client_id):  # some of these characters no database takes
            return None
        return next(self._clients(api_client.c.id == client_id), None)

    def named(self, name: str) -> ApiClient | None:
        """The client that is there under this name, or one that looks like it."""
        return next(self._clients(_IS_THERE, api_client.c.skeleton == skeleton(name)), None)

    def holding(self, public_id: str) -> ApiClient | None:
        """The client that the token with this public id is one of."""
        holder = sa.select(token.c.client_id).where(token.c.public_id == public_id).scalar_subquery()
        return next(self._clients(api_client.c.id == holder), None)

    def called(self, name: str) -> tuple[ApiClient, ...]:
        """Those under this name or one that looks like it, deleted ones too."""
        return tuple(self._clients(api_client.c.skeleton == skeleton(name)))

    def has_secret(self, public_id: str, digest: bytes) -> bool:
        """Whether the token with this public id is the one of which this is the SHA-256."""
        kept = self._connection.execute(sa.select(token.c.digest).where(token.c.public_id == public_id)).scalar()
        return kept is not None and compare_digest(kept, digest)

    def holding_like(self, beginning: str, most: int) -> tuple[ApiClient, ...]:
        """At most so many clients with a token whose public id begins so, the oldest of them first."""
        begins = sa.func.substr(token.c.public_id, 1, len(beginning)) == beginning
        holders = (
            sa.select(token.c.client_id)
            .where(begins)
            .group_by(token.c.client_id)
            .order_by(sa.func.min(token.c.issued_at), token.c.client_id)
            .limit(most)
        )
        found = self._clients(api_client.c.id.in_(holders))
        return tuple(sorted(found, key=lambda client: (client.created_at, client.id)))

    def deleted_ids(self) -> tuple[str, ...]:
        """The ids of those that were deleted."""
        return tuple(self._connection.execute(sa.select(api_client.c.id).where(~_IS_THERE)).scalars())

    def names(self) -> tuple[str, ...]:
        """The names that are taken."""
        return tuple(self._connection.execute(sa.select(api_client.c.name).where(_IS_THERE)).scalars())

    def due(self, today: date) -> tuple[str, ...]:
        """The ids of those that can have expired before this day, or tokens of theirs, of which the log does not tell."""
        has_lapsed = sa.and_(api_client.c.expires < today, api_client.c.expired_at.is_(None))
        is_over = sa.and_(token.c.overlap_ends < today, token.c.ended_at.is_(None))
        holders = sa.select(token.c.client_id).where(is_over)
        live = sa.and_(_IS_THERE, api_client.c.revoked_at.is_(None))
        statement = sa.select(api_client.c.id).where(live, sa.or_(has_lapsed, api_client.c.id.in_(holders)))
        return tuple(self._connection.execute(statement.order_by(api_client.c.id)).scalars())

    def ending(self, first: date, last: date) -> int:
        """How many that nothing has ended before have their last day between these two, both included."""
        live = sa.and_(
            _IS_THERE,
            api_client.c.revoked_at.is_(None),
            api_client.c.expired_at.is_(None),
            api_client.c.expires.between(first, last),
        )
        return self._connection.execute(sa.select(sa.func.count()).select_from(api_client).where(live)).scalar_one()

    def calls(self, edges: Sequence[int]) -> dict[str, list[int]]:
        """How many requests each client made between each two of these times (microseconds UTC, rising), by its id.

        By the id: a client goes by other names in the log before and after it was renamed.
        """
        # The longest stretch that no edge cuts through, as in the histogram.
        length = gcd(*edges)
        piece: sa.Label[int] = sa.literal_column(f"request.occurred_at / {length}", sa.BigInteger).label("piece")
        counted = (
            sa.select(request.c.client, piece, sa.func.count().label("calls"))
            .where(
                request.c.id >= first_id_of(edges[0]),
                request.c.id < first_id_of(edges[-1]),
                request.c.client.is_not(None),
            )
            .group_by(request.c.client, sa.text("2"))
            .subquery()
        )
        statement = sa.select(term.c.ident, counted.c.piece, counted.c.calls).select_from(
            counted.join(term, counted.c.client == term.c.id)
        )
        found: dict[str, list[int]] = {}
        for row in self._connection.execute(statement.where(term.c.ident.is_not(None))):
            counts = found.setdefault(row.ident, [0] * (len(edges) - 1))
            counts[min(max(bisect_right(edges, int(row.piece) * length) - 1, 0), len(counts) - 1)] += int(row.calls)
        return found

    def _clients(self, *conditions: sa.ColumnElement[bool]) -> Iterator[ApiClient]:
        statement = (
            sa.select(api_client, *_token_columns())
            .select_from(api_client.outerjoin(token).outerjoin(token_use))
            .where(*conditions)
            .order_by(api_client.c.id, token.c.issued_at, token.c.public_id)
        )
        rows = self._connection.execute(statement).mappings()
        for _, of_one in groupby(rows, key=lambda row: row["id"]):
            yield _client(list(of_one))


class ClientWriter(ClientReader):
    """Writes clients, one writer at a time: what was looked at within the unit of work is still so when it is changed."""

    def __init__(self, connection: sa.Connection) -> None:
        if connection.dialect.name == "postgresql":  # on an embedded database the unit of work is alone already
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
        super().__init__(connection)

    def add(self, client: ApiClient) -> None:
        """Add a client without its tokens. Its name must be free."""
        self._connection.execute(sa.insert(api_client).values(id=client.id, **_values(client)))

    def change(self, client: ApiClient) -> None:
        """Make the stored client of this id this one, but for its tokens."""
        change_row(self._connection, api_client.c.id, client.id, _values(client))

    def add_token(self, client_id: str, new: Token, digest: bytes) -> None:
        """Add a token; `digest` is the SHA-256 of the whole of it."""
        self._connection.execute(
            sa.insert(token).values(
                public_id=new.public_id, client_id=client_id, digest=digest, issued_at=to_microseconds(new.issued_at)
            )
        )

    def change_token(self, changed: Token) -> None:
        """Keep when a token ends or has ended."""
        wanted = {
            "overlap_ends": changed.overlap_ends,
            "ended_at": stored_moment(changed.ended_at),
            "end_reason": changed.end_reason,
        }
        change_row(self._connection, token.c.public_id, changed.public_id, wanted)

    def has_token(self, public_id: str) -> bool:
        """Whether there is, or ever was, a token of this public id."""
        return (
            self._connection.execute(sa.select(token.c.public_id).where(token.c.public_id == public_id)).first()
            is not None
        )


class TokenUses:
    """When tokens were last used; written by whoever authenticates them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def note(self, uses: Iterable[tuple[str, datetime, str | None]]) -> None:
        """Keep the public id, time (UTC) and address of uses; one that is older than what is there is passed over."""
        rows = [{"public_id": one, "last_used_at": to_microseconds(at), "last_used_ip": ip} for one, at, ip in uses]
        if not rows:
            return
        statement: Any = insert_into(token_use, self._connection.dialect)
        new = statement.excluded
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["public_id"],
                set_={"last_used_at": new.last_used_at, "last_used_ip": new.last_used_ip},
                where=token_use.c.last_used_at < new.last_used_at,
            ),
            sorted(rows, key=lambda row: str(row["public_id"])),
        )


def _token_columns() -> list[sa.ColumnElement[Any]]:
    columns = (*(one for one in token.c if one.name not in ("client_id", "digest")), *list(token_use.c)[1:])
    return [column.label(f"token_{column.name}") for column in columns]


def _client(rows: list[sa.RowMapping]) -> ApiClient:
    row = rows[0]
    return ApiClient(
        id=row["id"],
        details=ClientDetails(
            name=row["name"],
            expires=row["expires"],
            description=row["description"],
            owner=row["owner"],
            scopes=tuple(row["scopes"].split()),
            networks=tuple(row["networks"].split()),
        ),
        created_at=from_microseconds(row["created_at"]),
        changed_at=from_microseconds(row["changed_at"]),
        revision=row["revision"],
        expired_at=moment_of(row["expired_at"]),
        revoked_at=moment_of(row["revoked_at"]),
        revoked_by=row["revoked_by"],
        revoke_reason=row["revoke_reason"],
        deleted_at=moment_of(row["deleted_at"]),
        tokens=tuple(_token(one) for one in rows if one["token_public_id"] is not None),
    )


def _token(row: sa.RowMapping) -> Token:
    return Token(
        public_id=row["token_public_id"],
        issued_at=from_microseconds(row["token_issued_at"]),
        overlap_ends=row["token_overlap_ends"],
        ended_at=moment_of(row["token_ended_at"]),
        end_reason=row["token_end_reason"],
        last_used_at=moment_of(row["token_last_used_at"]),
        last_used_ip=row["token_last_used_ip"],
    )


def _values(client: ApiClient) -> dict[str, Any]:
    details = client.details
    return {
        "name": details.name,
        "skeleton": skeleton(details.name),
        "description": details.description,
        "owner": details.owner,
        "scopes": " ".join(details.scopes),
        "networks": " ".join(details.networks),
        "expires": details.expires,
        "created_at": to_microseconds(client.created_at),
        "changed_at": to_microseconds(client.changed_at or client.created_at),
        "expired_at": stored_moment(client.expired_at),
        "revoked_at": stored_moment(client.revoked_at),
        "revoked_by": client.revoked_by,
        "revoke_reason": client.revoke_reason,
        "deleted_at": stored_moment(client.deleted_at),
        "revision": client.revision,
    }

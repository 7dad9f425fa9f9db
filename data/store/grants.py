"""What each PostgreSQL role may do to each table: as little as its program needs, and nothing that is not here.

Rows that tell of somebody are added and changed, and never deleted; what they are about (whose key, whose token, which
address was invited, since when) is not changed either. Which person may change what, the gate says before every service:
that binds whoever comes in by ssh, and only guides whoever has a login of their own, which this is.

What awaits its seal, or the index, is noted by triggers with the rights of whoever writes the event: hence INSERT there.
A new table is an entry with each role that needs it; a test compares this with the tables that there are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class DatabaseRole(StrEnum):
    """What a role is for. Its name begins with the prefix of its log."""

    OWNER = "owner"
    CONSOLE = "console"
    KEEPER = "keeper"
    GATEWAY = "gateway"
    READ_ONLY = "readonly"


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be done to the rows of one table: `reads` and `changes` are columns, None for all of them."""

    reads: tuple[str, ...] | None = None
    adds: bool = False
    changes: tuple[str, ...] = ()
    deletes: bool = False

    def verbs(self) -> Iterator[str]:
        """As GRANT says them."""
        if self.reads is None:
            yield "SELECT"
        elif self.reads:
            yield f"SELECT ({', '.join(self.reads)})"
        if self.adds:
            yield "INSERT"
        if self.changes:
            yield f"UPDATE ({', '.join(self.changes)})"
        if self.deletes:
            yield "DELETE"


def _changed(*columns: str) -> Rights:
    """Added, and changed in these columns."""
    return Rights(adds=True, changes=columns)


_READ = Rights()
_ADDED = Rights(adds=True)
_WRITTEN = Rights(reads=(), adds=True)
"""Added, and not looked at by whoever adds it."""
_REPLACED = Rights(adds=True, deletes=True)
"""Added and deleted, and never changed: a rule's new value is a new row, and a link is there or is not."""
_TAKEN = Rights(deletes=True)
"""By whoever does what it waits for."""

_PROOF = ("log_identity", "sealing_key", "leaf", "tile", "checkpoint")
_INDEX = ("index_segment", "index_pack", "index_place", "index_tally", "index_alias")
_INDEX_PARTS = ("index_pack", "index_place", "index_tally")
_ENDS_OF_TOKEN = ("overlap_ends", "ended_at", "end_reason")
_ENDS_OF_SESSION = ("ended_at", "ending", "ended_by")
_TOKEN_BUT_FOR_ITS_DIGEST = ("public_id", "client_id", "issued_at", *_ENDS_OF_TOKEN)

_CONSOLE = {
    "alembic_version": _READ,
    # The logs.
    **dict.fromkeys(("event", "request", "term", "pending", "unindexed_event", "unindexed_request"), _ADDED),
    **dict.fromkeys((*_PROOF, *_INDEX, "upkeep"), _READ),
    "index_damage": _ADDED,
    # What is erased, removed and held; erasing itself is the function's.
    **dict.fromkeys(
        ("erasure", "retiring_event", "retiring_request", "index_gone", "term_epoch", "term_in_doubt"), _READ
    ),
    "hold": _changed("lifted_at", "lifted_by"),
    # What is of one person alone, or is forgotten after a while.
    "saved_view": Rights(
        adds=True, changes=("name", "folded", "query", "is_shared", "revision", "saved_at"), deletes=True
    ),
    "reading_mark": Rights(adds=True, changes=("event_id", "newest_id", "left_at"), deletes=True),
    "join_attempt": Rights(adds=True, changes=("count",), deletes=True),
    # API clients and their tokens.
    "api_client": _changed(
        *("name", "skeleton", "description", "owner", "scopes", "networks", "expires", "changed_at"),
        *("expired_at", "revoked_at", "revoked_by", "revoke_reason", "deleted_at", "revision"),
    ),
    "token": _changed(*_ENDS_OF_TOKEN),
    "token_use": _changed("last_used_at", "last_used_ip"),
    # Who may do what, and the organisation's rules.
    **dict.fromkeys(("policy", "member_role", "group_role", "group_member", "ssh_key"), _REPLACED),
    "role": _changed("name", "skeleton", "description", "permissions", "deleted_at", "revision"),
    "member_group": _changed("name", "skeleton", "description", "deleted_at", "revision"),
    "member": _changed("name", "email", "folded", "status", "revision"),
    "invitation": _changed(
        *("code_digest", "invited_by_type", "invited_by_id", "invited_by_name", "expires_at"),
        *("accepted_at", "accepted_by", "revoked_at", "expired_at", "delivery", "attempts", "last_error"),
        *("next_try_at", "sent_at", "revision"),
    ),
    "console_session": _changed("seen_at", *_ENDS_OF_SESSION),
}

_KEEPER = {
    **dict.fromkeys(("alembic_version", "policy", "log_identity", "request"), _READ),
    "event": _ADDED,
    "term": _REPLACED,  # once no event has them, those that an erased one had
    # Sealing.
    **dict.fromkeys(("sealing_key", "leaf"), _ADDED),
    "tile": _REPLACED,
    "pending": _REPLACED,
    "checkpoint": _REPLACED,
    # The index.
    "index_segment": Rights(
        adds=True,
        changes=(
            *("log", "is_late", "is_live", "size", "begin", "low", "high", "least_seq", "most_seq", "built_by"),
            *("directory", "moments", "digest"),
        ),
        deletes=True,
    ),
    **dict.fromkeys(_INDEX_PARTS, _REPLACED),
    "index_alias": _REPLACED,
    "index_damage": _REPLACED,
    "index_gone": Rights(adds=True, changes=("digest", "body"), deletes=True),
    # What is erased, removed and held; removing itself is the function's.
    **dict.fromkeys(("erasure", "hold"), _READ),
    "term_epoch": _changed("removals"),
    "term_in_doubt": _TAKEN,
    "unindexed_event": _REPLACED,
    "unindexed_request": _TAKEN,
    # What time brings about.
    "api_client": Rights(changes=("expired_at", "changed_at", "revision")),
    "token": Rights(reads=_TOKEN_BUT_FOR_ITS_DIGEST, changes=("ended_at", "end_reason")),
    "token_use": _READ,
    "console_session": Rights(changes=_ENDS_OF_SESSION),
    "member": Rights(reads=("id", "name")),
    "invitation": Rights(
        changes=(
            *("code_digest", "expired_at", "delivery", "attempts", "last_error", "next_try_at", "sent_at"),
            "revision",
        )
    ),
    "upkeep": _changed("ran_at", "told"),
}

_GATEWAY = {
    **dict.fromkeys(("alembic_version", "policy", "term_epoch"), _READ),
    "term": _ADDED,
    "request": Rights(reads=("id", "body", "personal"), adds=True),
    "unindexed_request": _WRITTEN,
    "api_client": Rights(
        reads=(
            *("id", "name", "scopes", "networks", "expires", "created_at", "expired_at", "revoked_at", "deleted_at"),
        )
    ),
    "token": Rights(reads=(*_TOKEN_BUT_FOR_ITS_DIGEST, "digest")),
    "token_use": _changed("last_used_at", "last_used_ip"),
}

RIGHTS: Mapping[DatabaseRole, Mapping[str, Rights]] = MappingProxyType(
    {
        DatabaseRole.CONSOLE: MappingProxyType(_CONSOLE),
        DatabaseRole.KEEPER: MappingProxyType(_KEEPER),
        DatabaseRole.GATEWAY: MappingProxyType(_GATEWAY),
        # Of the events, with the names in them and what proves them; of nobody's client, key, session or rule.
        DatabaseRole.READ_ONLY: MappingProxyType(
            dict.fromkeys(("alembic_version", "event", "request", "term", "pending", "erasure", *_PROOF), _READ)
        ),
    }
)
"""What each role may do to each table; what is not here, it may not. The owner may do what owners may."""

_HOLD_TERMS = "hold_terms()"
_ERASE = "erase_event(uuid, boolean, uuid, text, integer[], bigint, bigint, integer, text)"
FUNCTIONS: Mapping[DatabaseRole, tuple[str, ...]] = MappingProxyType(
    {
        # Each holds the dictionary still while it uses ids of it; erasing looks at who asks again.
        DatabaseRole.CONSOLE: (_HOLD_TERMS, _ERASE),
        DatabaseRole.GATEWAY: (_HOLD_TERMS,),
        # Removes what is too old to be kept.
        DatabaseRole.KEEPER: (_HOLD_TERMS, "retire_events(text, bigint[])"),
    }
)
"""The owner's own functions that a role may execute; those with the owner's rights look themselves at what they let pass."""

_OF_THE_OWNER = ("retiring_event", "retiring_request")
"""Written by the owner's own functions alone."""

TABLES = tuple(sorted({*_OF_THE_OWNER, *(table for tables in RIGHTS.values() for table in tables)}))
"""All of them."""


def grants_to(name: str, role: DatabaseRole) -> Iterator[str]:
    """The statements that give what a role of this kind needs to the one of this name, which is quoted already."""
    together: dict[str, list[str]] = {}
    for table, rights in RIGHTS[role].items():
        together.setdefault(", ".join(rights.verbs()), []).append(table)
    for verbs, tables in together.items():
        yield f"GRANT {verbs} ON TABLE {', '.join(tables)} TO {name}"
    for function in FUNCTIONS.get(role, ()):
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {name}"

"""What a PostgreSQL role may do that a console, a gateway or a keeper connects with: as little as the services need.

Rows that tell of somebody are added and changed, and never deleted; what they are about (whose key, whose token, which
address was invited, since when) is not changed either. Which person may change what, the gate says before every service:
that binds whoever comes in by ssh, and only guides whoever has a login of their own, which this is.
"""

_READ = ("alembic_version", "log_identity", "sealing_key", "leaf", "tile", "checkpoint")
_ADDED = ("event", "request", "pending", "term", "index_alias")
"""Never changed."""

_REPLACED = ("policy", "member_role", "group_role", "group_member", "ssh_key")
"""Added and deleted, and never changed: a rule's new value is a new row, and a link is there or is not."""

_OWN = ("saved_view", "reading_mark", "join_attempt")
"""What is of one person alone, or is forgotten after a while."""

_INDEX = (
    *("index_segment", "index_pack", "index_place", "index_tally", "index_damage"),
    *("unindexed_event", "unindexed_request"),
)
"""What can be made again from the events."""

_CHANGED = {
    "api_client": (
        *("name", "skeleton", "description", "owner", "scopes", "networks", "expires", "created_at", "changed_at"),
        *("expired_at", "revoked_at", "revoked_by", "revoke_reason", "deleted_at", "revision"),
    ),
    "token": ("overlap_ends", "ended_at", "end_reason"),
    "token_use": ("last_used_at", "last_used_ip"),
    "role": ("name", "skeleton", "description", "permissions", "deleted_at", "revision"),
    "member_group": ("name", "skeleton", "description", "deleted_at", "revision"),
    "member": ("name", "email", "folded", "status", "revision"),
    "invitation": (
        *("roles", "groups", "code_digest", "invited_by_type", "invited_by_id", "invited_by_name", "expires_at"),
        *("accepted_at", "accepted_by", "revoked_at", "expired_at", "delivery", "attempts", "last_error"),
        *("next_try_at", "sent_at", "revision"),
    ),
    "console_session": ("seen_at", "ended_at", "ending", "ended_by"),
    "upkeep": ("ran_at", "told"),
}
"""By the table, the columns that are ever changed."""


def grants_to(role: str) -> list[str]:
    """The statements that give it to a role, whose name is quoted already."""
    return [
        f"GRANT SELECT ON {', '.join(_READ)} TO {role}",
        f"GRANT SELECT, INSERT ON {', '.join((*_ADDED, *_CHANGED))} TO {role}",
        f"GRANT SELECT, INSERT, DELETE ON {', '.join(_REPLACED)} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join((*_OWN, *_INDEX))} TO {role}",
        *(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {role}" for table, columns in _CHANGED.items()),
    ]

"""API clients and their tokens."""

from functools import partial

from data.catalogue.registry import EventType, Family, Tab

_client = partial(
    EventType, tab=Tab.ADMIN, facts=("expires", "scopes", "networks", "status", "overlap_ends", "puts_back")
)
_token = partial(EventType, tab=Tab.ADMIN, facts=("expires", "overlap_ends", "scopes", "status", "replaced_by"))

FAMILIES: tuple[Family, ...] = (
    Family(
        "api_client",
        "API client",
        (
            _client("api_client.read", "API clients read", "Read API clients"),
            _client("api_client.created", "API client created", "Create API client"),
            _client("api_client.updated", "API client updated", "Update API client"),
            _client("api_client.revoked", "API client revoked", "Revoke API client"),
            _client("api_client.deleted", "API client deleted", "Delete API client"),
            _client("api_client.expired", "API client expired", "Expire API client"),
        ),
    ),
    Family(
        "token",
        "Token",
        (
            _token("token.issued", "Token issued", "Issue token"),
            _token("token.rotated", "Token rotated", "Rotate token"),
            _token("token.prolonged", "Token overlap prolonged", "Prolong token overlap"),
            _token("token.ended", "Token ended", "End token"),
            _token("token.copied", "Token copied", "Copy token"),
            _token("token.saved", "Token saved", "Save token"),
            _token("token.printed", "Token printed", "Print token"),
            _token("token.expired", "Token expired", "Expire token"),
            _token("token.inspected", "Token inspected", "Inspect token"),
            _token("token.used", "Use of token noted", "Note use of token"),
        ),
    ),
)

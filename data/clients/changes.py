"""What a change of a client tells: each field that is another now, before and after."""

from data.clients.model import ClientDetails
from data.records import Change, Json

STATUS = "status"
OVERLAP = "overlap_ends"


def field_values(details: ClientDetails) -> dict[str, Json]:
    """Every field as events tell it; None where it is empty."""
    return {
        "name": details.name or None,
        "description": details.description or None,
        "owner": details.owner or None,
        "scopes": list(details.scopes) or None,
        "networks": list(details.networks) or None,
        "expires": details.expires.isoformat(),
    }


def changes_between(before: ClientDetails | None, after: ClientDetails) -> tuple[Change, ...]:
    """The fields that differ; without a `before`, all that are set."""
    earlier: dict[str, Json] = {} if before is None else field_values(before)
    return tuple(
        Change(name, earlier.get(name), value)
        for name, value in field_values(after).items()
        if earlier.get(name) != value
    )

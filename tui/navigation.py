"""Going from one screen to another with a query in one's hand, and back again."""

from datetime import datetime
from typing import Protocol

from data.permissions import Permission
from data.query import EventQuery
from data.records import Event, Reference
from tui.reading.history import Place


class Navigation(Protocol):
    """What the application does for its screens. All of it is done at once: the next key is the other screen's."""

    def open_log(self, query: EventQuery, place: Place | None = None) -> None:
        """Read this query in the audit log, from `place` on (None: from its newest event)."""

    def open_requests(self, query: EventQuery, place: Place | None = None) -> None:
        """Read this query in the request log, from `place` on (None: from its newest request)."""

    def open_client(self, client_id: str) -> None:
        """Show the API client with this id."""

    def open_access(self, reference: Reference) -> None:
        """Show this member, group, role, invitation or session."""

    def open_put_back(self, event: Event) -> None:
        """Open the form of the API client that this update changed, with the values before it."""

    def open_why(self, subject: Reference, remark: str | None = None) -> None:
        """Tell why this client's calls are refused, or that they are not; `remark` is said above it."""

    def open_member_why(
        self, member: Reference, at: datetime | None = None, permission: Permission | None = None
    ) -> None:
        """Tell why this member may do this at a moment (None: now), or why not; without a permission, of all of them."""

    def open_export(self, query: EventQuery) -> None:
        """Open the form that takes away what this query selects in the audit log."""

    def go_back(self) -> bool:
        """To where the last such jump began, if this screen was come to by one; whether it was."""

    def is_turned_away(self) -> bool:
        """Whether one may no longer be here, as it is now: it is asked, and the answer waited for."""

    def show_expiring(self, count: int) -> None:
        """So many API clients expire soon: said in the first row of every screen."""

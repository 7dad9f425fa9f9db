"""The screens that have a number: each is one entry here, and what makes it one in `tui.app`."""

from dataclasses import dataclass

from data.permissions import Permission


@dataclass(frozen=True, slots=True)
class NumberedScreen:
    """A screen: the key that goes there, its id, its name in the first row, and what it is called among the keys.

    `needs` is the permission without which there is nothing to be seen, `needs_too` are others.
    """

    key: str
    id: str
    title: str
    words: str
    needs: Permission | None = None
    needs_too: tuple[Permission, ...] = ()

    @property
    def needed(self) -> tuple[Permission, ...]:
        """All the permissions that it needs."""
        return self.needs_too if self.needs is None else (self.needs, *self.needs_too)


SCREENS = (
    NumberedScreen("1", "log", "Audit log", "Audit log: who changed what", Permission.AUDIT_READ),
    NumberedScreen("2", "clients", "Clients", "API clients: who may call", Permission.CLIENTS_READ),
    NumberedScreen(
        "3", "access", "Access", "Access: members, groups, roles, invitations, sessions", Permission.ACCESS_READ
    ),
    NumberedScreen("4", "requests", "Requests", "Requests: what API clients called", Permission.REQUESTS_READ),
    NumberedScreen("5", "system", "System", "System: database, rules, settings, keeper"),
)
FIRST = SCREENS[0]
"""The one that the console begins with."""

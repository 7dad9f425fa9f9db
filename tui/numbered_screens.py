"""The screens that have a number: each is one entry here, and what makes it one in `tui.app`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NumberedScreen:
    """A screen: the key that goes there, its id, its name in the first row, and what it is called among the keys."""

    key: str
    id: str
    title: str
    words: str


SCREENS = (
    NumberedScreen("1", "log", "Audit log", "Audit log: who changed what"),
    NumberedScreen("2", "clients", "Clients", "API clients: who may call"),
    NumberedScreen("3", "access", "Access", "Access: members, groups, roles, invitations, sessions"),
    NumberedScreen("4", "requests", "Requests", "Requests: what API clients called"),
)
FIRST = SCREENS[0]
"""The one that the console begins with."""

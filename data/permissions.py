"""Permissions: what a member may do here. Scopes, which say what a token may do at the services, are another thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a member may do. Stored with roles: never rename one."""

    AUDIT_READ = "audit:read"
    AUDIT_WRITE = "audit:write"
    REQUESTS_READ = "requests:read"
    CLIENTS_READ = "clients:read"
    CLIENTS_WRITE = "clients:write"
    ACCESS_READ = "access:read"
    ACCESS_WRITE = "access:write"
    SETTINGS_WRITE = "settings:write"
    ADMIN = "admin"

    @property
    def words(self) -> str:
        """What it lets one do, as one says it: "view audit logs"."""
        return _WORDS[self]


@dataclass(frozen=True, slots=True)
class PermissionGroup:
    """Permissions that are shown, and usually given, together."""

    name: str
    permissions: tuple[Permission, ...]


_WORDS = {
    Permission.AUDIT_READ: "view audit logs",
    Permission.AUDIT_WRITE: "manage audit logs",
    Permission.REQUESTS_READ: "view requests",
    Permission.CLIENTS_READ: "view API clients",
    Permission.CLIENTS_WRITE: "manage API clients",
    Permission.ACCESS_READ: "view members, groups and roles",
    Permission.ACCESS_WRITE: "manage members, groups and roles",
    Permission.SETTINGS_WRITE: "change the organisation's rules",
    Permission.ADMIN: "do everything",
}

PERMISSION_GROUPS = (
    PermissionGroup("LOG-MANAGEMENT", (Permission.AUDIT_READ, Permission.AUDIT_WRITE)),
    PermissionGroup("REQUEST-MONITORING", (Permission.REQUESTS_READ,)),
    PermissionGroup("CLIENT-MANAGEMENT", (Permission.CLIENTS_READ, Permission.CLIENTS_WRITE)),
    PermissionGroup("ACCESS-MANAGEMENT", (Permission.ACCESS_READ, Permission.ACCESS_WRITE)),
    PermissionGroup("SETTINGS-MANAGEMENT", (Permission.SETTINGS_WRITE,)),
    PermissionGroup("ADMINISTRATION", (Permission.ADMIN,)),
)

_ALL = frozenset(Permission)


def effective(held: Iterable[Permission]) -> frozenset[Permission]:
    """What these permissions come to: `admin` has all."""
    found = frozenset(held)
    return _ALL if Permission.ADMIN in found else found

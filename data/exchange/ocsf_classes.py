"""Which class and which activity of the OCSF schema an event is of.

The schema is that of version 1.8.0 (github.com/ocsf/ocsf-schema, March 2026), the last in which all four classes stand
without a mark that they are on their way out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA_VERSION = "1.8.0"

OTHER = 99
CREATE, READ, UPDATE, DELETE = 1, 2, 3, 4
"""Of API Activity and of Entity Management."""


@dataclass(frozen=True, slots=True)
class OcsfClass:
    """A class of events, and what its activities are called by their numbers."""

    uid: int
    name: str
    category_uid: int
    category: str
    activities: Mapping[int, str]


_IAM = 3, "Identity & Access Management"

API_ACTIVITY = OcsfClass(
    6003, "API Activity", 6, "Application Activity", {1: "Create", 2: "Read", 3: "Update", 4: "Delete"}
)
"""Where everything goes that is of no other class: it asks for least of what an event may not have."""
ACCOUNT_CHANGE = OcsfClass(
    3001, "Account Change", *_IAM, {1: "Create", 2: "Enable", 4: "Password Reset", 5: "Disable", 6: "Delete"}
)
USER_ACCESS = OcsfClass(3005, "User Access Management", *_IAM, {1: "Assign Privileges", 2: "Revoke Privileges"})
ENTITY_MANAGEMENT = OcsfClass(
    3004,
    "Entity Management",
    *_IAM,
    {1: "Create", 2: "Read", 3: "Update", 4: "Delete", 9: "Disable", 10: "Activate"},
)
_DISABLE, _ACTIVATE = 9, 10

CLASSES = (API_ACTIVITY, ACCOUNT_CHANGE, USER_ACCESS, ENTITY_MANAGEMENT)

_ACCOUNTS: Mapping[str, int] = {
    "member.joined": 1,
    "member.updated": OTHER,
    "member.suspended": 5,
    "member.reinstated": 2,
    "member.removed": 6,
    "member.key_registered": OTHER,
    "member.key_removed": OTHER,
    "user.created": 1,
    "user.updated": OTHER,
    "user.deleted": 6,
    "user.invited": OTHER,
    "user.disabled": 5,
    "user.enabled": 2,
    "user.password_reset": 4,
    "authgear.user.created": 1,
    "authgear.user.deleted": 6,
    "authgear.user.disabled": 5,
    "authgear.user.reenabled": 2,
    "authgear.user.profile_updated": OTHER,
}
_PRIVILEGES: Mapping[str, int] = {
    "role.granted": 1,
    "role.withdrawn": 2,
    "group.member_added": 1,
    "group.member_removed": 2,
    "user.role_changed": 1,
}
_ENTITIES = frozenset(
    {
        *("api_client", "token", "role", "group", "invitation", "policy", "view"),
        *("project", "project_config", "api_proxy", "onprem_key"),
    }
)
"""The families of what is managed."""
_OF_ENTITIES: Mapping[str, int] = {
    "accepted": _ACTIVATE,
    "created": CREATE,
    "deleted": DELETE,
    "ended": _DISABLE,
    "expired": _DISABLE,
    "issued": CREATE,
    "prolonged": UPDATE,
    "read": READ,
    "resent": UPDATE,
    "revoked": _DISABLE,
    "rotated": UPDATE,
    "saved": UPDATE,
    "sent": CREATE,
    "shared": UPDATE,
    "updated": UPDATE,
    "version_created": UPDATE,
}
_VERBS: Mapping[str, int] = {
    verb: activity
    for activity, verbs in {
        CREATE: "add added create created import imported invite issue issued register registered upload",
        READ: "describe download export exported get head inspected list lookup read search view viewed",
        UPDATE: "attach change changed detach disable disabled edit enable enabled granted modify modified patch "
        "prolonged put rename renamed replace rotated set unset update updated withdrawn",
        DELETE: "delete deleted destroy ended erased purge remove removed retired revoke revoked terminate terminated",
    }.items()
    for verb in verbs.split()
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def classes_of(tag: str) -> tuple[tuple[OcsfClass, int], ...]:
    """The classes that an event of this type can be of, with its activity in each; the first that it has all for is its.

    The last one is API Activity, for which nothing has to be there.
    """
    family, _, act = tag.partition(".")
    fallback = API_ACTIVITY, _activity_of(tag)
    if tag in _ACCOUNTS:
        return (ACCOUNT_CHANGE, _ACCOUNTS[tag]), fallback
    if tag in _PRIVILEGES:
        return (USER_ACCESS, _PRIVILEGES[tag]), (ENTITY_MANAGEMENT, UPDATE), fallback
    if family in _ENTITIES:
        return (ENTITY_MANAGEMENT, _OF_ENTITIES.get(act, OTHER)), fallback
    return (fallback,)


def _activity_of(tag: str) -> int:
    """What a call does, by the verb in its name: `PutObject`, `create_user` and `member_added` all have one."""
    words = [word.lower() for word in _WORD.findall(tag.rpartition(".")[2])]
    return next((_VERBS[word] for word in (*words[:1], *words[-1:]) if word in _VERBS), OTHER)

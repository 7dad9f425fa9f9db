"""What the organisation runs: projects, API proxies, users, on-premises keys and project configuration."""

from functools import partial

from data.catalogue.registry import EventType, Family, Tab

_project = partial(EventType, tab=Tab.ADMIN, facts=("environment", "status"))
_proxy = partial(EventType, tab=Tab.ADMIN, facts=("version", "from_environment", "to_environment"))
_user = partial(EventType, tab=Tab.USERS, facts=("status",))
_key = partial(EventType, tab=Tab.ADMIN, facts=("expires", "fingerprint"))
_config = partial(EventType, tab=Tab.ADMIN)

FAMILIES: tuple[Family, ...] = (
    Family(
        "project",
        "Project",
        (
            _project("project.created", "Project created", "Create project"),
            _project("project.updated", "Project updated", "Update project"),
            _project("project.deleted", "Project deleted", "Delete project"),
        ),
    ),
    Family(
        "api_proxy",
        "API proxy",
        (
            _proxy("api_proxy.created", "API proxy created", "Create API proxy"),
            _proxy("api_proxy.updated", "API proxy updated", "Update API proxy"),
            _proxy("api_proxy.deleted", "API proxy deleted", "Delete API proxy"),
            _proxy("api_proxy.version_created", "API proxy version created", "Create API proxy version"),
            _proxy("api_proxy.promotion_started", "API proxy promotion started", "Start API proxy promotion"),
        ),
    ),
    Family(
        "user",
        "User",
        (
            _user("user.created", "User created", "Create user"),
            _user("user.updated", "User updated", "Update user"),
            _user("user.deleted", "User deleted", "Delete user"),
            _user("user.invited", "User invited", "Invite user"),
            _user("user.disabled", "User disabled", "Disable user"),
            _user("user.enabled", "User enabled", "Enable user"),
            _user("user.password_reset", "User's password reset", "Reset user's password"),
            _user("user.role_changed", "User's role changed", "Change user's role"),
        ),
    ),
    Family(
        "onprem_key",
        "On-premises key",
        (
            _key("onprem_key.created", "On-premises key created", "Create on-premises key"),
            _key("onprem_key.rotated", "On-premises key rotated", "Rotate on-premises key"),
            _key("onprem_key.revoked", "On-premises key revoked", "Revoke on-premises key"),
            _key("onprem_key.deleted", "On-premises key deleted", "Delete on-premises key"),
        ),
    ),
    Family(
        "project_config",
        "Project configuration",
        (_config("project_config.updated", "Project configuration updated", "Update project configuration"),),
    ),
)

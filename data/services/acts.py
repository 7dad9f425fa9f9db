"""What each service does, and the permission that it needs: one table, which the gate goes by.

The type is that of the event that tells of the act; of what only reads, of the event that tells that it was refused.
"""

from data.permissions import Permission
from data.services.gate import Act

READ_LOG = Act("log.read", Permission.AUDIT_READ)
APPEND_EVENTS = Act("log.imported", Permission.AUDIT_WRITE)

READ_REQUESTS = Act("requests.read", Permission.REQUESTS_READ)
APPEND_REQUESTS = Act("requests.imported", Permission.AUDIT_WRITE, for_system=True)

# A view is a query over the log, and of no use to whoever may not read that.
READ_VIEWS = Act("view.read", Permission.AUDIT_READ)
SAVE_VIEW = Act("view.saved", Permission.AUDIT_READ)
SHARE_VIEW = Act("view.shared", Permission.AUDIT_READ)
DELETE_VIEW = Act("view.deleted", Permission.AUDIT_READ)

READ_CLIENTS = Act("api_client.read", Permission.CLIENTS_READ)
CREATE_CLIENT = Act("api_client.created", Permission.CLIENTS_WRITE)
UPDATE_CLIENT = Act("api_client.updated", Permission.CLIENTS_WRITE)
REVOKE_CLIENT = Act("api_client.revoked", Permission.CLIENTS_WRITE)
DELETE_CLIENT = Act("api_client.deleted", Permission.CLIENTS_WRITE)
# An API client may replace its own token, and tell what became of the new one.
ISSUE_TOKEN = Act("token.issued", Permission.CLIENTS_WRITE)
ROTATE_TOKEN = Act("token.rotated", Permission.CLIENTS_WRITE, by_oneself=True)
PROLONG_TOKEN = Act("token.prolonged", Permission.CLIENTS_WRITE)
END_TOKEN = Act("token.ended", Permission.CLIENTS_WRITE)
HAND_OVER_TOKEN = {
    how: Act(f"token.{how}", Permission.CLIENTS_WRITE, by_oneself=True) for how in ("copied", "saved", "printed")
}
INSPECT_TOKEN = Act("token.inspected", Permission.CLIENTS_READ)

# What time alone brings about is logged in the system's name. On an embedded database nobody else is there to do it,
# and its owner holds everything.
NOTE_EXPIRED = Act("api_client.expired", Permission.ADMIN, for_system=True)
NOTE_USED = Act("token.used", Permission.ADMIN, for_system=True)

# Whoever is let in works under these rules, and may know them.
READ_POLICY = Act("policy.read", for_system=True)
CHANGE_POLICY = Act("policy.updated", Permission.SETTINGS_WRITE)

READ_ACCESS = Act("access.read", Permission.ACCESS_READ)

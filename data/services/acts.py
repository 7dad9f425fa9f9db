"""What each service does, and the permission that it needs: one table, which the gate goes by.

The type is that of the event that tells of the act; of what only reads, of the event that tells that it was refused.
"""

from data.permissions import Permission
from data.services.gate import Act

READ_LOG = Act("log.read", Permission.AUDIT_READ)
APPEND_EVENTS = Act("log.imported", Permission.AUDIT_WRITE)

# That the log is sealed, and how far, is for whoever is let in; and so is telling that it does not hold.
WATCH_PROOF = Act("log.verified", for_system=True)
VERIFY = Act("log.verified", Permission.AUDIT_READ, for_system=True)
TELL_OF_MISMATCH = Act("log.checkpoint_mismatch", for_system=True)

ERASE = Act("log.event_erased", Permission.AUDIT_WRITE)

EXPORT = Act("log.exported", Permission.AUDIT_READ)
# That something was taken away is told whatever has become of the one who took it.
NOTE_EXPORT = Act("log.exported", for_system=True)
# What waited was read by somebody who might: whoever is let in may hand it in.
HAND_IN_READINGS = Act("log.read")

# That something arrived everybody may know who is let in. What it is, reading tells.
WATCH_ARRIVALS = Act("log.read")

READ_REQUESTS = Act("requests.read", Permission.REQUESTS_READ)
APPEND_REQUESTS = Act("requests.imported", Permission.AUDIT_WRITE, for_system=True)
RECORD_CALL = Act("requests.imported", Permission.ADMIN, for_system=True)

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

# A single command over ssh is an event, and no session; whoever has neither is turned away before anybody has come in.
RUN_COMMAND = Act("session.signed_in")
TURN_AWAY = Act("session.refused", Permission.ADMIN, for_system=True, changes_access=True)

BEGIN_SESSION = Act("session.signed_in")
KEEP_SESSION = Act("session.signed_in")
LEAVE_SESSION = Act("session.signed_out")
END_OWN_SESSION = Act("session.ended")
END_SESSION = Act("session.ended", Permission.ACCESS_WRITE)
NOTE_LOST = Act("session.lost", Permission.ADMIN, for_system=True)

READ_ACCESS = Act("access.read", Permission.ACCESS_READ)
CREATE_ROLE = Act("role.created", Permission.ACCESS_WRITE, changes_access=True)
EDIT_ROLE = Act("role.updated", Permission.ACCESS_WRITE, changes_access=True)
DELETE_ROLE = Act("role.deleted", Permission.ACCESS_WRITE, changes_access=True)
CREATE_GROUP = Act("group.created", Permission.ACCESS_WRITE, changes_access=True)
EDIT_GROUP = Act("group.updated", Permission.ACCESS_WRITE, changes_access=True)
DELETE_GROUP = Act("group.deleted", Permission.ACCESS_WRITE, changes_access=True)
EDIT_MEMBER = Act("member.updated", Permission.ACCESS_WRITE, changes_access=True)
SUSPEND_MEMBER = Act("member.suspended", Permission.ACCESS_WRITE, changes_access=True)
REINSTATE_MEMBER = Act("member.reinstated", Permission.ACCESS_WRITE, changes_access=True)
REMOVE_MEMBER = Act("member.removed", Permission.ACCESS_WRITE, changes_access=True)

# Keys of one's own are everybody's own business. Whose a key is, sshd asks before anybody has come in.
READ_OWN_KEYS = Act("access.read")
READ_KEY_STANDING = Act("access.read", Permission.ACCESS_READ, for_system=True)
REGISTER_OWN_KEY = Act("member.key_registered", changes_access=True)
REGISTER_ANOTHERS_KEY = Act("member.key_registered", Permission.ACCESS_WRITE, changes_access=True)
REMOVE_OWN_KEY = Act("member.key_removed", changes_access=True)
REMOVE_ANOTHERS_KEY = Act("member.key_removed", Permission.ACCESS_WRITE, changes_access=True)

INVITE = Act("invitation.sent", Permission.ACCESS_WRITE, changes_access=True)
INVITE_FIRST = Act("invitation.sent", Permission.ADMIN, for_system=True, changes_access=True)
RESEND_INVITATION = Act("invitation.resent", Permission.ACCESS_WRITE, changes_access=True)
REVOKE_INVITATION = Act("invitation.revoked", Permission.ACCESS_WRITE, changes_access=True)
NOTE_INVITATIONS_OVER = Act("invitation.expired", Permission.ADMIN, for_system=True, changes_access=True)
LOOK_FOR_MAILS = Act("invitation.delivery_failed", Permission.ADMIN, for_system=True)
SEND_MAIL = Act("invitation.delivery_failed", Permission.ADMIN, for_system=True, changes_access=True)
# Whoever types a code is nobody here yet: the code alone says that they may. The limits are looked at without holding up
# those who have members and groups to themselves.
LOOK_AT_LIMITS = Act("invitation.accepted", Permission.ADMIN, for_system=True)
JOIN = Act("invitation.accepted", Permission.ADMIN, for_system=True, changes_access=True)

# What rules and holds say is removed by the system alone.
RETIRE = Act("log.retired", Permission.ADMIN, for_system=True)
PLACE_HOLD = Act("log.hold_placed", Permission.SETTINGS_WRITE)
LIFT_HOLD = Act("log.hold_lifted", Permission.SETTINGS_WRITE)
READ_HOLDS = Act("log.read", Permission.AUDIT_READ)

READ_HEALTH = Act("system.read")
# The index is made of what is there already and shows it to nobody: whoever is let in may have it made.
INDEX = Act("keeper.ran", for_system=True)
# Whoever can seal has the key, which says that they may.
SEAL = Act("keeper.ran", for_system=True)
REPLACE_KEY = Act("log.key_replaced", Permission.ADMIN, for_system=True)
NOTE_UPKEEP = Act("keeper.ran", Permission.ADMIN, for_system=True)

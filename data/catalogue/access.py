"""Who may do what, and who is here: roles, groups, invitations, members and their sessions."""

from functools import partial

from data.catalogue.registry import EventType, Family, Tab

_role = partial(
    EventType, tab=Tab.ADMIN, facts=("permissions", "members", "groups", "invitations", "grantee_type", "grantee")
)
_group = partial(EventType, tab=Tab.ADMIN, facts=("member", "members", "roles", "invitations"))
_invitation = partial(EventType, tab=Tab.ADMIN, facts=("expires", "roles", "groups", "given_up", "terminal"))
_member = partial(EventType, tab=Tab.ADMIN, facts=("status", "key_type", "bits", "roles", "groups"))
_session = partial(EventType, tab=Tab.ADMIN, facts=("program_version", "terminal"))

FAMILIES: tuple[Family, ...] = (
    Family(
        "access",
        "Access",
        (
            # What reads leaves an event where it was refused.
            EventType("access.read", "Members, groups and roles read", "Read members, groups and roles", Tab.ADMIN),
        ),
    ),
    Family(
        "role",
        "Role",
        (
            _role("role.created", "Role created", "Create role"),
            _role("role.updated", "Role updated", "Update role"),
            _role("role.deleted", "Role deleted", "Delete role"),
            _role("role.granted", "Role granted", "Grant role"),
            _role("role.withdrawn", "Role withdrawn", "Withdraw role"),
        ),
    ),
    Family(
        "group",
        "Group",
        (
            _group("group.created", "Group created", "Create group"),
            _group("group.updated", "Group updated", "Update group"),
            _group("group.deleted", "Group deleted", "Delete group"),
            _group("group.member_added", "Member added to group", "Add member to group"),
            _group("group.member_removed", "Member removed from group", "Remove member from group"),
        ),
    ),
    Family(
        "invitation",
        "Invitation",
        (
            _invitation("invitation.sent", "Invitation sent", "Send invitation"),
            _invitation("invitation.resent", "Invitation sent again", "Send invitation again"),
            _invitation("invitation.revoked", "Invitation revoked", "Revoke invitation"),
            _invitation("invitation.accepted", "Invitation accepted", "Accept invitation"),
            _invitation("invitation.expired", "Invitation expired", "Expire invitation"),
            _invitation("invitation.delivery_failed", "Invitation not delivered", "Deliver invitation"),
        ),
    ),
    Family(
        "member",
        "Member",
        (
            _member("member.joined", "Member joined", "Join as a member"),
            _member("member.updated", "Member updated", "Update member"),
            _member("member.suspended", "Member suspended", "Suspend member"),
            _member("member.reinstated", "Member reinstated", "Reinstate member"),
            _member("member.removed", "Member removed", "Remove member"),
            _member("member.key_registered", "SSH key registered", "Register SSH key"),
            _member("member.key_removed", "SSH key removed", "Remove SSH key"),
        ),
    ),
    Family(
        "session",
        "Session",
        (
            _session("session.signed_in", "Signed in", "Sign in"),
            # Stands in the log as denied, so "Try to sign in" is what its cards say.
            _session("session.refused", "Sign-in refused", "Try to sign in"),
            _session("session.signed_out", "Signed out", "Sign out"),
            _session("session.lost", "Session lost", "Keep session"),
            _session("session.ended", "Session ended by somebody else", "End somebody else's session"),
        ),
    ),
)

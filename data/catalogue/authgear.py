"""The activity types of Authgear's audit log, under tags of our own.

Authgear's name gives the tag by `authgear_tag`; what it is called stands in the table. No field of theirs is a fact:
what is imported may hold personal data anywhere. Source of the names: the `AuditLogActivityType` enumeration of
Authgear's Admin API.
"""

import re

from data.catalogue.registry import EventType, Family, Tab

# Rest of the tag, done, attempted.
_Row = tuple[str, str, str]

_MUTATION_NAME = re.compile(r"admin_api_mutation_(.+)_executed")


def _family(group: str, name: str, tab: Tab, *rows: _Row) -> Family:
    prefix = f"authgear.{group}"
    types = tuple(EventType(f"{prefix}.{rest}", done, attempted, tab) for rest, done, attempted in rows)
    return Family(prefix, f"Authgear {name}", types)


def _mutation(rest: str, done: str, attempted: str) -> _Row:
    # Says who acted, since most of these can be done by the user as well, which is another type.
    return rest, f"{done} via Admin API", f"{attempted} via Admin API"


FAMILIES: tuple[Family, ...] = (
    _family(
        "admin_api",
        "Admin API",
        Tab.ADMIN,
        # One group and many roles, or one role and many groups: the plural tells which.
        _mutation("add_group_to_roles", "Roles added to group", "Add roles to group"),
        _mutation("add_group_to_users", "Users added to group", "Add users to group"),
        _mutation("add_resource_to_clientid", "Client resource added", "Add client resource"),
        _mutation("add_role_to_groups", "Role added to groups", "Add role to groups"),
        _mutation("add_role_to_users", "Role added to users", "Add role to users"),
        _mutation("add_scopes_to_clientid", "Client scopes added", "Add client scopes"),
        _mutation("add_user_to_groups", "User added to groups", "Add user to groups"),
        _mutation("add_user_to_roles", "Roles added to user", "Add roles to user"),
        _mutation("anonymize_user", "User anonymised", "Anonymise user"),
        _mutation("create_authenticator", "Sign-in method created", "Create sign-in method"),
        _mutation("create_group", "Group created", "Create group"),
        _mutation("create_identity", "Identity created", "Create identity"),
        _mutation("create_resource", "Resource created", "Create resource"),
        _mutation("create_role", "Role created", "Create role"),
        _mutation("create_scope", "Scope created", "Create scope"),
        _mutation("create_session", "Session created", "Create session"),
        _mutation("create_user", "User created", "Create user"),
        _mutation("delete_authenticator", "Sign-in method deleted", "Delete sign-in method"),
        _mutation("delete_authorization", "App permission deleted", "Delete app permission"),
        _mutation("delete_group", "Group deleted", "Delete group"),
        _mutation("delete_identity", "Identity deleted", "Delete identity"),
        _mutation("delete_resource", "Resource deleted", "Delete resource"),
        _mutation("delete_role", "Role deleted", "Delete role"),
        _mutation("delete_scope", "Scope deleted", "Delete scope"),
        _mutation("delete_user", "User deleted", "Delete user"),
        _mutation("generate_oob_otp_code", "One-time code generated", "Generate one-time code"),
        _mutation("remove_group_from_roles", "Roles removed from group", "Remove roles from group"),
        _mutation("remove_group_from_users", "Users removed from group", "Remove users from group"),
        _mutation("remove_resource_from_clientid", "Client resource removed", "Remove client resource"),
        _mutation("remove_role_from_groups", "Role removed from groups", "Remove role from groups"),
        _mutation("remove_role_from_users", "Role removed from users", "Remove role from users"),
        _mutation("remove_scopes_from_clientid", "Client scopes removed", "Remove client scopes"),
        _mutation("remove_user_from_groups", "User removed from groups", "Remove user from groups"),
        _mutation("remove_user_from_roles", "Roles removed from user", "Remove roles from user"),
        _mutation("replace_scopes_of_clientid", "Client scopes replaced", "Replace client scopes"),
        _mutation("reset_account_lockout", "User unlocked", "Unlock user"),
        _mutation("reset_password", "Password reset", "Reset password"),
        _mutation("revoke_all_sessions", "All sessions ended", "End all sessions"),
        _mutation("revoke_session", "Session ended", "End session"),
        _mutation("schedule_account_anonymization", "Anonymisation scheduled", "Schedule anonymisation"),
        _mutation("schedule_account_deletion", "Deletion scheduled", "Schedule deletion"),
        _mutation("send_reset_password_message", "Password reset link sent", "Send password reset link"),
        _mutation("set_account_valid_from", "User's start date set", "Set user's start date"),
        _mutation("set_account_valid_period", "User's valid period set", "Set user's valid period"),
        _mutation("set_account_valid_until", "User's end date set", "Set user's end date"),
        _mutation("set_disabled_status", "User disabled or enabled", "Disable or enable user"),
        _mutation("set_password_expired", "Password expiry changed", "Change password expiry"),
        _mutation("set_verified_status", "Verified status changed", "Change verified status"),
        _mutation("unschedule_account_anonymization", "Anonymisation called off", "Call off anonymisation"),
        _mutation("unschedule_account_deletion", "Deletion called off", "Call off deletion"),
        _mutation("update_group", "Group updated", "Update group"),
        _mutation("update_identity", "Identity updated", "Update identity"),
        _mutation("update_resource", "Resource updated", "Update resource"),
        _mutation("update_role", "Role updated", "Update role"),
        _mutation("update_scope", "Scope updated", "Update scope"),
        _mutation("update_user", "User updated", "Update user"),
    ),
    _family(
        "authentication",
        "authentication",
        Tab.USERS,
        ("blocked", "Sign-in blocked", "Sign in"),
        ("identity_anonymous_failed", "Anonymous sign-in failed", "Sign in anonymously"),
        ("identity_biometric_failed", "Biometric sign-in failed", "Sign in with biometrics"),
        ("identity_login_id_failed", "Login ID not found", "Find login ID"),
        ("primary_oob_otp_email_failed", "Email code check failed", "Check email code"),
        ("primary_oob_otp_sms_failed", "SMS code check failed", "Check SMS code"),
        ("primary_password_failed", "Password check failed", "Check password"),
        ("secondary_oob_otp_email_failed", "Second-step email code check failed", "Check second-step email code"),
        ("secondary_oob_otp_sms_failed", "Second-step SMS code check failed", "Check second-step SMS code"),
        ("secondary_password_failed", "Second-step password check failed", "Check second-step password"),
        ("secondary_recovery_code_failed", "Recovery code check failed", "Check recovery code"),
        ("secondary_totp_failed", "Authenticator code check failed", "Check authenticator code"),
    ),
    _family(
        "bot_protection",
        "bot protection",
        Tab.USERS,
        ("verification_failed", "Bot check failed", "Check for bots"),
    ),
    # "Try to" keeps a message that broke apart from one that was sent: both are attempts to send it.
    _family(
        "email",
        "email",
        Tab.USERS,
        ("error", "Email not sent", "Try to send email"),
        ("sent", "Email sent", "Send email"),
        ("suppressed", "Email held back", "Hold back email"),
    ),
    _family(
        "fraud_protection",
        "fraud protection",
        Tab.USERS,
        ("decision_recorded", "Fraud decision recorded", "Record fraud decision"),
    ),
    _family(
        "identity",
        "identity",
        Tab.USERS,
        ("biometric_disabled", "Biometric sign-in turned off", "Turn off biometric sign-in"),
        ("biometric_enabled", "Biometric sign-in turned on", "Turn on biometric sign-in"),
        ("email_added", "Email address added", "Add email address"),
        ("email_removed", "Email address removed", "Remove email address"),
        ("email_unverified", "Email address marked unverified", "Mark email address unverified"),
        ("email_updated", "Email address updated", "Update email address"),
        ("email_verified", "Email address verified", "Verify email address"),
        ("oauth_connected", "Sign-in provider connected", "Connect sign-in provider"),
        ("oauth_disconnected", "Sign-in provider disconnected", "Disconnect sign-in provider"),
        ("phone_added", "Phone number added", "Add phone number"),
        ("phone_removed", "Phone number removed", "Remove phone number"),
        ("phone_unverified", "Phone number marked unverified", "Mark phone number unverified"),
        ("phone_updated", "Phone number updated", "Update phone number"),
        ("phone_verified", "Phone number verified", "Verify phone number"),
        ("username_added", "Username added", "Add username"),
        ("username_removed", "Username removed", "Remove username"),
        ("username_updated", "Username updated", "Update username"),
    ),
    _family(
        "m2m",
        "machine access",
        Tab.USERS,
        ("token_created", "Machine token created", "Create machine token"),
    ),
    _family(
        "project",
        "project",
        Tab.ADMIN,
        ("app_created", "App created", "Create app"),
        ("app_secret_viewed", "App secret viewed", "View app secret"),
        ("app_updated", "App updated", "Update app"),
        ("billing_checkout_created", "Billing checkout started", "Start billing checkout"),
        ("billing_subscription_cancelled", "Subscription cancelled", "Cancel subscription"),
        ("billing_subscription_status_updated", "Subscription status updated", "Update subscription status"),
        ("billing_subscription_updated", "Subscription updated", "Update subscription"),
        ("collaborator_deleted", "Collaborator removed", "Remove collaborator"),
        ("collaborator_invitation_accepted", "Collaborator invitation accepted", "Accept collaborator invitation"),
        ("collaborator_invitation_created", "Collaborator invited", "Invite collaborator"),
        ("collaborator_invitation_deleted", "Collaborator invitation withdrawn", "Withdraw collaborator invitation"),
        ("domain_created", "Domain added", "Add domain"),
        ("domain_deleted", "Domain removed", "Remove domain"),
        ("domain_verified", "Domain verified", "Verify domain"),
    ),
    _family(
        "rate_limit",
        "rate limit",
        Tab.USERS,
        ("blocked", "Request blocked by rate limit", "Request over the rate limit"),
    ),
    _family(
        "sms",
        "SMS",
        Tab.USERS,
        ("error", "SMS not sent", "Try to send SMS"),
        ("sent", "SMS sent", "Send SMS"),
        ("suppressed", "SMS held back", "Hold back SMS"),
    ),
    _family(
        "usage",
        "usage",
        Tab.USERS,
        ("alert_triggered", "Usage alert triggered", "Trigger usage alert"),
    ),
    # "Account" where our own `user` family says "User", so that the two are told apart in one list.
    _family(
        "user",
        "user",
        Tab.USERS,
        ("anonymization_scheduled", "Account anonymisation scheduled", "Schedule account anonymisation"),
        ("anonymization_unscheduled", "Account anonymisation called off", "Call off account anonymisation"),
        ("anonymized", "Account anonymised", "Anonymise account"),
        ("anonymous_promoted", "Anonymous account made regular", "Make anonymous account regular"),
        ("authenticated", "User signed in", "Sign user in"),
        ("created", "Account created", "Create account"),
        ("deleted", "Account deleted", "Delete account"),
        ("deletion_scheduled", "Account deletion scheduled", "Schedule account deletion"),
        ("deletion_unscheduled", "Account deletion called off", "Call off account deletion"),
        ("disabled", "Account disabled", "Disable account"),
        ("profile_updated", "User profile updated", "Update user profile"),
        ("reauthenticated", "Sign-in confirmed again", "Confirm sign-in again"),
        ("reenabled", "Account enabled again", "Enable account again"),
        ("session_terminated", "User session ended", "End user session"),
        ("signed_out", "User signed out", "Sign user out"),
    ),
    _family(
        "whatsapp",
        "WhatsApp",
        Tab.USERS,
        ("error", "WhatsApp message not sent", "Try to send WhatsApp message"),
        ("otp_verified", "WhatsApp code verified", "Verify WhatsApp code"),
        ("sent", "WhatsApp message sent", "Send WhatsApp message"),
        ("suppressed", "WhatsApp message held back", "Hold back WhatsApp message"),
    ),
)

_GROUPS = tuple(family.prefix.removeprefix("authgear.") for family in FAMILIES)


def authgear_tag(activity_type: str) -> str:
    """The tag of one of Authgear's activity types: `authgear.<group>.<rest>`, in lower case.

    `IDENTITY_EMAIL_ADDED` is `authgear.identity.email_added`; of the Admin API's mutations the bare mutation is left:
    `ADMIN_API_MUTATION_CREATE_USER_EXECUTED` is `authgear.admin_api.create_user`. A type that Authgear adds later gets
    its tag by the same rule, one of no known group `authgear.<the whole in lower case>`.
    """
    name = activity_type.lower()
    if mutation := _MUTATION_NAME.fullmatch(name):
        return f"authgear.admin_api.{mutation[1]}"
    for group in _GROUPS:
        rest = name.removeprefix(f"{group}_")
        if rest and rest != name:
            return f"authgear.{group}.{rest}"
    return f"authgear.{name}"

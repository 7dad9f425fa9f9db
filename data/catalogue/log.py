"""The audit log itself, the policy that governs it and the views that are saved over it."""

from functools import partial

from data.catalogue.registry import EventType, Family, Tab

_log = partial(
    EventType,
    tab=Tab.ADMIN,
    facts=("cutoff", "count", "shown", "removed_digest", "format", "size", "root", "key", "erased", "whole", "places"),
)
_policy = partial(
    EventType,
    tab=Tab.ADMIN,
    facts=(
        *("zone", "live_days", "archive_days", "default_expiry_months", "max_expiry_months"),
        *("overlap_days", "scopes", "trusted_networks", "ssh_join", "record_reading"),
    ),
)
_requests = partial(EventType, tab=Tab.ADMIN, facts=("count", "shown"))
_view = partial(EventType, tab=Tab.ADMIN)

FAMILIES: tuple[Family, ...] = (
    Family(
        "log",
        "Audit log",
        (
            _log("log.read", "Audit log read", "Read audit log"),
            _log("log.imported", "Events imported", "Import events"),
            _log("log.event_erased", "Event erased", "Erase event"),
            # What is left in the place of an event that was erased as a whole.
            _log("log.tombstone", "Erased event", "Erase whole event"),
            _log("log.retired", "Old events removed", "Remove old events"),
            _log("log.exported", "Events exported", "Export events"),
            _log("log.verified", "Audit log verified", "Verify audit log"),
            _log("log.verification_failed", "Audit log failed verification", "Prove audit log unaltered"),
            _log("log.hold_placed", "Hold placed", "Place hold"),
            _log("log.hold_lifted", "Hold lifted", "Lift hold"),
            _log("log.key_replaced", "Sealing key replaced", "Replace sealing key"),
            _log("log.checkpoint_mismatch", "Checkpoint does not match", "Match checkpoint"),
        ),
    ),
    Family(
        "policy",
        "Policy",
        (
            _policy("policy.read", "Policy read", "Read policy"),
            _policy("policy.updated", "Policy updated", "Update policy"),
        ),
    ),
    Family(
        "requests",
        "Request log",
        (
            _requests("requests.read", "Request log read", "Read request log"),
            _requests("requests.imported", "Requests imported", "Import requests"),
        ),
    ),
    Family(
        "system",
        "System",
        (EventType("system.read", "State of the system read", "Read state of the system", Tab.ADMIN),),
    ),
    Family("keeper", "Keeper", (EventType("keeper.ran", "Keeper ran", "Run keeper", Tab.ADMIN),)),
    Family(
        "view",
        "View",
        (
            _view("view.read", "Views read", "Read views"),
            _view("view.saved", "View saved", "Save view"),
            _view("view.shared", "View shared", "Share view"),
            _view("view.deleted", "View deleted", "Delete view"),
        ),
    ),
)

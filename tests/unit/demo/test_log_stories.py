"""Stories of the log itself that a reviewer can find."""

from contextlib import closing
from itertools import pairwise
from pathlib import Path

from data.demo.calendar import ZONE
from data.records import Event, Outcome
from data.services.audit_log import AuditLog


def test_a_hold_is_refused_to_a_reviewer_placed_by_an_administrator_and_lifted(demo: tuple[Event, ...]) -> None:
    told = [(event.type, event.actor.name, event.outcome) for event in demo if event.type.startswith("log.hold_")]
    assert told == [
        ("log.hold_placed", "Grace Lin", Outcome.DENIED),
        ("log.hold_placed", "Alice Moss", Outcome.SUCCESS),
        ("log.hold_lifted", "Alice Moss", Outcome.SUCCESS),
    ]


def test_a_restored_backup_is_noticed_and_put_right_the_same_day(demo: tuple[Event, ...]) -> None:
    (mismatch,) = [event for event in demo if event.type == "log.checkpoint_mismatch"]
    day = [event for event in demo if event.occurred_at.date() == mismatch.occurred_at.date()]
    checks = [event.type for event in day if event.type.startswith("log.") and event.service != "admin-api"]
    # The keeper's own weekly check comes before it, if that day is a Monday.
    assert checks[-4:] == ["log.checkpoint_mismatch", "log.verification_failed", "log.verified", "log.key_replaced"]


def test_the_log_only_grows(demo: tuple[Event, ...]) -> None:
    sizes = [event.data["size"] for event in demo if event.type == "log.verified"]
    numbers = [size for size in sizes if isinstance(size, int)]
    assert len(numbers) == len(sizes) > 10
    assert all(before < after for before, after in pairwise(numbers))


def test_the_rules_are_what_their_events_made_of_them(demo: tuple[Event, ...], demo_path: Path) -> None:
    changes = [change for event in demo if event.type == "policy.updated" for change in event.changes]
    assert [(change.field, change.after) for change in changes if change.field != "scopes"] == [
        ("max_expiry_months", 18),
        ("archive_days", 730),
        ("max_expiry_months", 12),
    ]
    with closing(AuditLog(str(demo_path), ZONE)) as log:
        policy = log.policy.read()
    assert (policy.max_expiry_months, policy.archive_days) == (12, 730)
    assert [list(policy.scopes)] == [change.after for change in changes if change.field == "scopes"]

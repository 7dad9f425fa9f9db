"""Stories of the log itself that a reviewer can find."""

from itertools import pairwise

from data.records import Draft, Outcome


def test_a_hold_is_refused_to_a_reviewer_placed_by_an_administrator_and_lifted(demo: tuple[Draft, ...]) -> None:
    told = [(event.type, event.actor.name, event.outcome) for event in demo if event.type.startswith("log.hold_")]
    assert told == [
        ("log.hold_placed", "Grace Lin", Outcome.DENIED),
        ("log.hold_placed", "Alice Moss", Outcome.SUCCESS),
        ("log.hold_lifted", "Alice Moss", Outcome.SUCCESS),
    ]


def test_a_restored_backup_is_noticed_and_put_right_the_same_day(demo: tuple[Draft, ...]) -> None:
    (mismatch,) = [event for event in demo if event.type == "log.checkpoint_mismatch"]
    day = [event for event in demo if event.occurred_at.date() == mismatch.occurred_at.date()]
    checks = [event.type for event in day if event.type.startswith("log.") and event.service != "admin-api"]
    # The keeper's own weekly check comes before it, if that day is a Monday.
    assert checks[-3:] == ["log.checkpoint_mismatch", "log.verification_failed", "log.verified"]


def test_the_log_only_grows(demo: tuple[Draft, ...]) -> None:
    sizes = [event.data["size"] for event in demo if event.type == "log.verified"]
    numbers = [size for size in sizes if isinstance(size, int)]
    assert len(numbers) == len(sizes) > 10
    assert all(before < after for before, after in pairwise(numbers))


def test_a_policys_event_says_all_rules_as_they_are_then(demo: tuple[Draft, ...]) -> None:
    updates = [event for event in demo if event.type == "policy.updated"]
    assert [event.data["max_expiry_months"] for event in updates] == [18, 18, 18, 12]
    assert [event.data["archive_days"] for event in updates] == [365, 365, 730, 730]

"""What is unusual at the end of the demo is found, and nothing in a calm week of it."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from data.demo.calendar import ZONE
from data.services.audit_log import AuditLog
from data.unusual import Finding, UnusualKind


def found_at(path: Path, moment: datetime) -> tuple[Finding, ...]:
    with closing(AuditLog(str(path), ZONE, clock=lambda: moment)) as log:
        return log.request_statistics.unusual()


def test_one_of_each_kind_is_unusual_at_the_end(demo_path: Path, end: datetime) -> None:
    assert [(one.client.name, one.kind) for one in found_at(demo_path, end)] == [
        ("Course enrolment", UnusualKind.SILENCE),
        ("Donation gateway", UnusualKind.DURATION),
        ("Finance ledger", UnusualKind.ERRORS),
        ("Identity bridge", UnusualKind.CALLS),
        ("Room booking", UnusualKind.ADDRESS),
    ]


def test_nothing_is_unusual_in_a_calm_week(demo_path: Path, end: datetime) -> None:
    # 40 minutes later than the end's time of day, so that there are enough calls of the hour that runs, too.
    for days in range(2, 9):
        moment = end - timedelta(days=days) + timedelta(minutes=40)
        assert found_at(demo_path, moment) == (), moment

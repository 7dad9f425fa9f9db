"""`auditdeck policy`."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.policy import POLICY_SENTENCES
from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import Runner


@pytest.fixture(autouse=True)
def there_is_a_database(run: Runner) -> None:
    run("db", "upgrade")


def test_the_rules_are_shown_with_what_holds_where_nobody_said_otherwise(run: Runner) -> None:
    lines = run("policy").out.splitlines()
    assert [line.split(maxsplit=1) for line in lines[::2]] == [
        ["zone", "UTC"],
        ["default_expiry_months", "6"],
        ["max_expiry_months", "12"],
        ["overlap_days", "7"],
        ["scopes", "(none)"],
        ["trusted_networks", "127.0.0.0/8 ::1/128"],
        ["ssh_join", "on"],
        ["record_reading", "on"],
        ["live_days", "365"],
        ["archive_days", "365"],
    ]
    assert lines[1::2] == [f"    {sentence}" for sentence in POLICY_SENTENCES.values()]
    assert run("policy", "--json").json == {
        "zone": "UTC",
        "default_expiry_months": 6,
        "max_expiry_months": 12,
        "overlap_days": 7,
        "scopes": [],
        "trusted_networks": ["127.0.0.0/8", "::1/128"],
        "ssh_join": True,
        "record_reading": True,
        "live_days": 365,
        "archive_days": 365,
    }


def test_a_rule_is_changed_for_everybody_and_that_is_an_event(run: Runner, database: Path) -> None:
    assert run("policy", "set", "zone", "Europe/Berlin") == (0, "zone                   Europe/Berlin\n", "")
    assert run("policy", "set", "scopes", "users:read", "orders:read", "--json").json["scopes"] == [
        "users:read",
        "orders:read",
    ]
    log = AuditLog(str(database), ZoneInfo("UTC"))
    assert (log.policy.read().zone.key, log.policy.read().scopes) == ("Europe/Berlin", ("users:read", "orders:read"))
    log.close()
    assert run("events", "type:policy.updated", "last:1d", "--count").out == "2\n"
    assert run("policy", "set", "zone", "Europe/Berlin").status == 0
    assert run("events", "type:policy.updated", "last:1d", "--count").out == "2\n"
    assert run("policy", "set", "scopes", "").out == "scopes                 (none)\n"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("set", "zone", "Berlin"), 1, "'Berlin' is not a time zone; write an IANA name such as Europe/Berlin."),
        (("set", "overlap_days", "-1"), 1, "overlap_days is a whole number from 0 to 366, not '-1'."),
        (("set", "ssh_join", "maybe"), 1, "ssh_join is on or off, not 'maybe'."),
        (("set", "colour", "blue"), 1, "There is no rule named colour; there are zone, "),
        (("set", "zone"), 2, "Write auditdeck policy, or auditdeck policy set KEY VALUE."),
        (("get", "zone", "x"), 2, "Write auditdeck policy, or auditdeck policy set KEY VALUE."),
    ],
)
def test_what_cannot_be_is_said_in_one_line(run: Runner, words: tuple[str, ...], status: int, said: str) -> None:
    ran = run("policy", *words)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (status, "", 1)
    assert ran.err.startswith(f"auditdeck: {said}")

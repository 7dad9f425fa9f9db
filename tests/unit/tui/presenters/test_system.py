"""Tests of tui.presenters.system."""

from dataclasses import asdict, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from data.access.model import Standing
from data.erasing import Unfinished
from data.health import LastVerification, SystemState
from data.keeping import KeeperRun
from data.permissions import Permission
from data.policy import POLICY_KEYS, POLICY_SENTENCES
from data.proof.findings import Finding, Wrong
from data.records import Log
from data.setting_in_force import SettingInForce
from tests.unit.tui.made_up_events import HOSTILE
from tests.unit.tui.made_up_system import EMBEDDED, NOW, RETENTION, SETTINGS, SHARED
from tui.presenters.pieces import plain_text
from tui.presenters.system import Verifying, Visit, bytes_text, system_head_row, system_rows, troubles
from tui.presenters.system_facts import SystemRow
from tui.presenters.verification import Verification
from tui.terminal import cells_of

UTC_ZONE = ZoneInfo("UTC")
VISIT = Visit("0.1.0", NOW - timedelta(hours=2), "xterm-256color")


def rows(state: SystemState, width: int, settings: tuple[SettingInForce, ...] = SETTINGS) -> list[str]:
    groups = system_rows(state, settings, VISIT, width, UTC_ZONE, "enter")
    return [plain_text(row) for lines, _ in groups for row in lines]


def text(state: SystemState, width: int = 120) -> str:
    return "\n".join(rows(state, width))


def row_of(state: SystemState, section: str, name: str, width: int = 120) -> str:
    groups = system_rows(state, SETTINGS, VISIT, width, UTC_ZONE, "enter")
    shown = " ".join(plain_text(row) for lines, key in groups if key == SystemRow(section, name) for row in lines)
    return " ".join(shown.split())


@pytest.mark.parametrize("width", [200, 120, 110, 109, 80, 79, 60, 40])
@pytest.mark.parametrize("state", [SHARED, EMBEDDED], ids=["shared", "embedded"])
def test_nothing_reaches_out_and_nothing_is_left_out(state: SystemState, width: int) -> None:
    shown = rows(state, width)
    assert max(map(cells_of, shown)) < width + (width == 40)
    together = "".join("".join(shown).split())
    for sentence in POLICY_SENTENCES.values():
        assert "".join(sentence.split()) in together
    for value in (state.database.address, *state.policy.scopes, "AUDITDECK_DATABASE", "auditdeck.log"):
        assert value in together
    assert all(row.startswith(" ") for row in shown if row)


def test_every_rule_is_a_row_that_can_be_changed_and_nothing_else_is() -> None:
    keys = [key for _, key in system_rows(SHARED, SETTINGS, VISIT, 80, UTC_ZONE, "enter") if key is not None]
    assert [key.name for key in keys if key.is_rule] == list(POLICY_KEYS)
    assert len(set(keys)) == len(keys)


def test_a_rule_that_was_changed_says_what_it_is_by_default() -> None:
    assert row_of(SHARED, "policy", "overlap_days").endswith("By default 7.")
    assert "By default none." in row_of(SHARED, "policy", "scopes")
    assert "By default" not in row_of(SHARED, "policy", "zone")


def test_who_may_not_change_a_rule_is_told_what_that_needs() -> None:
    assert "enter changes one" in text(SHARED)
    reviewer = replace(SHARED, standing=Standing(SHARED.standing.who, frozenset({Permission.AUDIT_READ})))
    assert "Policy  changing one needs settings:write " in text(reviewer)
    assert "enter changes one" not in text(reviewer)
    assert row_of(reviewer, "session", "member").endswith("May view audit logs.")


def test_a_keeper_that_is_silent_is_told_in_words() -> None:
    assert troubles(SHARED, UTC_ZONE) == ["No keeper has run for 3 days; `auditdeck keeper` is one."]
    assert "No keeper has run for 3 days" in plain_text(system_head_row(SHARED, 120, UTC_ZONE))
    assert row_of(SHARED, "keeper", "last run").startswith("last run")
    assert "No keeper has run for 3 days" in row_of(SHARED, "keeper", "last run")
    never = replace(SHARED, last_run=None, last_work=None)
    assert troubles(never, UTC_ZONE) == ["No keeper has ever run here; `auditdeck keeper` is one."]


@pytest.mark.parametrize(
    ("silent", "words"),
    [({"minutes": 12}, "12 min"), ({"hours": 5}, "5 h"), ({"days": 1}, "1 day"), ({"seconds": 599}, None)],
)
def test_how_long_no_keeper_has_run(silent: dict[str, int], words: str | None) -> None:
    assert SHARED.last_run is not None
    state = replace(SHARED, last_run=replace(SHARED.last_run, ran_at=NOW - timedelta(**silent)))
    assert [one for one in troubles(state, UTC_ZONE) if "No keeper" in one] == (
        [] if words is None else [f"No keeper has run for {words}; `auditdeck keeper` is one."]
    )


def test_on_a_file_the_console_is_the_keeper() -> None:
    assert troubles(EMBEDDED, UTC_ZONE) == []
    assert plain_text(system_head_row(EMBEDDED, 80, UTC_ZONE)).startswith(" All is well")
    assert row_of(EMBEDDED, "keeper", "last run") == "last run just now Nothing was due, in 12 ms."
    assert "2 expiries logged, swept 3." in row_of(EMBEDDED, "keeper", "last work")
    assert "this console" in row_of(EMBEDDED, "keeper", "by")


def test_whatever_a_keeper_does_has_words() -> None:
    assert EMBEDDED.last_work is not None
    done = asdict(KeeperRun(expired=2, lost=2, over=2, sent=2, unsent=2, indexed=2, segments=2, sealed=2))
    words = row_of(replace(EMBEDDED, last_work=replace(EMBEDDED.last_work, did=done)), "keeper", "last work")
    assert "2 ends of invitations logged" in words and "2 invitations not sent" in words
    assert not any(f"{kind} 2" in words for kind in done)


def test_a_proof_that_does_not_hold_comes_before_all_else() -> None:
    assert SHARED.proof is not None
    broken = replace(SHARED, proof=replace(SHARED.proof, mismatch="Of 9 events some were changed."))
    assert troubles(broken, UTC_ZONE)[0] == "THE PROOF DOES NOT HOLD. Of 9 events some were changed."
    assert row_of(broken, "proof", "does not hold").endswith("Of 9 events some were changed.")
    assert "1,204,511" in row_of(SHARED, "proof", "sealed") and "00010203" in row_of(SHARED, "proof", "root")


def test_what_is_still_to_be_done_after_an_erasure_is_said_as_long_as_it_is() -> None:
    pending = replace(EMBEDDED, retention=RETENTION, unfinished=Unfinished(names=True, bytes_since=NOW))
    assert "erased bytes            pending" in text(pending)
    assert "erased names            pending" in text(pending)
    assert "pending" not in text(replace(pending, unfinished=Unfinished()))


def test_a_verification_that_did_not_hold_is_a_trouble_and_one_that_held_is_none() -> None:
    wrong = LastVerification(NOW, "Bo", 9, holds=False, because="Its body is not the one that was sealed.")
    told = "The last verification did not hold: Its body is not the one that was sealed."
    assert troubles(replace(EMBEDDED, verification=wrong), UTC_ZONE) == [told]
    assert troubles(replace(EMBEDDED, verification=replace(wrong, holds=True)), UTC_ZONE) == []


def test_events_that_nobody_seals_are_a_trouble() -> None:
    assert EMBEDDED.proof is not None
    since = NOW - timedelta(minutes=5)
    silent = replace(EMBEDDED, proof=replace(EMBEDDED.proof, unsealed=2, unsealed_since=since))
    assert troubles(silent, UTC_ZONE) == [
        "Nothing was sealed since 20 Nov 2026 14:04 UTC: 2 events wait for a place in the proof."
    ]
    assert troubles(EMBEDDED, UTC_ZONE) == []


def test_a_run_that_failed_a_replica_and_little_room_are_troubles() -> None:
    assert EMBEDDED.last_run is not None
    failed = replace(
        EMBEDDED,
        last_run=replace(EMBEDDED.last_run, error="The disk is full."),
        database=replace(EMBEDDED.database, free_bytes=100_000_000),
    )
    assert troubles(failed, UTC_ZONE) == [
        "The keeper's last run failed: The disk is full.",
        "Only 100.0 MB are free on the disk of the database.",
    ]
    assert "+1 more" in plain_text(system_head_row(failed, 80, UTC_ZONE))
    crowded = replace(SHARED, database=replace(SHARED.database, is_replica=True, connections=95))
    assert troubles(crowded, UTC_ZONE)[1:] == [
        "This is a replica: it can be read, and takes no change.",
        "95 of 100 connections are taken.",
    ]


def test_what_is_removed_when_and_what_is_held_is_said() -> None:
    assert row_of(SHARED, "retention", "live").startswith("live since 20 Nov 2025 365 days")
    assert row_of(SHARED, "retention", "archived").startswith("archived since 20 Nov 2024 365 days more")
    ever = replace(SHARED, policy=replace(SHARED.policy, live_days=36_600, archive_days=999_999))
    assert "since ever" in row_of(ever, "retention", "archived")
    assert row_of(SHARED, "retention", "removed") == (
        "removed before 20 Nov 2024 The keeper looks once a day; nothing is left that has to go."
    )
    assert row_of(SHARED, "retention", "last removal") == (
        "last removal 14 h ago Removed 1,204 events of the audit log, and held back 12."
    )
    assert row_of(SHARED, "retention", "next removal") == (
        "next removal 21 Nov 2026 1,180 events of the audit log are of the day that is too old then."
    )
    assert row_of(SHARED, "holds", "5b0c7f0e", 200) == (
        "5b0c7f0e client:c-Ab3dE5gH after:2025-10-01t00:00z "
        "Bo Lind, 11 Oct 2026 14:09 UTC: the dispute about the invoices of 2025"
    )


def test_what_has_to_go_and_is_not_gone_is_counted() -> None:
    due = replace(RETENTION, due={Log.CHANGES: 1, Log.REQUESTS: 0}, last=None)
    state = replace(SHARED, retention=due)
    assert "1 event of the audit log is so old; what is not held goes" in row_of(state, "retention", "removed")
    assert row_of(state, "retention", "last removal") == "last removal never"
    assert RETENTION.last is not None
    begun = replace(RETENTION.last, done=frozenset(), logs={})
    state = replace(SHARED, retention=replace(due, last=begun, next_due={}))
    assert row_of(state, "retention", "last removal").endswith("Removed nothing; it goes on.")
    assert "Nothing is of the day" in row_of(state, "retention", "next removal")


def test_holds_are_for_those_who_may_see_them() -> None:
    hidden = replace(RETENTION, rules=replace(RETENTION.rules, holds=()))
    assert row_of(replace(SHARED, retention=hidden), "holds", "held") == "held 1 Seeing them needs audit:read."
    nothing = replace(hidden, held=0)
    assert "Nothing is held" in row_of(replace(SHARED, retention=nothing), "holds", "none")


def test_what_is_stored_drives_no_terminal() -> None:
    hostile = (SettingInForce(HOSTILE, HOSTILE, HOSTILE, HOSTILE),)
    for row in rows(replace(SHARED, session_id=HOSTILE), 80, hostile):
        assert "\x1b" not in row and "\u202e" not in row


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (12_345_678, "12.3 MB"), (10**16, "10000.0 TB")],
)
def test_sizes(number: int, words: str) -> None:
    assert bytes_text(number) == words


def test_the_last_verification_is_told_with_who_made_it() -> None:
    held = replace(SHARED, verification=LastVerification(NOW, "Alice Moss", 12_000, True))
    assert row_of(held, "proof", "last verified").endswith("By Alice Moss, who looked at 12,000 events. It held.")
    failed = replace(SHARED, verification=LastVerification(NOW, "Bo", 1, False, "Its body is not."))
    told = row_of(failed, "proof", "last verified")
    assert "looked at 1 event. IT DID NOT HOLD. Its body is not." in told
    assert "never" in row_of(SHARED, "proof", "last verified")


def test_what_a_verification_here_found_has_a_row_for_each() -> None:
    found = Finding(Wrong.BODY, "Its body is not the one that was sealed.", 4, "018c")
    here = Verification(verdict="5 of 5 events were looked at.", findings=(found,))
    groups = list(system_rows(SHARED, SETTINGS, VISIT, 120, UTC_ZONE, "enter", verifying=Verifying(here)))
    names = [key.name for _rows, key in groups if key is not None and key.section == "proof"]
    assert names[-2:] == ["verified here", "1 body altered"]
    assert here.finding(names[-1]) == found and here.finding(names[-2]) is None and here.finding("2 x") is None
    running = Verifying(Verification("hashes", 1, 4))
    shown = [
        plain_text(row)
        for rows_, _key in system_rows(SHARED, SETTINGS, VISIT, 120, UTC_ZONE, "e", verifying=running)
        for row in rows_
    ]
    assert any("hashes 25 %" in row and "ctrl+c calls it off." in row for row in shown)

"""Bundles of a real log: every event with a proof that holds, of one checkpoint, whatever is sealed meanwhile."""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from data.answers import Direction
from data.clock import to_text
from data.errors import AuditdeckError
from data.exchange.bundle_check import CheckedBundle, check_bundle
from data.exchange.outgoing import BUNDLE
from data.proof.errors import ProofBroken
from data.query import parse_query
from data.records import Outcome, Seal
from data.services.audit_log import AuditLog
from tests.hand_clock import NOW, HandClock
from tests.integration.events import EVERYTHING, all_events, append, plain_drafts
from tests.integration.sealed_logs import mixed_drafts, open_log, tamper
from tests.unit.exchange.test_bundle_check import holds


@pytest.fixture
def log(address: str, clock: HandClock, tmp_path: Path) -> Iterator[AuditLog]:
    """Forty sealed events of all kinds, then a dozen older ones that were sealed later."""
    with closing(open_log(address, tmp_path, clock)) as opened:
        append(opened.gate.database, mixed_drafts())
        opened.keeper.seal()
        append(opened.gate.database, plain_drafts(12, start=NOW - timedelta(days=3)))
        opened.keeper.seal()
        yield opened


def bundle(log: AuditLog, words: str = "type:project.created,api_client.updated,something.new last:all") -> list[bytes]:
    with log.exports.begin(log.caller(), parse_query(words), BUNDLE) as export:
        return [*export]


def checked(lines: list[bytes]) -> CheckedBundle:
    found = check_bundle(lines)
    assert found.holds, found.finding
    return found


def test_every_event_is_in_it_and_proven(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.services.exports._EVENTS_AT_ONCE", 7)
    for direction in Direction:
        with log.exports.begin(log.caller(), EVERYTHING, BUNDLE, direction=direction) as export:
            lines = [*export]
        found = checked(lines)
        ids = [json.loads(json.loads(line)["body"])["id"] for line in lines[1:-1]]
        assert sorted(ids, reverse=direction is Direction.OLDER) == ids
        assert found.count == export.count == len(ids) and export.size == sum(map(len, lines))
        assert found.head is not None and found.head.query == "last:all"
        sealed = {str(event.id) for event in all_events(log.gate.database) if event.seal is Seal.SEALED}
        assert set(ids) <= sealed
    assert {json.loads(line)["place"] for line in bundle(log)[1:-1]} == set(range(52))


def test_it_is_of_the_checkpoint_at_which_it_began(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.services.exports._EVENTS_AT_ONCE", 5)
    database = log.gate.database
    append(database, plain_drafts(3, start=NOW + timedelta(days=1)))
    with log.exports.begin(log.caller(), EVERYTHING, BUNDLE) as export:
        lines = iter(export)
        written = [*islice(lines, 10)]
        append(database, plain_drafts(300, start=NOW + timedelta(days=2)))
        log.keeper.seal()
        written += lines
    found = checked(written)
    assert found.size == 52 and export.left_out == found.unsealed >= 3
    with log.exports.begin(log.caller(), EVERYTHING, BUNDLE) as export:
        assert checked([*export]).count > 350


def test_an_erased_personal_part_is_said_to_be_missing(address: str, log: AuditLog) -> None:
    tamper(address, "UPDATE event SET personal = NULL, salt = NULL WHERE seq IN (SELECT seq FROM leaf WHERE idx = 4)")
    found = checked(bundle(log))
    assert (found.count, found.erased) == (52, 1)


def test_erased_events_are_proven_by_what_is_left_of_them(log: AuditLog) -> None:
    first, *_others, last = [event.id for event in all_events(log.gate.database) if event.seal is Seal.SEALED]
    log.erasing.erase(first, log.caller(), whole=False, reason="asked")
    log.erasing.erase(last, log.caller(), whole=True, reason="asked")
    lines = bundle(log, "-type:log.* last:all")
    found = checked(lines)
    assert (found.count, found.erased, found.gone) == (51, 1, 0)
    with log.exports.begin(log.caller(), EVERYTHING, BUNDLE) as export:
        lines = [*export]
    found = checked(lines)
    assert (found.count, found.erased, found.gone) == (52, 1, 1) and holds(lines)
    (gone,) = [json.loads(line) for line in lines if b'"leaf"' in line]
    assert gone.keys() == {"place", "path", "id", "leaf", "erased"} and gone["id"] == str(last)


@pytest.mark.parametrize(
    ("column", "sentence"), [("body", "not what was sealed"), ("personal", "not the one that its body vouches for")]
)
def test_what_was_altered_behind_its_back_does_not_hold(
    address: str, log: AuditLog, column: str, sentence: str
) -> None:
    was, is_ = ('"outcome":"success"', '"outcome":"failure"') if column == "body" else ("Alice", "Alise")
    tamper(
        address,
        f"UPDATE event SET {column} = replace({column}, '{was}', '{is_}') "
        "WHERE seq IN (SELECT seq FROM leaf WHERE idx = 8)",
    )
    found = check_bundle(bundle(log))
    assert found.finding is not None and sentence in found.finding.sentence and found.finding.place == 8
    assert found.finding.id is not None and found.count == 12 + 8


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM leaf WHERE idx = 6", "lacks some of its hashes"),
        ('UPDATE event SET body = replace(body, \'"id":"\', \'"id":"x\') WHERE seq = 5', "cannot be read"),
        ("UPDATE event SET body = 'x' WHERE seq = 5", "cannot be read"),
        ("UPDATE checkpoint SET root = hash FROM leaf WHERE idx = 0", "altered beside its signature"),
    ],
)
def test_where_the_proof_itself_is_broken_there_is_no_bundle(
    address: str, log: AuditLog, statement: str, words: str
) -> None:
    tamper(address, statement)
    with pytest.raises(ProofBroken, match=words):
        bundle(log)


def test_of_a_log_that_was_never_sealed_there_is_none(address: str, clock: HandClock, tmp_path: Path) -> None:
    with closing(open_log(address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(3))
        with pytest.raises(AuditdeckError, match="Nothing in this log was ever sealed"):
            bundle(log)
        assert log.exports.survey(EVERYTHING).sizes["bundle"] is None
        log.keeper.seal()
        assert checked(bundle(log)).count == 3


def test_a_query_that_selects_nothing_makes_a_bundle_of_nothing(log: AuditLog) -> None:
    assert checked(bundle(log, "actor:nobody last:all")).count == 0


def test_its_export_is_in_the_log_with_its_size(log: AuditLog) -> None:
    lines = bundle(log, "type:something.new last:all")
    (event,) = log.page(parse_query("type:log.exported last:all")).items
    assert event.outcome is Outcome.SUCCESS
    assert (event.data["format"], event.data["count"], event.data["size"]) == ("bundle", 10, sum(map(len, lines)))


def test_a_survey_knows_its_size(log: AuditLog) -> None:
    few = parse_query(f"type:something.new before:{to_text(NOW + timedelta(days=1))}")
    survey = log.exports.survey(few)
    with log.exports.begin(log.caller(), few, BUNDLE) as export:
        assert survey.is_exact and survey.sizes["bundle"] == sum(map(len, export))


def test_ten_times_as_many_events_take_no_more_memory(
    sqlite_address: str, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor are more nodes of the tree remembered than there is room for."""
    monkeypatch.setattr("data.services.exports._EVENTS_AT_ONCE", 500)
    monkeypatch.setattr("data.proof.nodes._MOST_TILES", 4)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(20_000))
        log.keeper.seal()
        peaks = []
        for count in (2_000, 20_000):
            query = parse_query(f"before:{to_text(NOW + timedelta(seconds=count))} last:all")
            tracemalloc.start()
            with log.exports.begin(log.caller(), query, BUNDLE) as export:
                assert sum(1 for _line in export) == count + 2
                peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0], peaks

"""The bytes of an event: the same for the same event, canonical, and never taken for another's."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import rfc8785
from hypothesis import given, settings

from data.personal_digest import personal_digest
from data.records import Change, Draft, Json
from data.store.encoding import decode, encode, leaf_of
from data.store.identity import id_at
from tests.hand_clock import NOW
from tests.strategies import any_drafts

ID = id_at(1_795_168_800_000_000, 1)
SALT = bytes(range(16))
EXPIRED = Draft(type="api_client.updated", occurred_at=NOW)


@settings(max_examples=200, deadline=None)
@given(draft=any_drafts())
def test_body_is_canonical_whatever_a_draft_says(draft: Draft) -> None:
    encoded = encode(draft, ID, NOW, SALT)

    assert encoded.body == rfc8785.dumps(json.loads(encoded.body))
    assert encode(draft, ID, NOW, SALT) == encoded
    assert json.loads(encoded.body)["personal_digest"] == personal_digest(SALT, encoded.personal)
    assert encoded.leaf == leaf_of(encoded.body)


def test_stored_form_never_changes() -> None:
    # Leaves are proofs that others hold: a byte more, and every log would read as altered.
    encoded = encode(replace(EXPIRED, reason="test", duration_ms=3), ID, NOW + timedelta(microseconds=5), SALT)

    assert encoded.personal == b'{"actor":{"name":"anonymous"},"reason":"test"}'
    assert encoded.body == (
        b'{"actor":{"type":"anonymous"},"duration_ms":3,"id":"01a1f866-0d00-7000-8000-000000000001",'
        b'"occurred_at":"2026-11-20T10:00:00.000000Z","outcome":"success","personal_digest":'
        b'"2e6ae426aab406b9e15864d0f6fb2d1a5151dc1a3c27cf945ad57feed94e0d12",'
        b'"recorded_at":"2026-11-20T10:00:00.000005Z","type":"api_client.updated","v":1}'
    )


def test_salt_changes_the_leaf_and_not_the_personal_part() -> None:
    one, other = (encode(EXPIRED, ID, NOW, salt) for salt in (SALT, SALT[::-1]))

    assert one.personal == other.personal
    assert one.leaf != other.leaf


@pytest.mark.parametrize(
    ("fact", "kept"),
    [
        (2**53 - 1, 2**53 - 1),
        (2**53, "9007199254740992"),
        (-(2**53) + 1, -(2**53) + 1),
        (-(2**53), "-9007199254740992"),
        (10**40, "1" + "0" * 40),
        (0.1, "0.1"),
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (True, True),
        ([1, 0.5, None, False, "x"], [1, "0.5", None, False, "x"]),
    ],
)
def test_fact_that_readers_of_json_disagree_on_is_text(fact: Json, kept: Json) -> None:
    encoded = encode(replace(EXPIRED, data={"expires": fact}), ID, NOW, SALT)

    assert json.loads(encoded.body)["data"] == {"expires": kept}
    assert decode(encoded.body, encoded.personal).data == {"expires": kept}


@pytest.mark.parametrize(
    "changes",
    [
        (Change("name", "a", "b"), Change("status", 1, 2)),
        (Change("status", {"deep": 1}, 2), Change("status", 1, [2, [3]])),
    ],
    ids=["no fact by name", "no fact by form"],
)
def test_change_that_is_no_fact_is_personal(changes: tuple[Change, ...]) -> None:
    encoded = encode(replace(EXPIRED, changes=changes), ID, NOW, SALT)

    facts = [change["field"] for change in json.loads(encoded.body).get("changes", [])]
    personal = [change["field"] for change in json.loads(encoded.personal)["changes"]]
    assert sorted([*facts, *personal]) == sorted(change.field for change in changes)
    assert "name" not in facts
    assert len(decode(encoded.body, encoded.personal).changes) == len(changes)


def test_event_whose_personal_part_was_erased_keeps_its_facts() -> None:
    draft = replace(EXPIRED, ip="198.51.100.7", data={"expires": "2027-05-20", "note": "call back"})
    encoded = encode(draft, ID, NOW, SALT)

    erased = decode(encoded.body, None)

    assert (erased.id, erased.type, erased.occurred_at) == (ID, draft.type, NOW)
    assert (erased.ip, erased.data, erased.actor.name) == (None, {"expires": "2027-05-20"}, None)

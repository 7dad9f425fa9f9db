"""The recorded CloudTrail samples, where they are there."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from data.exchange import Reject, open_input, read_records, recognise
from data.exchange.formats import CLOUDTRAIL_DOCUMENT
from data.records import Draft, Json, Outcome

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "cloudtrail"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder ../shared/samples is not there")


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    found: list[Draft] = []
    for path in sorted(SAMPLES.glob("*.json")):
        with open_input(str(path)) as source:
            known = recognise(source)
            assert known is CLOUDTRAIL_DOCUMENT
            for item in read_records(source, known):
                assert not isinstance(item, Reject), item.reason
                found.append(item)
    return found


def records() -> Iterator[dict[str, Any]]:
    for path in sorted(SAMPLES.glob("*.json")):
        yield from json.loads(path.read_bytes())["Records"]


def test_every_record_is_read_with_its_outcome_and_identity(drafts: list[Draft]) -> None:
    assert Counter(draft.outcome for draft in drafts) == {
        Outcome.SUCCESS: 2600,
        Outcome.FAILURE: 240,
        Outcome.DENIED: 60,
    }
    assert len({draft.source for draft in drafts}) == 2900
    assert None not in {draft.source for draft in drafts}


def test_most_calls_have_a_target_and_all_have_an_actor(drafts: list[Draft]) -> None:
    assert sum(draft.target is not None for draft in drafts) == 1987
    assert all(draft.actor.id or draft.actor.name for draft in drafts)
    assert Counter(draft.actor.type for draft in drafts) == {"member": 2824, "system": 76}


def test_nothing_of_a_record_is_lost(drafts: list[Draft]) -> None:
    placed: dict[str, Callable[[Any], Json]] = {
        "eventTime": lambda draft: draft.occurred_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": lambda draft: f"{draft.service}.amazonaws.com",
        "eventName": lambda draft: draft.type.removeprefix(f"aws.{draft.service}."),
        "sourceIPAddress": lambda draft: draft.ip,
        "userAgent": lambda draft: draft.user_agent,
        "requestID": lambda draft: draft.request_id,
        "errorCode": lambda draft: draft.data["error_code"],
        "errorMessage": lambda draft: draft.reason.removeprefix(f"{draft.data['error_code']}: "),
        "awsRegion": lambda draft: draft.data["region"],
        "readOnly": lambda draft: draft.data["read_only"],
        "recipientAccountId": lambda draft: draft.data["account"],
        "eventID": lambda draft: draft.source.identity,
    }
    for record, draft in zip(records(), drafts, strict=True):
        for key, value in record.items():
            if value is not None:
                found = placed[key](draft) if key in placed else draft.data[key]
                assert found == value, (key, draft.source)

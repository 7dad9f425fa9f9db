"""Stories of API clients that a reviewer can find."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from data.records import ActorType, Event, Outcome


def test_the_feed_expires_on_its_date_by_the_system_and_is_refused_from_then_on(demo: tuple[Event, ...]) -> None:
    (expired,) = _of(demo, "api_client.expired", "Legacy HR feed")
    assert expired.actor.type == ActorType.SYSTEM
    last_day = date.fromisoformat(str(expired.data["expires"]))
    assert expired.occurred_at.date() == last_day + timedelta(days=1)
    calls = [event for event in demo if event.actor.name == "Legacy HR feed"]
    before = [event for event in calls if event.occurred_at < expired.occurred_at]
    after = [event for event in calls if event.occurred_at > expired.occurred_at]
    assert any(event.outcome is Outcome.SUCCESS for event in before)
    assert len(after) > 10
    assert {event.outcome for event in after} == {Outcome.DENIED}
    assert {event.reason for event in after} == {f"client expired on {last_day.day} {last_day:%b %Y}"}
    assert {event.service for event in after} == {"gateway"}


def test_the_warehouse_works_again_after_its_date_was_moved(demo: tuple[Event, ...]) -> None:
    about = [event for event in demo if event.client and event.client.name == "Warehouse export"]
    told = [(event.type, event.outcome) for event in about if event.actor.type != ActorType.API_CLIENT]
    assert told == [
        ("api_client.created", Outcome.SUCCESS),
        ("token.issued", Outcome.SUCCESS),
        ("api_client.expired", Outcome.SUCCESS),
        ("api_client.updated", Outcome.DENIED),
        ("api_client.updated", Outcome.SUCCESS),
        ("token.issued", Outcome.SUCCESS),
        ("token.copied", Outcome.SUCCESS),
    ]


def test_the_slip_in_a_name_is_mended(demo: tuple[Event, ...]) -> None:
    mended = _of(demo, "api_client.updated", "Payroll sync")[-1]
    fields = {change.field: (change.before, change.after) for change in mended.changes}
    assert fields["name"] == ("Payrol sync", "Payroll sync")
    assert fields["scopes"] == (
        ["payments:read", "users:read", "users:write"],
        ["payments:write", "users:read", "users:write"],
    )


def test_a_refusal_says_what_is_needed_and_what_is_held(demo: tuple[Event, ...]) -> None:
    (denied,) = [event for event in _of(demo, "api_client.revoked") if event.outcome is Outcome.DENIED]
    assert denied.reason == (
        "This needs clients:write, to manage API clients; Bob Okafor holds audit:read, clients:read, requests:read."
    )


def test_an_overlap_is_prolonged_and_ended_by_hand(demo: tuple[Event, ...]) -> None:
    (prolonged,) = _of(demo, "token.prolonged")
    (change,) = prolonged.changes
    (rotated,) = [event for event in demo if event.type == "token.rotated" and event.token == prolonged.token]
    assert rotated.data["overlap_ends"] == change.before
    (issued,) = [event for event in demo if event.type == "token.issued" and event.token == rotated.data["replaced_by"]]
    assert issued.occurred_at == rotated.occurred_at and issued.id < rotated.id
    ended = [event for event in demo if event.type == "token.ended" and event.token == prolonged.token]
    assert [event.actor.type for event in ended] == [ActorType.MEMBER]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Pilot chatbot", ["created", "revoked", "deleted"]),
        ("Old importer", ["created", "expired", "revoked", "deleted"]),
    ],
)
def test_a_client_that_is_deleted_is_revoked_before(demo: tuple[Event, ...], name: str, told: list[str]) -> None:
    acts = [
        event.type.removeprefix("api_client.")
        for event in demo
        if event.type.startswith("api_client.") and event.client and event.client.name == name
    ]
    assert acts == told


def test_the_newest_event_is_a_contract_that_ended(demo: tuple[Event, ...]) -> None:
    revoked = _of(demo, "api_client.revoked", "Contractor timesheets")
    assert [event.reason for event in revoked] == ["contract ended"]


def _of(demo: Sequence[Event], tag: str, name: str | None = None) -> list[Event]:
    return [
        event for event in demo if event.type == tag and (name is None or (event.target and event.target.name == name))
    ]

"""Stories of API clients that a reviewer can find."""

from collections.abc import Sequence
from datetime import date, timedelta

from data.records import ActorType, Draft, Outcome


def test_the_feed_expires_on_its_date_by_the_system_and_is_refused_from_then_on(demo: tuple[Draft, ...]) -> None:
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


def test_the_warehouse_works_again_after_its_date_was_moved(demo: tuple[Draft, ...]) -> None:
    about = [event for event in demo if event.client and event.client.name == "Warehouse export"]
    told = [(event.type, event.outcome) for event in about if event.actor.type != ActorType.API_CLIENT]
    assert told == [
        ("token.expired", Outcome.SUCCESS),
        ("api_client.expired", Outcome.SUCCESS),
        ("api_client.updated", Outcome.DENIED),
        ("api_client.updated", Outcome.SUCCESS),
        ("token.issued", Outcome.SUCCESS),
        ("token.copied", Outcome.SUCCESS),
    ]


def test_the_slip_in_a_name_is_mended(demo: tuple[Draft, ...]) -> None:
    mended = _of(demo, "api_client.updated", "Payroll sync")[-1]
    fields = {change.field: (change.before, change.after) for change in mended.changes}
    assert fields["name"] == ("Payrol sync", "Payroll sync")
    assert fields["scopes"] == (
        ["users:read", "users:write", "payments:read"],
        ["users:read", "users:write", "payments:write"],
    )


def test_a_refusal_says_what_is_needed_and_what_is_held(demo: tuple[Draft, ...]) -> None:
    (denied,) = [event for event in _of(demo, "api_client.revoked") if event.outcome is Outcome.DENIED]
    assert denied.reason == "needs clients:write; he holds clients:read (role Support)"


def test_an_overlap_is_prolonged_and_ended_by_hand(demo: tuple[Draft, ...]) -> None:
    (prolonged,) = _of(demo, "token.prolonged")
    (change,) = prolonged.changes
    rotated = [
        event for event in demo if event.type == "token.rotated" and event.data.get("previous") == prolonged.token
    ]
    assert [event.data["overlap_ends"] for event in rotated] == [change.before]
    ended = [event for event in demo if event.type == "token.ended" and event.token == prolonged.token]
    assert [event.actor.type for event in ended] == [ActorType.MEMBER]


def test_a_client_that_is_deleted_while_valid_is_revoked_first(demo: tuple[Draft, ...]) -> None:
    told = [
        event.type
        for event in demo
        if event.type.startswith("api_client.") and event.client and event.client.name == "Pilot chatbot"
    ]
    assert told == ["api_client.revoked", "api_client.deleted"]


def test_the_newest_event_is_a_contract_that_ended(demo: tuple[Draft, ...]) -> None:
    revoked = _of(demo, "api_client.revoked", "Contractor timesheets")
    assert [event.reason for event in revoked] == ["contract ended"]


def _of(demo: Sequence[Draft], tag: str, name: str | None = None) -> list[Draft]:
    return [
        event for event in demo if event.type == tag and (name is None or (event.target and event.target.name == name))
    ]

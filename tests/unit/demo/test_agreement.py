"""Lists and logs agree: what the events tell of a client is what there is of it."""

from data.clients.changes import field_values
from data.clients.model import ApiClient
from data.demo.calendar import ZONE
from data.records import Event, Json, Outcome
from data.requests import SERVED
from data.services.client_events import logged_status
from tests.demo_database import END


def test_the_events_of_every_client_fold_to_its_present_state(
    demo: tuple[Event, ...], clients: dict[str, ApiClient]
) -> None:
    told: dict[str, dict[str, Json]] = {}
    for event in demo:
        if event.type.startswith("api_client.") and event.outcome is Outcome.SUCCESS:
            assert event.target is not None and event.target.id is not None
            fields = told.setdefault(event.target.id, {})
            assert (event.type == "api_client.created") == (not fields)
            for change in event.changes:
                assert fields.get(change.field) == change.before
                fields[change.field] = change.after
    now = {one.id: {**field_values(one.details), "status": logged_status(one, END, ZONE)} for one in clients.values()}
    assert len(now) > 30
    assert {key: {name: value for name, value in one.items() if value is not None} for key, one in now.items()} == told


def test_the_events_of_every_token_fold_to_its_present_state(
    demo: tuple[Event, ...], clients: dict[str, ApiClient]
) -> None:
    told: dict[str, tuple[str, Json]] = {}
    for event in demo:
        if event.type.startswith("token.") and event.outcome is Outcome.SUCCESS:
            assert event.target is not None and event.target.id is not None
            public_id = event.target.id
            if event.type == "token.issued":
                assert public_id not in told
                told[public_id] = ("active", None)
            for change in event.changes:
                status, overlap = told[public_id]
                told[public_id] = (str(change.after), overlap) if change.field == "status" else (status, change.after)
    tokens = [token for client in clients.values() for token in client.tokens]
    now = {
        token.public_id: (
            token.ended_at is None,
            None if token.overlap_ends is None else token.overlap_ends.isoformat(),
        )
        for token in tokens
    }
    assert len(now) > 150
    assert {public_id: (status == "active", overlap) for public_id, (status, overlap) in told.items()} == now


def test_a_tokens_last_use_is_the_newest_request_that_was_served_with_it(
    requests: tuple[Event, ...], clients: dict[str, ApiClient]
) -> None:
    newest = {event.token: (event.occurred_at, event.ip) for event in requests if event.type == SERVED}
    checked = 0
    for token in (token for client in clients.values() for token in client.tokens):
        if token.last_used_at is not None and token.last_used_at >= requests[0].occurred_at:
            assert (token.last_used_at, token.last_used_ip) == newest.pop(token.public_id)
            checked += 1
    assert checked > 30
    assert not newest, "every token that was used says so"

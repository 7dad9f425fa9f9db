"""The demo's request log: as much as was promised, and refusals that follow from how the clients stood."""

from collections import Counter
from datetime import datetime, timedelta

from data.clients.model import ApiClient
from data.demo.calendar import ZONE, is_working_day
from data.records import ActorType, Event, Outcome
from data.refusals import RefusalCode
from data.requests import REFUSED, SERVED


def test_five_weeks_of_calls_are_there(requests: tuple[Event, ...], end: datetime) -> None:
    assert 14_000 < len(requests) < 18_000
    assert requests[0].occurred_at < end - timedelta(days=34)
    assert end - timedelta(minutes=6) < requests[-1].occurred_at < end


def test_a_few_clients_come_in_batches_every_working_day_at_the_same_hours(
    requests: tuple[Event, ...], end: datetime
) -> None:
    hours = Counter(
        (event.client.id, event.occurred_at.date(), event.occurred_at.hour)
        for event in requests
        if event.client is not None
    )
    days = {event.occurred_at.date() for event in requests}
    whole = [day for day in sorted(days)[1:] if is_working_day(day) and day != end.date()]
    clients = {client for client, _, _ in hours}
    busy = [one for one in clients if all(hours[one, day, hour] >= 40 for day in whole for hour in (13, 14))]
    assert len(busy) == 3


def test_every_refusal_has_its_cause_in_the_change_log(
    requests: tuple[Event, ...], demo: tuple[Event, ...], clients: dict[str, ApiClient]
) -> None:
    checked = Counter[str]()
    for request in requests:
        if request.type != REFUSED or request.client is None or request.client.id is None:
            continue
        client, code, at = clients[request.client.id], RefusalCode(str(request.data["refusal"])), request.occurred_at
        before = [event for event in demo if event.occurred_at <= at and event.client and event.client.id == client.id]
        acts = [event for event in before if event.type.startswith("api_client.") and event.outcome is Outcome.SUCCESS]
        match code:
            case RefusalCode.REVOKED | RefusalCode.EXPIRED:
                assert acts[-1].type == f"api_client.{code}"
            case RefusalCode.TOKEN_ENDED:
                assert any(event.type == "token.ended" and event.token == request.token for event in before)
            case RefusalCode.WRONG_NETWORK:
                assert request.ip not in [event.ip for event in requests if event.type == SERVED]
            case RefusalCode.MISSING_SCOPE:
                assert acts[-1].data["status"] == "active"
                # Without the scope nobody could say which change took it away.
                assert request.reason == f"The token does not have {request.data['scope']}, which the action needs."
            case _:
                assert code is RefusalCode.WRONG_SECRET
        checked[code] += 1
    assert set(checked) >= {"revoked", "expired", "token_ended", "wrong_network", "missing_scope", "wrong_secret"}


def test_nothing_is_served_to_a_client_that_has_ended(
    requests: tuple[Event, ...], clients: dict[str, ApiClient]
) -> None:
    for request in requests:
        if request.type == SERVED and request.client is not None and request.client.id is not None:
            client = clients[request.client.id]
            token = client.token(str(request.token))
            assert client.revoked_at is None or request.occurred_at < client.revoked_at
            assert token is not None and token.issued_at <= request.occurred_at
            assert token.ended_at is None or request.occurred_at < token.ended_at
            assert client.expired_at is None or request.occurred_at < client.expired_at


def test_what_a_client_changes_is_a_request_with_the_same_id(
    requests: tuple[Event, ...], demo: tuple[Event, ...]
) -> None:
    ids = {event.request_id for event in requests}
    acts = [
        event
        for event in demo
        if event.actor.type == ActorType.API_CLIENT and event.occurred_at >= requests[0].occurred_at
    ]
    assert len(acts) > 300
    assert {event.request_id for event in acts} <= ids


def test_a_client_stopped_working_because_of_a_change_shortly_before_the_end(
    requests: tuple[Event, ...], demo: tuple[Event, ...], end: datetime
) -> None:
    change = [event for event in demo if event.type == "api_client.updated" and event.target][-1]
    assert change.target is not None and change.target.name == "Payroll sync"
    calls = [
        event
        for event in requests
        if event.client and event.client.id == change.target.id and event.service == "payments-api"
    ]
    after = [event for event in calls if event.occurred_at > change.occurred_at]
    assert {event.data.get("refusal") for event in after} == {"missing_scope"}
    assert len(after) > 3
    day = [event for event in calls if end - timedelta(days=1) < event.occurred_at < change.occurred_at]
    assert len(day) == 23 and all(event.type == SERVED for event in day)


def test_strangers_are_gathered(requests: tuple[Event, ...]) -> None:
    strangers = [event for event in requests if event.client is None]
    assert {event.type for event in strangers} == {"request.refused_strangers"}
    assert len({event.ip for event in strangers}) > 2


def test_some_clients_expire_within_a_day_a_week_and_a_month(clients: dict[str, ApiClient], end: datetime) -> None:
    left = [client.days_left(end, ZONE) for client in clients.values() if client.status(end, ZONE).is_live]
    assert [sum(first < days <= last for days in left) for first, last in ((-1, 1), (1, 7), (7, 30))] == [1, 1, 1]

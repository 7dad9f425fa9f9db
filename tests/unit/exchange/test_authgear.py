"""Authgear's audit logs, made up in the shape of its Admin API."""

from datetime import UTC, datetime

import pytest

from data.exchange.authgear import draft_from_authgear, is_authgear
from data.exchange.rejects import BadRecord
from data.records import ANONYMOUS, Draft, Json, Outcome, Reference, Source

TEN = datetime(2026, 11, 1, 10, tzinfo=UTC)


def node(**more: Json) -> dict[str, Json]:
    return {"id": "n-1", "activityType": "USER_CREATED", "createdAt": "2026-11-01T10:00:00Z", **more}


def context(**more: Json) -> Json:
    return {"context": dict(more)}


def draft(**more: Json) -> Draft:
    return draft_from_authgear(node(**more))


def test_every_field_has_its_place() -> None:
    found = draft(
        activityType="ADMIN_API_MUTATION_CREATE_USER_EXECUTED",
        clientID="app",
        ipAddress="2001:DB8::1",
        userAgent="curl",
        user={"id": "u-1"},
        data={
            "id": "d-1",
            "payload": {"a": 1},
            "context": {
                "triggered_by": "admin_api",
                "user_id": "u-1",
                "ip_address": "2001:DB8::1",
                "user_agent": "curl",
                "client_id": "app",
                "app_id": "demo",
                "audit_context": {"actor_user_id": "p-1", "usage": "x"},
            },
        },
    )
    assert found == Draft(
        type="authgear.admin_api.create_user",
        occurred_at=TEN,
        actor=Reference("member", "p-1"),
        client=Reference("api_client", "app"),
        target=Reference("user", "u-1"),
        ip="2001:db8::1",
        user_agent="curl",
        source=Source("authgear", "n-1"),
        data={
            "activity_type": "ADMIN_API_MUTATION_CREATE_USER_EXECUTED",
            "node_id": "n-1",
            "id": "d-1",
            "payload": {"a": 1},
            "context": {"triggered_by": "admin_api", "app_id": "demo", "audit_context": {"usage": "x"}},
        },
    )


def test_an_edge_is_its_node_wherever_it_stood_in_the_answer() -> None:
    assert draft_from_authgear({"cursor": "9", "node": node()}) == draft()


def test_what_the_node_does_not_say_its_context_does() -> None:
    found = draft(
        ipAddress=None,
        clientID="",
        data=context(ip_address="192.0.2.1", client_id="app", user_agent="x", user_id="u-1"),
    )
    assert (found.ip, found.user_agent, found.target) == ("192.0.2.1", "x", Reference("user", "u-1"))
    assert found.client == Reference("api_client", "app")
    assert set(found.data) == {"activity_type", "node_id"}


def test_a_context_that_says_something_else_is_kept() -> None:
    found = draft(ipAddress="192.0.2.1", userAgent=["x"], user="somebody", data=context(ip_address="192.0.2.9"))
    assert found.ip == "192.0.2.1"
    assert found.data["context"] == {"ip_address": "192.0.2.9"}
    assert (found.data["userAgent"], found.data["user"]) == (["x"], "somebody")


def test_data_that_is_no_object_is_kept() -> None:
    assert draft(data="text").data["data"] == "text"


@pytest.mark.parametrize(
    ("said", "user", "actor"),
    [
        ({"triggered_by": "user"}, {"id": "u-1", "formattedName": "Una"}, Reference("member", "u-1", "Una")),
        ({"triggered_by": "user"}, None, ANONYMOUS),
        ({}, {"id": "u-1"}, Reference("member", "u-1")),
        ({"triggered_by": "system"}, {"id": "u-1"}, Reference("system", name="system")),
        ({"triggered_by": "admin_api"}, {"id": "u-1"}, Reference("api_client", name="Admin API")),
        ({"triggered_by": "portal"}, None, Reference("member", name="somebody at the portal")),
        ({"triggered_by": "portal", "audit_context": {"actor_user_id": "p-1"}}, None, Reference("member", "p-1")),
    ],
)
def test_the_actor_is_whoever_set_it_off(said: dict[str, Json], user: Json, actor: Reference) -> None:
    assert draft(user=user, data=context(**said)).actor == actor


@pytest.mark.parametrize(
    ("activity", "outcome"),
    [
        ("USER_AUTHENTICATED", Outcome.SUCCESS),
        ("AUTHENTICATION_PRIMARY_PASSWORD_FAILED", Outcome.FAILURE),
        ("EMAIL_ERROR", Outcome.FAILURE),
        ("EMAIL_SUPPRESSED", Outcome.SUCCESS),
        ("AUTHENTICATION_BLOCKED", Outcome.DENIED),
        ("RATE_LIMIT_BLOCKED", Outcome.DENIED),
    ],
)
def test_the_outcome_and_its_reason_are_the_activitys(activity: str, outcome: Outcome) -> None:
    found = draft(activityType=activity, data={"payload": {"error": "no route", "n": 1}})
    assert found.outcome is outcome
    assert found.reason == (None if outcome is Outcome.SUCCESS else "no route")
    assert found.data["payload"] == {"error": "no route", "n": 1}


def test_without_a_user_it_is_about_the_app() -> None:
    assert draft(data=context(app_id="demo")).target == Reference("authgear_app", "demo")
    assert draft().target is None


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"id": None}, "id is missing"),
        ({"activityType": 5}, "activityType should be text that is not blank"),
        ({"createdAt": " "}, "createdAt should be text that is not blank"),
        ({"createdAt": "2026-11-01T10:00:00"}, "createdAt has no offset from UTC"),
    ],
)
def test_a_node_that_cannot_be_taken_says_why(more: dict[str, Json], wrong: str) -> None:
    with pytest.raises(BadRecord, match=wrong):
        draft(**more)


def test_a_node_is_known_by_what_only_authgear_has() -> None:
    assert is_authgear(node())
    assert is_authgear({"node": node()})
    assert not is_authgear({"activityType": 5, "createdAt": ""})
    assert not is_authgear({"activityType": "A"})

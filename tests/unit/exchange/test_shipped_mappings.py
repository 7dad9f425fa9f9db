"""The mappings that ship, on records made up in the shape of each source's documentation."""

from datetime import UTC, datetime

import pytest

from data.exchange.formats import formats_named
from data.records import ANONYMOUS, Change, Draft, Json, Outcome, Reference, Source

TEN = datetime(2026, 11, 1, 10, tzinfo=UTC)


def drafts(tag: str, *records: dict[str, Json]) -> list[Draft]:
    (known,) = formats_named(tag)
    decode = known.decoder()
    return [decode(record) for record in records]


# Slack


def slack(**more: Json) -> Draft:
    user: Json = {"id": "W1", "name": "Una", "email": "una@example.test"}
    return drafts(
        "slack",
        {
            "id": "e-1",
            "date_create": 1793527200,
            "action": "user_login",
            "actor": {"type": "user", "user": user},
            "entity": {"type": "user", "user": user},
            "context": {"ip_address": "192.0.2.1", "ua": "Slack", "session_id": 9, "location": {"id": "E1"}},
            **more,
        },
    )[0]


def test_a_slack_entry_has_every_field_in_its_place() -> None:
    assert slack() == Draft(
        type="slack.user_login",
        occurred_at=TEN,
        actor=Reference("member", "W1", "Una"),
        target=Reference("slack_user", "W1", "Una"),
        ip="192.0.2.1",
        user_agent="Slack",
        session_id="9",
        source=Source("slack", "e-1 user_login"),
        data={
            "id": "e-1",
            "actor": {"type": "user", "user": {"email": "una@example.test"}},
            "entity": {"user": {"email": "una@example.test"}},
            "context": {"location": {"id": "E1"}},
        },
    )


def test_a_slack_sign_in_that_failed_did() -> None:
    assert slack(action="user_login_failed").outcome is Outcome.FAILURE


def test_a_slack_entity_of_a_kind_unheard_of_is_found() -> None:
    found = slack(entity={"type": "canvas", "canvas": {"id": "C1", "name": "Plans"}})
    assert found.target == Reference("slack_canvas", "C1", "Plans")
    assert found.data["entity"] == {"canvas": {"id": "C1", "name": "Plans"}}


def test_what_changed_in_slack_is_a_change() -> None:
    found = slack(details={"previous_scopes": ["a"], "new_scopes": ["a", "b"], "reason": ["x", "y"]})
    assert found.changes == (Change("scopes", ["a"], ["a", "b"]),)
    assert (found.reason, found.data["details"]) == ("x, y", {"reason": ["x", "y"]})


# Auth0


def auth0(**more: Json) -> Draft:
    return drafts("auth0", {"log_id": "l-1", "date": "2026-11-01T10:00:00.000Z", **more})[0]


def test_an_auth0_sign_in_has_every_field_in_its_place() -> None:
    found = auth0(
        type="fp",
        description="Wrong email or password.",
        client_id="c-1",
        client_name="Shop",
        ip="2001:DB8::1",
        user_agent="Firefox",
        user_id="auth0|1",
        user_name="una@example.test",
        connection="Users",
        connection_id="con_1",
        strategy="auth0",
    )
    assert found == Draft(
        type="auth0.login",
        occurred_at=TEN,
        outcome=Outcome.FAILURE,
        reason="Wrong email or password.",
        actor=Reference("member", "auth0|1", "una@example.test"),
        client=Reference("api_client", "c-1", "Shop"),
        target=Reference("auth0_connection", "con_1", "Users"),
        ip="2001:db8::1",
        user_agent="Firefox",
        source=Source("auth0", "l-1 fp Wrong email or password."),
        data={
            "log_id": "l-1",
            "type": "fp",
            "description": "Wrong email or password.",
            "connection": "Users",
            "strategy": "auth0",
        },
    )


def test_an_auth0_record_of_a_stream_is_the_same_event() -> None:
    record: dict[str, Json] = {"log_id": "l-1", "date": "2026-11-01T10:00:00Z", "type": "s"}
    bare, streamed = drafts("auth0", record, {"log_id": "l-1", "data": dict(record)})
    assert bare == streamed


@pytest.mark.parametrize(
    ("code", "tag", "outcome"),
    [
        ("s", "auth0.login", Outcome.SUCCESS),
        ("limit_wc", "auth0.attack_protection.brute_force_on_account", Outcome.DENIED),
        ("limit_new", "auth0.limit_new", Outcome.DENIED),
        ("pwd_leak", "auth0.attack_protection.login_with_leaked_password", Outcome.DENIED),
        ("ferrt", "auth0.token.exchange_rotating_refresh_token", Outcome.FAILURE),
        ("fnew", "auth0.fnew", Outcome.FAILURE),
        ("gd_send_sms", "auth0.mfa.send_sms", Outcome.SUCCESS),
        ("gd_send_sms_failure", "auth0.mfa.send_sms", Outcome.FAILURE),
        ("gd_auth_rejected", "auth0.mfa.authenticate", Outcome.DENIED),
        ("newcode", "auth0.newcode", Outcome.SUCCESS),
    ],
)
def test_auth0_codes_are_an_action_and_how_it_ended(code: str, tag: str, outcome: Outcome) -> None:
    found = auth0(type=code, description="What the code says")
    assert (found.type, found.outcome, found.reason) == (tag, outcome, "What the code says")


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (201, Outcome.SUCCESS, None),
        (400, Outcome.FAILURE, "the API answered with status 400"),
        (403, Outcome.DENIED, "the API answered with status 403"),
        ("400", Outcome.SUCCESS, None),
    ],
)
def test_a_call_of_auth0s_api_is_named_by_its_description(status: Json, outcome: Outcome, reason: str | None) -> None:
    found = auth0(
        type="sapi",
        description="Create a role",
        client_id="c-1",
        details={"request": {"path": "/api/v2/roles"}, "response": {"statusCode": status}},
    )
    assert (found.type, found.outcome, found.reason) == ("auth0.api.create_a_role", outcome, reason)
    assert found.target == Reference("auth0_api_path", "/api/v2/roles")
    assert found.actor == Reference("api_client", "c-1")


def test_nobody_knows_who_failed_without_a_user() -> None:
    assert auth0(type="fcoa", client_id="c-1").actor == ANONYMOUS
    assert auth0(type="seccft", client_id="c-1").actor == Reference("api_client", "c-1")


# Google Cloud


def gcp(payload: dict[str, Json], **more: Json) -> Draft:
    return drafts(
        "gcp", {"timestamp": "2026-11-01T10:00:00Z", "protoPayload": {"methodName": "a.b", **payload}, **more}
    )[0]


def test_a_google_cloud_entry_has_every_field_in_its_place() -> None:
    found = gcp(
        {
            "methodName": "v1.compute.instances.insert",
            "serviceName": "compute.googleapis.com",
            "resourceName": "projects/p/zones/z/instances/vm-1",
            "authenticationInfo": {
                "principalEmail": "robot@p.iam.gserviceaccount.com",
                "serviceAccountKeyName": "keys/k-1",
                "oauthInfo": {"oauthClientId": "o-1"},
            },
            "requestMetadata": {"callerIp": "192.0.2.1", "callerSuppliedUserAgent": "gcloud"},
            "status": {},
        },
        insertId="i-1",
        logName="logs/activity",
        resource={"type": "gce_instance"},
    )
    assert found == Draft(
        type="gcp.v1.compute.instances.insert",
        occurred_at=TEN,
        actor=Reference("api_client", "robot@p.iam.gserviceaccount.com"),
        client=Reference("api_client", "o-1"),
        target=Reference("gce_instance", "projects/p/zones/z/instances/vm-1", "vm-1"),
        service="compute",
        ip="192.0.2.1",
        user_agent="gcloud",
        token="keys/k-1",
        source=Source("gcp", "i-1 logs/activity v1.compute.instances.insert projects/p/zones/z/instances/vm-1"),
        data={
            "insertId": "i-1",
            "logName": "logs/activity",
            "protoPayload": {"serviceName": "compute.googleapis.com", "status": {}},
        },
    )


@pytest.mark.parametrize(
    ("payload", "outcome", "reason"),
    [
        ({}, Outcome.SUCCESS, None),
        ({"status": {"message": "OK"}}, Outcome.SUCCESS, None),
        ({"status": {"code": 0}}, Outcome.SUCCESS, None),
        ({"status": {"code": 7, "message": "Forbidden"}}, Outcome.DENIED, "Forbidden"),
        ({"status": {"code": 16, "message": "Who?"}}, Outcome.DENIED, "Who?"),
        ({"status": {"code": 5, "message": "Not found"}}, Outcome.FAILURE, "Not found"),
        ({"authorizationInfo": [{"granted": True, "permission": "a"}]}, Outcome.SUCCESS, None),
        (
            {"authorizationInfo": [{"granted": True, "permission": "a"}, {"granted": False, "permission": "b"}]},
            Outcome.DENIED,
            "not granted: b",
        ),
        ({"authorizationInfo": [{"granted": False}], "status": {"code": 5}}, Outcome.FAILURE, None),
        ({"authorizationInfo": "odd", "status": "odd"}, Outcome.SUCCESS, None),
    ],
)
def test_a_google_cloud_call_ended_as_its_status_and_its_permissions_say(
    payload: dict[str, Json], outcome: Outcome, reason: str | None
) -> None:
    found = gcp(payload)
    assert (found.outcome, found.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("who", "actor"),
    [
        ({"principalEmail": "una@example.test"}, Reference("member", "una@example.test")),
        ({"principalEmail": "system:anonymous"}, Reference("anonymous", "system:anonymous")),
        ({"authoritySelector": "system:anonymous"}, Reference("anonymous", "system:anonymous")),
        ({"principalEmail": "system:node:n-1"}, Reference("system", "system:node:n-1")),
        (
            {"principalEmail": "r@example.test", "principalSubject": "serviceAccount:r@example.test"},
            Reference("api_client", "r@example.test"),
        ),
        ({"principalSubject": "user:una@example.test"}, Reference("member", "user:una@example.test")),
        ({}, ANONYMOUS),
    ],
)
def test_a_service_account_is_a_client_and_a_part_of_a_cluster_the_system(who: Json, actor: Reference) -> None:
    assert gcp({"authenticationInfo": who}).actor == actor


def test_a_method_of_one_word_has_its_service_before_it() -> None:
    found = gcp({"methodName": "SetIamPolicy", "serviceName": "iam.googleapis.com"})
    assert found.type == "gcp.iam.SetIamPolicy"
    assert found.data["protoPayload"] == {"methodName": "SetIamPolicy", "serviceName": "iam.googleapis.com"}
    assert gcp({"methodName": "SetIamPolicy"}).type == "gcp.SetIamPolicy"


def test_an_object_in_a_cluster_is_no_cluster() -> None:
    found = gcp({"resourceName": "core/v1/namespaces/n/pods/p/exec"}, resource={"type": "k8s_cluster"})
    assert found.target == Reference("k8s_object", "core/v1/namespaces/n/pods/p/exec")


def test_an_entry_without_a_time_has_that_of_its_request() -> None:
    request: Json = {"requestAttributes": {"time": "2026-11-01T10:00:00Z"}}
    assert gcp({"requestMetadata": request}, timestamp=None).occurred_at == TEN


def test_google_cloud_keys_in_lower_case_are_read() -> None:
    (found,) = drafts(
        "gcp",
        {
            "timestamp": "2026-11-01 10:00:00.000",
            "insertid": "i-1",
            "logname": "l",
            "protopayload": {
                "methodName": "a.b",
                "resourceName": "projects/p",
                "authenticationInfo": {"principalEmail": "una@example.test"},
                "requestMetadata": {"callerIP": "192.0.2.1"},
                "status": {"code": 7, "message": "no"},
            },
        },
    )
    assert (found.type, found.actor.id, found.ip, found.outcome) == (
        "gcp.a.b",
        "una@example.test",
        "192.0.2.1",
        "denied",
    )
    assert (found.reason, found.source) == ("no", Source("gcp", "i-1 l a.b projects/p"))

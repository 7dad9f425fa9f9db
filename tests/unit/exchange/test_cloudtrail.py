"""CloudTrail records as drafts."""

from datetime import UTC, datetime

import pytest

from data.exchange.cloudtrail import draft_from_cloudtrail
from data.exchange.rejects import BadRecord
from data.records import ANONYMOUS, ActorType, Draft, Json, Outcome, Reference, Source

ARN = "arn:aws:iam::111122223333:user/alice"
LEAST: dict[str, Json] = {
    "eventVersion": "1.08",
    "eventTime": "2023-07-10T11:42:36Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetBucketAcl",
    "eventID": "e-1",
}


def draft(**more: Json) -> Draft:
    return draft_from_cloudtrail({**LEAST, **more})


def test_what_the_record_says_has_its_place() -> None:
    read = draft(
        userIdentity={"type": "IAMUser", "arn": ARN, "userName": "alice", "accessKeyId": "AKIA1"},
        awsRegion="us-east-1",
        sourceIPAddress="::ffff:198.51.100.7",
        userAgent="aws-cli",
        requestID="r-1",
    )
    assert read.type == "aws.s3.GetBucketAcl"
    assert read.occurred_at == datetime(2023, 7, 10, 11, 42, 36, tzinfo=UTC)
    assert (read.service, read.outcome, read.reason) == ("s3", Outcome.SUCCESS, None)
    assert (read.ip, read.user_agent, read.request_id, read.session_id) == ("198.51.100.7", "aws-cli", "r-1", None)
    assert (read.token, read.client, read.id) == ("AKIA1", None, None)
    assert read.source == Source("cloudtrail", "e-1")


@pytest.mark.parametrize("address", ["AWS Internal", "secretsmanager.amazonaws.com"])
def test_an_address_may_be_a_host_name(address: str) -> None:
    assert draft(sourceIPAddress=address).ip == address


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("AccessDenied", Outcome.DENIED),
        ("AccessDeniedException", Outcome.DENIED),
        ("Client.UnauthorizedOperation", Outcome.DENIED),
        ("UnauthorizedOperation", Outcome.DENIED),
        ("AccessDeniedForAnotherReason", Outcome.FAILURE),
        ("ThrottlingException", Outcome.FAILURE),
        (None, Outcome.SUCCESS),
    ],
)
def test_the_outcome_follows_from_the_error_code(code: str | None, outcome: Outcome) -> None:
    assert draft(errorCode=code).outcome is outcome


def test_a_sign_in_that_failed_is_a_failure_without_an_error_code() -> None:
    refused = draft(responseElements={"ConsoleLogin": "Failure"}, errorMessage="Failed authentication")
    assert (refused.outcome, refused.reason) == (Outcome.FAILURE, "Failed authentication")
    assert draft(responseElements={"ConsoleLogin": "Success"}).outcome is Outcome.SUCCESS


def test_the_reason_is_code_and_message_or_whichever_is_there() -> None:
    assert draft(errorCode="AccessDenied", errorMessage="no").reason == "AccessDenied: no"
    assert draft(errorCode="AccessDenied").reason == "AccessDenied"


@pytest.mark.parametrize(
    ("identity", "actor"),
    [
        ({"type": "IAMUser", "arn": ARN, "userName": "alice"}, Reference(ActorType.MEMBER, ARN, "alice")),
        ({"type": "IAMUser", "principalId": "AIDA1", "userName": "bob"}, Reference(ActorType.MEMBER, "AIDA1", "bob")),
        (
            {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"},
            Reference(ActorType.MEMBER, "arn:aws:iam::111122223333:root", "root (111122223333)"),
        ),
        (
            {
                "type": "AssumedRole",
                "arn": "arn:aws:sts::111122223333:assumed-role/deploy/ci-7",
                "principalId": "A:ci-7",
            },
            Reference(ActorType.MEMBER, "arn:aws:sts::111122223333:assumed-role/deploy/ci-7", "deploy/ci-7"),
        ),
        (
            {
                "type": "AssumedRole",
                "principalId": "AROA:ci-7",
                "sessionContext": {"sessionIssuer": {"userName": "deploy"}},
            },
            Reference(ActorType.MEMBER, "AROA:ci-7", "deploy/ci-7"),
        ),
        (
            {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"},
            Reference(ActorType.SYSTEM, None, "ec2.amazonaws.com"),
        ),
        ({"accountId": "1", "invokedBy": "ec2.amazonaws.com"}, Reference(ActorType.SYSTEM, None, "ec2.amazonaws.com")),
        ({"type": "AWSAccount", "principalId": "AIDA2", "accountId": "4"}, Reference(ActorType.MEMBER, "AIDA2", None)),
        ({"type": "AWSAccount", "accountId": "4"}, Reference(ActorType.MEMBER, "4", "account 4")),
        ({"type": "AWSAccount", "accountId": "anonymous"}, ANONYMOUS),
        ({"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}, ANONYMOUS),
        (
            {"type": "FederatedUser", "arn": "arn:aws:sts::1:federated-user/carol"},
            Reference(ActorType.MEMBER, "arn:aws:sts::1:federated-user/carol", "carol"),
        ),
        ({"type": "WebIdentityUser", "userName": "dora"}, Reference(ActorType.MEMBER, None, "dora")),
        ({"type": "Unknown"}, ANONYMOUS),
        ({}, ANONYMOUS),
        ("alice", ANONYMOUS),
        (None, ANONYMOUS),
    ],
)
def test_the_actor_is_whom_the_identity_names(identity: Json, actor: Reference) -> None:
    assert draft(userIdentity=identity).actor == actor


def test_data_begins_with_what_is_read_most_and_keeps_all_the_rest() -> None:
    read = draft(
        tlsDetails={"tlsVersion": "TLSv1.2"},
        awsRegion="us-east-1",
        errorCode="AccessDenied",
        readOnly=False,
        recipientAccountId="111122223333",
        requestParameters=None,
        userIdentity={"type": "Unknown"},
    )
    assert list(read.data.items()) == [
        ("region", "us-east-1"),
        ("error_code", "AccessDenied"),
        ("read_only", False),
        ("account", "111122223333"),
        ("event_id", "e-1"),
        ("eventVersion", "1.08"),
        ("tlsDetails", {"tlsVersion": "TLSv1.2"}),
        ("userIdentity", {"type": "Unknown"}),
    ]


def test_a_value_of_another_type_than_documented_is_kept_under_its_own_key() -> None:
    read = draft(awsRegion=7, readOnly="yes", userAgent=["x"], errorCode={}, region="clash")
    assert read.data["awsRegion"] == 7
    assert read.data["readOnly"] == "yes"
    assert read.data["userAgent"] == ["x"]
    assert read.data["errorCode"] == {}
    assert read.data["region"] == "clash"
    assert read.outcome is Outcome.SUCCESS


def test_the_account_is_the_callers_where_no_recipient_is_named() -> None:
    assert draft(userIdentity={"accountId": "5"}).data["account"] == "5"


@pytest.mark.parametrize("key", ["eventTime", "eventSource", "eventName", "eventID"])
def test_what_an_event_cannot_do_without_is_asked_for(key: str) -> None:
    with pytest.raises(BadRecord, match=f"{key} is missing"):
        draft(**{key: None})
    with pytest.raises(BadRecord, match=f"{key} should be text that is not blank"):
        draft(**{key: 5})


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(BadRecord, match="eventTime has no offset"):
        draft(eventTime="2023-07-10T11:42:36")

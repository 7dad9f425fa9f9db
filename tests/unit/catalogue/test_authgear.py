import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalogue import CATALOGUE
from data.catalogue.authgear import FAMILIES, authgear_tag

PROJECT = Path(__file__).resolve().parents[3]
SAMPLE = PROJECT.parent / "shared" / "samples" / "authgear_activity_types.tsv"


@pytest.fixture(scope="module")
def sampled_tabs() -> dict[str, str]:
    """The tab of each activity type, from the sample."""
    if not SAMPLE.exists():
        pytest.skip("../shared/samples/authgear_activity_types.tsv is not here")
    with SAMPLE.open(encoding="utf-8", newline="") as lines:
        return {row["activity_type"]: row["tab"] for row in csv.DictReader(lines, delimiter="\t")}


def test_there_are_129_types() -> None:
    assert sum(len(family.types) for family in FAMILIES) == 129


def test_rule_table_and_tabs_agree_with_the_sample(sampled_tabs: dict[str, str]) -> None:
    expected = {authgear_tag(activity_type): tab for activity_type, tab in sampled_tabs.items()}
    assert len(sampled_tabs) == len(expected) == 129
    assert {event_type.tag: event_type.tab for family in FAMILIES for event_type in family.types} == expected


@pytest.mark.parametrize(
    ("activity_type", "tag"),
    [
        ("ADMIN_API_MUTATION_CREATE_USER_EXECUTED", "authgear.admin_api.create_user"),
        ("AUTHENTICATION_BLOCKED", "authgear.authentication.blocked"),
        ("BOT_PROTECTION_VERIFICATION_FAILED", "authgear.bot_protection.verification_failed"),
        ("EMAIL_SENT", "authgear.email.sent"),
        ("FRAUD_PROTECTION_DECISION_RECORDED", "authgear.fraud_protection.decision_recorded"),
        ("IDENTITY_EMAIL_ADDED", "authgear.identity.email_added"),
        ("M2M_TOKEN_CREATED", "authgear.m2m.token_created"),
        ("PROJECT_APP_SECRET_VIEWED", "authgear.project.app_secret_viewed"),
        ("RATE_LIMIT_BLOCKED", "authgear.rate_limit.blocked"),
        ("SMS_ERROR", "authgear.sms.error"),
        ("USAGE_ALERT_TRIGGERED", "authgear.usage.alert_triggered"),
        ("USER_AUTHENTICATED", "authgear.user.authenticated"),
        ("WHATSAPP_OTP_VERIFIED", "authgear.whatsapp.otp_verified"),
    ],
)
def test_the_rule_gives_group_and_rest(activity_type: str, tag: str) -> None:
    assert authgear_tag(activity_type) == tag
    assert tag in CATALOGUE


@pytest.mark.parametrize(
    ("activity_type", "tag"),
    [
        ("USER_KNIGHTED", "authgear.user.knighted"),
        ("ADMIN_API_MUTATION_KNIGHT_USER_EXECUTED", "authgear.admin_api.knight_user"),
        ("ADMIN_API_MUTATION_EXECUTED", "authgear.admin_api.mutation_executed"),
        ("ADMIN_API_QUERY_EXECUTED", "authgear.admin_api.query_executed"),
        ("PASSKEY_ADDED", "authgear.passkey_added"),
        ("USERNAME_ADDED", "authgear.username_added"),
        ("USER", "authgear.user"),
        ("USER_", "authgear.user_"),
    ],
)
def test_a_type_that_is_not_in_the_table_gets_a_tag_by_the_same_rule(activity_type: str, tag: str) -> None:
    assert authgear_tag(activity_type) == tag
    assert tag not in CATALOGUE


@settings(deadline=None)
@given(st.text("ABDEIMNPRSTUXY_2", min_size=1))
def test_every_tag_is_one_of_authgear_without_empty_parts(activity_type: str) -> None:
    tag = authgear_tag(activity_type)
    assert tag.startswith("authgear.")
    assert tag == tag.lower()
    assert all(tag.split("."))


def test_a_message_that_broke_does_not_read_as_sent() -> None:
    assert CATALOGUE.describe("authgear.sms.error").done == "SMS not sent"
    assert CATALOGUE.describe("authgear.authentication.blocked").done == "Sign-in blocked"


def test_a_mutation_says_that_the_admin_api_was_used() -> None:
    mutations = next(family for family in FAMILIES if family.prefix == "authgear.admin_api").types
    assert all(mutation.done.endswith(" via Admin API") for mutation in mutations)
    assert all(mutation.attempted.endswith(" via Admin API") for mutation in mutations)

"""GitHub audit log records, made up in the shape of its documentation."""

from datetime import UTC, datetime

import pytest

from data.exchange.github import GitHubDecoder, is_github
from data.exchange.rejects import BadRecord
from data.records import ANONYMOUS, Change, Draft, Json, Outcome, Reference, Source

TEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
TEN_MS = 1793527200000


def draft(**record: Json) -> Draft:
    return GitHubDecoder()({"action": "repo.create", "actor": "octo", "@timestamp": TEN_MS, **record})


def test_every_field_has_its_place() -> None:
    found = draft(
        _document_id="d-1",
        created_at=TEN_MS,
        actor_id=12,
        actor_ip="2001:DB8::1",
        user_agent="git/2.30",
        request_id="r-1",
        token_id=99,
        org="acme",
        repo="acme/site",
        repo_id=7,
        visibility="private",
        previous_visibility="public",
        business="",
        note=None,
    )
    assert found == Draft(
        type="github.repo.create",
        occurred_at=TEN,
        actor=Reference("member", "12", "octo"),
        target=Reference("github_repository", "7", "acme/site"),
        changes=(Change("visibility", "public", "private"),),
        ip="2001:db8::1",
        user_agent="git/2.30",
        request_id="r-1",
        token="99",
        source=Source("github", "d-1 repo.create"),
        data={"_document_id": "d-1", "org": "acme"},
    )


@pytest.mark.parametrize(
    ("times", "moment", "left"),
    [
        ({"created_at": TEN_MS}, TEN, {}),
        ({"created_at": float(TEN_MS)}, TEN, {}),
        ({"created_at": "2026-11-01 10:00:00.000"}, TEN, {}),
        ({"created_at": "2026-11-01T11:00:00+01:00"}, TEN, {}),
        ({"@timestamp": TEN_MS, "created_at": TEN_MS + 5}, TEN, {"created_at": TEN_MS + 5}),
        ({"at_sign_timestamp": "2026-11-01 10:00:00", "created_at": "2026-11-01 10:00:00.0"}, TEN, {}),
        ({"@timestamp": TEN_MS, "created_at": "then"}, TEN, {"created_at": "then"}),
    ],
)
def test_it_happened_at_the_timestamp(times: dict[str, Json], moment: datetime, left: dict[str, Json]) -> None:
    found = GitHubDecoder()({"action": "repo.create", **times})
    assert (found.occurred_at, found.data) == (moment, left)


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        ({"action": None}, "action is missing"),
        ({"action": ["a"]}, "action should be text that is not blank"),
        ({"@timestamp": None}, "it has no time: neither @timestamp nor created_at is there"),
        ({"@timestamp": "2024-12-17 00:00:00000000"}, "@timestamp should be a time such as"),
        ({"@timestamp": True}, "@timestamp should be a time, as milliseconds since 1970 or as text"),
        ({"@timestamp": 1e18}, "@timestamp is no time that exists: 1e\\+18"),
    ],
)
def test_a_record_that_cannot_be_taken_says_why(record: dict[str, Json], wrong: str) -> None:
    with pytest.raises(BadRecord, match=wrong):
        draft(**record)


@pytest.mark.parametrize(
    ("record", "actor"),
    [
        ({"actor": "octo"}, Reference("member", name="octo")),
        ({"actor": "builder[bot]"}, Reference("api_client", name="builder[bot]")),
        ({"actor": "builder", "actor_is_bot": True, "actor_id": "3"}, Reference("api_client", "3", "builder")),
        ({"actor": "github"}, Reference("system", name="github")),
        ({"actor": ""}, ANONYMOUS),
    ],
)
def test_a_bot_is_no_member_and_nobody_is_anonymous(record: dict[str, Json], actor: Reference) -> None:
    assert draft(**record).actor == actor


@pytest.mark.parametrize(
    ("record", "target"),
    [
        ({"action": "org.add_member", "user": "hubot", "org": "acme"}, Reference("github_user", name="hubot")),
        ({"action": "repo.add_member", "user": "hubot", "repo": "a/b"}, Reference("github_user", name="hubot")),
        ({"action": "org.saml_disabled", "org": "acme", "repo": "a/b"}, Reference("github_organisation", name="acme")),
        (
            {"action": "business.add_admin", "business": "corp", "business_id": 3},
            Reference("github_enterprise", "3", "corp"),
        ),
        ({"action": "team.create", "team": "acme/ops", "org": "acme"}, Reference("github_team", name="acme/ops")),
        ({"action": "team.create", "data": {"team": "acme/ops"}}, Reference("github_team", name="acme/ops")),
        ({"action": "hook.create", "hook_id": 5, "repo": "a/b"}, Reference("github_webhook", "5")),
        ({"action": "hook.create", "data": {"hook_id": 5}, "repo": "a/b"}, Reference("github_webhook", "5")),
        (
            {"action": "repository_ruleset.update", "ruleset_id": "9", "ruleset_name": "main", "repo": "a/b"},
            Reference("github_ruleset", "9", "main"),
        ),
        (
            {"action": "workflows.x", "workflow_id": 4, "name": "Build", "repo": "a/b"},
            Reference("github_workflow", "4", "Build"),
        ),
        (
            {"action": "integration_installation.create", "name": "CI", "org": "acme"},
            Reference("github_app", name="CI"),
        ),
        ({"action": "git.push", "repository": "a/b", "org": "acme"}, Reference("github_repository", name="a/b")),
        ({"action": "repo.create", "user": "octo", "repo": "a/b"}, Reference("github_repository", name="a/b")),
        ({"action": "dependabot_alerts.disable", "org": "acme"}, Reference("github_organisation", name="acme")),
        ({"action": "user.login"}, None),
    ],
)
def test_the_target_is_what_the_action_is_about(record: dict[str, Json], target: Reference | None) -> None:
    assert draft(**record).target == target


@pytest.mark.parametrize(
    ("record", "outcome", "why"),
    [
        ({"action": "workflows.completed_workflow_run", "conclusion": "success"}, Outcome.SUCCESS, None),
        (
            {"action": "workflows.completed_workflow_run", "conclusion": "timed_out"},
            Outcome.FAILURE,
            "the run ended with timed_out",
        ),
        ({"action": "protected_branch.rejected_ref_update"}, Outcome.DENIED, None),
        ({"action": "user.failed_login", "reason": "bad password"}, Outcome.FAILURE, "bad password"),
        ({"action": "repo.destroy", "explanation": "clean-up"}, Outcome.SUCCESS, "clean-up"),
    ],
)
def test_the_outcome_is_told_by_the_action(record: dict[str, Json], outcome: Outcome, why: str | None) -> None:
    found = draft(**record)
    assert (found.outcome, found.reason) == (outcome, why)


def test_an_old_and_a_new_value_are_a_change() -> None:
    found = draft(ruleset_old_enforcement="evaluate", ruleset_enforcement="active", old_user="a", name="x")
    assert found.changes == (Change("ruleset_enforcement", "evaluate", "active"),)
    assert found.data["old_user"] == "a"


def test_equal_records_without_an_identity_are_told_apart_by_their_number() -> None:
    decode = GitHubDecoder()
    record: dict[str, Json] = {"action": "repo.create", "created_at": TEN_MS}
    first, second = decode(record).source, decode(record).source
    assert first is not None and second is not None
    assert (first.identity[-2:], second.identity[-2:]) == (":0", ":1")


@pytest.mark.parametrize(
    ("record", "known"),
    [
        ({"action": "a.b", "actor": "octo", "created_at": 1, "org": "acme"}, True),
        ({"action": "a.b", "actor": {"id": 1}, "created_at": 1, "org": "acme"}, False),
        ({"action": "a.b", "actor": "octo", "org": "acme"}, False),
        ({"action": "a.b", "actor": "octo", "created_at": 1}, False),
        ({"action": 5, "actor": "octo", "created_at": 1, "org": "acme"}, False),
    ],
)
def test_a_record_is_known_by_what_only_github_has(record: dict[str, Json], known: bool) -> None:
    assert is_github(record) is known

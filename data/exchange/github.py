"""GitHub audit log records as drafts.

The fields are those of "Audit log events for your organization" and of the REST API's `audit-log-event` in GitHub's
documentation.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from data.exchange.content_identity import ContentIdentities
from data.exchange.fields import normalise_address
from data.exchange.rejects import BadRecord
from data.exchange.timestamps import UnixUnit, parse_timestamp, unix_time
from data.records import ANONYMOUS, ActorType, Change, Draft, Json, Outcome, Reference, Source

SOURCE = "github"

# `@timestamp` is when it happened, `created_at` when it was put into the log. Pipelines that take no @ in a key spell it
# out.
_TIMES = ("@timestamp", "at_sign_timestamp", "created_at")
_HIMSELF = "github"  # No user has this login: it is the site itself, as in alerts that it raises.
_MEMBERSHIPS = ("member", "user", "admin", "maintainer", "collaborator", "moderator", "owner", "manager")
_ORGANISATION = frozenset({"org", "ip_allow_list", "ip_allow_list_entry", "organization_default_label"})
_ENTERPRISE = frozenset({"business", "enterprise", "enterprise.config", "business_advanced_security"})
_BROKEN_RUNS = frozenset({"failure", "timed_out", "startup_failure"})
_DENIED = frozenset({"rejected_ref_update", "blocked", "denied"})


def is_github(record: Mapping[str, Json]) -> bool:
    """Whether this is a record of GitHub's audit log: an action and a login, when, and in what of GitHub's."""
    return (
        isinstance(record.get("action"), str)
        and isinstance(record.get("actor"), str)
        and any(key in record for key in _TIMES)
        and any(key in record for key in ("_document_id", "org", "repo", "business"))
    )


class GitHubDecoder:
    """Records of GitHub's audit log, for one input. One without `_document_id` gets its content's identity.

    An id stands for one action: records of different ones that share an id, as where ids were blacked out, are all taken.
    """

    def __init__(self) -> None:
        self._identities = ContentIdentities()

    def __call__(self, record: Mapping[str, Json]) -> Draft:
        """The draft of one record. Raises BadRecord for one without `action` or a time.

        Nothing is lost: what has no place of its own in an event goes into `data`, under the record's own key. A key whose
        value is null or blank says nothing, and is left out.
        """
        rest: dict[str, Json] = {key: value for key, value in record.items() if value is not None and value != ""}
        action = _take(rest, "action")
        if action is None:
            raise BadRecord("action should be text that is not blank" if "action" in rest else "action is missing")
        occurred_at = _time(rest)
        outcome, reason = _outcome(action, rest)
        document = _text(rest.get("_document_id"))
        return Draft(
            type=f"github.{action}",
            occurred_at=occurred_at,
            outcome=outcome,
            actor=_actor(rest),
            target=_target(action, rest),
            changes=_changes(rest),
            ip=normalise_address(_take(rest, "actor_ip")),
            user_agent=_take(rest, "user_agent"),
            request_id=_take(rest, "request_id"),
            token=_take(rest, "token_id"),
            reason=reason or _take(rest, "explanation") or _take(rest, "reason"),
            source=Source(SOURCE, f"{document} {action}" if document else self._identities.next_of(record)),
            data=rest,  # last: by now all that has a place was taken
        )


def _text(value: Json) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def _take(rest: dict[str, Json], key: str) -> str | None:
    """The text or whole number at this key, which is then no longer in `rest`; anything else stays there."""
    text = _text(rest.get(key))
    if text is not None:
        del rest[key]
    return text


def _time(rest: dict[str, Json]) -> datetime:
    """The first of the times that is there, in UTC. One that says the same goes with it; any other stays in `rest`."""
    key = next((key for key in _TIMES if key in rest), None)
    if key is None:
        raise BadRecord("it has no time: neither @timestamp nor created_at is there")
    found = _moment(key, rest.pop(key))
    for other in _TIMES:
        try:
            if other in rest and _moment(other, rest[other]) == found:
                del rest[other]
        except BadRecord:
            continue
    return found


def _moment(key: str, value: Json) -> datetime:
    """GitHub counts milliseconds, and what makes text of them writes no offset."""
    if isinstance(value, str):
        return parse_timestamp(key, value, without_offset=UTC)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return unix_time(key, value, UnixUnit.MILLISECONDS)
    raise BadRecord(f"{key} should be a time, as milliseconds since 1970 or as text")


def _outcome(action: str, rest: Mapping[str, Json]) -> tuple[Outcome, str | None]:
    """GitHub logs what was done; what was not is told by the action's name, and of a workflow's run by its end."""
    name = action.rpartition(".")[2]
    if name in _DENIED:
        return Outcome.DENIED, None
    if name.startswith("failed_") or name.endswith(("_failed", "_failure")) or name == "failed":
        return Outcome.FAILURE, None
    conclusion = rest.get("conclusion")
    if action == "workflows.completed_workflow_run" and conclusion in _BROKEN_RUNS:
        return Outcome.FAILURE, f"the run ended with {conclusion}"
    return Outcome.SUCCESS, None


def _actor(rest: dict[str, Json]) -> Reference:
    name, identity = _take(rest, "actor"), _take(rest, "actor_id")
    if name is None and identity is None:
        return ANONYMOUS
    if name == _HIMSELF:
        kind = ActorType.SYSTEM
    elif rest.get("actor_is_bot") is True or (name is not None and name.endswith("[bot]")):
        kind = ActorType.API_CLIENT
    else:
        kind = ActorType.MEMBER
    return Reference(kind, identity, name)


def _target(action: str, rest: dict[str, Json]) -> Reference | None:
    """What the action's name says that it is about, as far as the record names it; else the repository, the organisation
    or the enterprise that it was done in."""
    category, _, name = action.rpartition(".")
    if any(word in name for word in _MEMBERSHIPS):
        user = _named(rest, "github_user", "user_id", "user")
        if user is not None:
            return user
    within = rest.get("data")
    nested = within if isinstance(within, dict) else {}
    if category == "team":
        # Below `data` in some exports; there it stays.
        team = _named(rest, "github_team", "team_id", "team")
        named = _text(nested.get("team"))
        if team is not None or named is not None:
            return team or Reference("github_team", name=named)
    if category == "hook":
        hook = _take(rest, "hook_id") or _text(nested.get("hook_id"))
        if hook is not None:
            return Reference("github_webhook", hook)
    if category in _ENTERPRISE or category in _ORGANISATION:
        whole = _named(rest, "github_enterprise", "business_id", "business") if category in _ENTERPRISE else None
        whole = whole or _named(rest, "github_organisation", "org_id", "org")
        if whole is not None:
            return whole
    about = (
        _named(rest, "github_ruleset", "ruleset_id", "ruleset_name")
        if category == "repository_ruleset"
        else _named(rest, "github_workflow", "workflow_id", "name")
        if category == "workflows"
        else _named(rest, "github_app", "integration_id", "name")
        if category == "integration_installation"
        else None
    )
    return (
        about
        or _named(rest, "github_repository", "repo_id", "repo")
        or _named(rest, "github_repository", "repository_id", "repository")
        or _named(rest, "github_organisation", "org_id", "org")
        or _named(rest, "github_enterprise", "business_id", "business")
    )


def _changes(rest: dict[str, Json]) -> tuple[Change, ...]:
    """Pairs of keys that are alike but for the word old or previous: `old_name` and `name`, `ruleset_old_enforcement` and
    `ruleset_enforcement`."""
    changes = []
    for key in list(rest):
        words = key.split("_")
        field = "_".join(word for word in words if word not in ("old", "previous"))
        if field != key and field in rest:
            changes.append(Change(field, rest.pop(key), rest.pop(field)))
    return tuple(changes)


def _named(rest: dict[str, Json], kind: str, id_key: str, name_key: str) -> Reference | None:
    if _text(rest.get(name_key)) is None and _text(rest.get(id_key)) is None:
        return None
    return Reference(kind, _take(rest, id_key), _take(rest, name_key))

"""The samples of other systems' logs, where they are there: every record against what its source says.

Each check here reads a record by itself, in plain Python, so that a mistake in a mapping is not made twice.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from data.catalogue import CATALOGUE
from data.exchange import Reject, open_input, read_records, recognise
from data.records import Draft

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
FILES = {
    "github": "github-audit.jsonl",
    "authgear": "authgear-auditlogs.json",
    "auth0": "auth0-events.jsonl",
    "slack": "slack-auditlogs.jsonl",
    "gcp": "gcp-auditlog.jsonl",
}

pytestmark = pytest.mark.skipif(
    not all((SAMPLES / name).is_file() for name in FILES.values()), reason="the folder ../shared/samples is not there"
)

# What a sample holds is a record of any shape; it is read key by key and compared.
_Record = dict[str, Any]


@cache
def pairs(tag: str) -> tuple[tuple[_Record, Draft | Reject], ...]:
    """Each record of a sample as it stands, and what was read of it."""
    path = SAMPLES / FILES[tag]
    content = path.read_text()
    if path.suffix == ".json":
        records = [edge["node"] for edge in json.loads(content)["data"]["auditLogs"]["edges"]]
    else:
        records = [json.loads(line) for line in content.splitlines() if line.strip()]
    with open_input(str(path)) as source:
        known = recognise(source)
        assert known.tag == tag
        return tuple(zip(records, read_records(source, known), strict=True))


def taken(tag: str) -> Iterator[tuple[_Record, Draft]]:
    for record, item in pairs(tag):
        if not isinstance(item, Reject):
            yield record, item


def refused(tag: str) -> Iterator[tuple[_Record, str]]:
    for record, item in pairs(tag):
        if isinstance(item, Reject):
            yield record, item.reason


def instant(value: str | float) -> datetime:
    """A time as these samples write it: milliseconds, or text in UTC to the nanosecond."""
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(int(value) // 1000, UTC).replace(microsecond=int(value) % 1000 * 1000)
    text = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", value.replace("Z", "").replace("T", " "))
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def address(text: str | None) -> str | None:
    try:
        return str(ip_address(text)) if text else None
    except ValueError:
        return text


def within(value: _Record, *keys: str) -> _Record:
    """The object at these keys; an empty one where something else is, as "..." in a sample that was cut."""
    for key in keys:
        inner = value.get(key)
        value = inner if isinstance(inner, dict) else {}
    return value


def leaves(value: object) -> Iterator[str]:
    """Every text and number within a value, as text."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif value is not None and value != "" and not isinstance(value, bool):
        yield str(value)


@pytest.mark.parametrize(
    ("tag", "read", "rejected"),
    [("github", 98, 34), ("authgear", 129, 0), ("auth0", 49, 0), ("slack", 44, 29), ("gcp", 196, 51)],
)
def test_every_record_is_taken_or_rejected(tag: str, read: int, rejected: int) -> None:
    assert (len(pairs(tag)), sum(isinstance(item, Reject) for _, item in pairs(tag))) == (read, rejected)


def test_what_was_rejected_has_no_time_or_no_action() -> None:
    for record, reason in refused("github"):
        if reason == "it has no time: neither @timestamp nor created_at is there":
            assert not {"@timestamp", "created_at", "at_sign_timestamp"} & set(record)
        else:
            assert record["created_at"] == "2024-12-17 00:00:00000000"
            assert reason.startswith("created_at should be a time such as")
    for record, reason in refused("slack"):
        assert "date_create" not in record
        assert reason == "occurred_at is missing: there is nothing at date_create"
    for record, reason in refused("gcp"):
        payload = within(record, "protoPayload") or within(record, "protopayload")
        if reason.startswith("type is missing"):
            assert "methodName" not in payload
        else:
            assert reason.startswith("occurred_at is missing")
            assert "timestamp" not in record
            assert "time" not in within(payload, "requestMetadata", "requestAttributes")


@pytest.mark.parametrize("tag", FILES)
def test_nothing_that_a_record_says_is_lost(tag: str) -> None:
    for record, draft in taken(tag):
        # A time is the same instant in other words, an address may be written another way, and a type has its prefix.
        said = Counter(leaves(record))
        kept = Counter(
            leaves(
                [
                    dict(draft.data),
                    [draft.type, draft.type.partition(".")[2], draft.user_agent, draft.request_id, draft.session_id],
                    [draft.token, draft.reason, draft.service],
                    *(
                        [part.id, part.name, str(part.type).partition("_")[2], str(part.type)]
                        for part in (draft.actor, draft.target, draft.client)
                        if part
                    ),
                    *([change.before, change.after] for change in draft.changes),
                ]
            )
        )
        for text in said:
            if text not in kept and text != "":
                is_time = re.match(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ]", text) and instant(text) == draft.occurred_at
                is_count = re.fullmatch(r"[0-9]{13}(\.0)?", text) and instant(float(text)) == draft.occurred_at
                is_address = address(text) == draft.ip
                assert is_time or is_count or is_address, (draft.type, text)


def github_outcome(record: _Record) -> str:
    return "failure" if record.get("conclusion") == "failure" else "success"


def test_github_is_held_against_its_fields() -> None:
    for record, draft in taken("github"):
        when = record.get("@timestamp") or record.get("at_sign_timestamp") or record["created_at"]
        assert draft.occurred_at == instant(when)
        assert draft.type == f"github.{record['action']}"
        assert draft.actor.id == record.get("actor_id")
        assert draft.actor.name == (record["actor"] or "anonymous")
        assert draft.ip == record.get("actor_ip")
        assert draft.outcome == github_outcome(record)
        assert (draft.reason is None) == (draft.outcome == "success")
        assert draft.target is not None
        named = {value for value in leaves(record)}
        assert {draft.target.id, draft.target.name} - {None} <= named


def test_authgear_is_held_against_its_fields() -> None:
    tabs = dict(
        line.split("\t")[:2]
        for line in (SAMPLES / "authgear_activity_types.tsv").read_text().splitlines()
        if "\t" in line
    )
    for node, draft in taken("authgear"):
        context = node["data"]["context"]
        assert draft.occurred_at == instant(node["createdAt"])
        assert draft.type in CATALOGUE
        assert CATALOGUE.describe(draft.type).tab == tabs[node["activityType"]]
        person = context.get("audit_context", {}).get("actor_user_id")
        assert draft.actor.id == (person or node["user"]["id"])
        assert draft.actor.type == "member"
        assert draft.target is not None
        assert draft.target.id == (node["user"]["id"] if node["user"] else context["app_id"])
        assert (draft.client.id if draft.client else None) == node["clientID"]
        assert (draft.ip, draft.user_agent) == (node["ipAddress"], node["userAgent"])
        activity = node["activityType"]
        blocked, failed = activity.endswith("BLOCKED"), activity.endswith(("FAILED", "ERROR"))
        assert draft.outcome == ("denied" if blocked else "failure" if failed else "success")
        assert draft.source is not None and draft.source.identity == node["id"]


def test_auth0_is_held_against_its_fields() -> None:
    failures, denials = {"fcoa", "ferrt"}, {"pwd_leak", "signup_pwd_leak", "limit_wc"}
    for record, draft in taken("auth0"):
        entry = record["data"]
        status = entry.get("details", {}).get("response", {}).get("statusCode", 200)
        assert draft.occurred_at == instant(entry["date"])
        assert draft.actor.id == (entry.get("user_id") or None)
        assert draft.client is not None and draft.client.id == entry["client_id"]
        assert draft.ip == address(entry["ip"])
        if entry["type"] == "sapi":
            assert draft.type == "auth0.api." + entry["description"].lower().replace(" ", "_")
        else:
            assert draft.data["type"] == entry["type"]
        if status >= 400 or entry["type"] in failures:
            assert draft.outcome == "failure"
        else:
            assert draft.outcome == ("denied" if entry["type"] in denials else "success")
        if draft.outcome != "success":
            assert draft.reason in (entry["description"], f"the API answered with status {status}")


def test_slack_is_held_against_its_fields() -> None:
    for record, draft in taken("slack"):
        assert draft.occurred_at == instant(record["date_create"])
        assert draft.type == f"slack.{record['action']}"
        assert draft.actor.id == record["actor"]["user"]["id"]
        assert draft.actor.name == record["actor"]["user"]["name"]
        assert (draft.ip, draft.user_agent) == (record["context"]["ip_address"], record["context"]["ua"])
        assert draft.outcome == "success"
        entity = record.get("entity")
        if entity is None:
            assert draft.target is None
        else:
            assert draft.target is not None
            assert draft.target.id == entity[entity["type"]]["id"]
            assert draft.target.type == f"slack_{entity['type']}"


def gcp_outcome(payload: _Record) -> str:
    code = within(payload, "status").get("code", 0)
    if code:
        return "denied" if code in (7, 16) else "failure"
    granted = [item.get("granted") for item in payload.get("authorizationInfo") or [] if isinstance(item, dict)]
    return "denied" if False in granted else "success"


def test_google_cloud_is_held_against_its_fields() -> None:
    for record, draft in taken("gcp"):
        payload = record.get("protoPayload") or record["protopayload"]
        request = within(payload, "requestMetadata")
        when = record.get("timestamp") or payload.get("timestamp") or within(request, "requestAttributes")["time"]
        who = within(payload, "authenticationInfo")
        service = payload.get("serviceName", "").removesuffix(".googleapis.com")
        assert draft.occurred_at == instant(when)
        method = payload["methodName"]
        assert draft.type == (f"gcp.{method}" if "." in method or not service else f"gcp.{service}.{method}")
        names = ("principalEmail", "principalSubject", "authoritySelector")
        assert draft.actor.id == next((who[name] for name in names if name in who), None)
        assert draft.ip == address(request.get("callerIp") or request.get("callerIP"))
        assert draft.outcome == gcp_outcome(payload)
        assert (draft.service or "") == service
        assert (draft.target.id if draft.target else None) == payload.get("resourceName")
        if draft.outcome != "success":
            message = within(payload, "status").get("message")
            assert draft.reason is not None
            assert draft.reason == message if message else draft.reason.startswith("not granted: ")


EXPECTED_TARGETS: dict[str, Callable[[Draft], bool]] = {
    "github.org.saml_disabled": lambda draft: draft.target is not None and draft.target.name == "my-org",
    "github.repo.add_member": lambda draft: draft.target is not None and draft.target.name == "cat",
    "github.team.create": lambda draft: draft.target is not None and draft.target.name == "my-org/my-team",
}


@pytest.mark.parametrize("tag", EXPECTED_TARGETS)
def test_github_targets_are_what_a_person_would_say(tag: str) -> None:
    found = [draft for _, draft in taken("github") if draft.type == tag]
    assert found and all(map(EXPECTED_TARGETS[tag], found))

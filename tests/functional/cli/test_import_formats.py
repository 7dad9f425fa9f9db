"""`auditdeck import` of other systems' logs: by content, by name, and by a mapping file."""

import gzip
import json
from pathlib import Path

import pytest

from data.exchange import format_tags
from data.records import Json
from tests.functional.cli.command_line import PROJECT, Runner

WHEN = "2026-11-01T10:00:00Z"
GITHUB: dict[str, Json] = {
    "action": "org.add_member",
    "actor": "octo",
    "user": "hubot",
    "org": "acme",
    "created_at": 1793527200000,
}
AUTHGEAR: dict[str, Json] = {"id": "n-1", "activityType": "USER_CREATED", "createdAt": WHEN, "user": {"id": "u-1"}}
AUTH0: dict[str, Json] = {
    "log_id": "l-1",
    "date": WHEN,
    "type": "fp",
    "description": "Wrong password.",
    "user_id": "auth0|1",
}
SLACK: dict[str, Json] = {
    "id": "e-1",
    "date_create": 1793527200,
    "action": "user_logout",
    "actor": {"type": "user", "user": {"id": "W1", "name": "Una"}},
    "context": {"ip_address": "192.0.2.1"},
}
GCP: dict[str, Json] = {
    "timestamp": WHEN,
    "protoPayload": {"methodName": "v1.compute.disks.delete", "status": {"code": 7, "message": "Forbidden"}},
}
BADGES = """
[format]
name = "Badges"
source = "badges"
[time]
numbers = "s"
[event]
type = "kind"
occurred_at = "at"
outcome = "ok"
[event.actor]
id = "holder"
[prefix]
type = "badges."
[values.outcome]
true = "success"
false = "denied"
"""


def file_of(path: Path, content: Json) -> str:
    path.write_text(json.dumps(content))
    return str(path)


def shown(run: Runner) -> list[dict[str, Json]]:
    items: list[dict[str, Json]] = run("events", "last:all", "--json").json["items"]
    return items


@pytest.mark.parametrize(
    ("tag", "content", "event_type", "outcome"),
    [
        ("github", GITHUB, "github.org.add_member", "success"),
        ("github", [GITHUB], "github.org.add_member", "success"),
        ("authgear", AUTHGEAR, "authgear.user.created", "success"),
        ("authgear", [AUTHGEAR], "authgear.user.created", "success"),
        ("authgear", {"data": {"auditLogs": {"edges": [{"node": AUTHGEAR}]}}}, "authgear.user.created", "success"),
        ("authgear", {"data": {"auditLogs": {"nodes": [AUTHGEAR]}}}, "authgear.user.created", "success"),
        ("auth0", AUTH0, "auth0.login", "failure"),
        ("auth0", [AUTH0], "auth0.login", "failure"),
        ("auth0", {"log_id": "l-1", "data": AUTH0}, "auth0.login", "failure"),
        ("auth0", {"start": 0, "logs": [AUTH0]}, "auth0.login", "failure"),
        ("slack", SLACK, "slack.user_logout", "success"),
        ("slack", {"entries": [SLACK], "response_metadata": {}}, "slack.user_logout", "success"),
        ("gcp", GCP, "gcp.v1.compute.disks.delete", "denied"),
        ("gcp", [GCP], "gcp.v1.compute.disks.delete", "denied"),
        ("gcp", {"entries": [GCP]}, "gcp.v1.compute.disks.delete", "denied"),
    ],
)
def test_a_log_is_known_by_its_content_and_by_its_name(
    run: Runner, tmp_path: Path, tag: str, content: Json, event_type: str, outcome: str
) -> None:
    path = file_of(tmp_path / "log.json", content)
    first = run("import", path)
    assert (first.status, first.out) == (0, "1 read: 1 added, 0 duplicates, 0 rejected.\n"), first.err
    (event,) = shown(run)
    assert (event["type"], event["outcome"], event["occurred_at"]) == (
        event_type,
        outcome,
        "2026-11-01T10:00:00.000000Z",
    )
    named = run("import", path, "--format", tag)
    assert (named.status, named.out) == (0, "1 read: 0 added, 1 duplicates, 0 rejected.\n"), named.err


def test_any_other_log_is_read_by_a_mapping_file(run: Runner, tmp_path: Path) -> None:
    mapping = tmp_path / "badges.toml"
    mapping.write_text(BADGES)
    lines = [{"kind": "open", "at": 1793527200, "holder": 7, "ok": False, "door": "Lab"}, {"kind": "open"}]
    path = tmp_path / "badges.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    ran = run("import", str(path), "--format", str(mapping))
    assert (ran.status, ran.out) == (3, "2 read: 1 added, 0 duplicates, 1 rejected.\n")
    (event,) = shown(run)
    assert event["actor"] == {"type": "member", "id": "7"}
    assert (event["outcome"], event["data"]) == ("denied", {"ok": False, "door": "Lab"})
    (reject,) = map(json.loads, Path("auditdeck-rejects.jsonl").read_text().splitlines())
    assert (reject["line"], reject["reason"]) == (2, "occurred_at is missing: there is nothing at at")


@pytest.mark.parametrize("field", ['duration = "to_number(took)"', '[changes.size]\nafter = "to_number(took)"'])
def test_a_number_that_cannot_be_kept_rejects_its_record_alone(run: Runner, tmp_path: Path, field: str) -> None:
    mapping = tmp_path / "badges.toml"
    mapping.write_text(
        f"""[format]\nname = "Badges"\nsource = "badges"\n[event]\ntype = "kind"\noccurred_at = "at"\n{field}\n"""
    )
    path = tmp_path / "badges.jsonl"
    took = ["1", "nan", "inf", "1e400", "9" * 30, "2"]
    path.write_text("".join(json.dumps({"kind": "open", "at": WHEN, "took": one}) + "\n" for one in took))
    ran = run("import", str(path), "--format", str(mapping))
    assert (ran.status, ran.out) == (3, "6 read: 2 added, 0 duplicates, 4 rejected.\n"), ran.err
    assert len(shown(run)) == 2


def test_a_mapping_that_is_wrong_is_told_in_one_sentence_before_anything_is_read(run: Runner, tmp_path: Path) -> None:
    mapping = tmp_path / "badges.toml"
    mapping.write_text(BADGES.replace('occurred_at = "at"', 'occurred_at = "at["'))
    ran = run("import", str(tmp_path / "nowhere.jsonl"), "--format", str(mapping))
    assert (ran.status, ran.out) == (1, "")
    expected = f"cannot use the mapping {mapping}: event.occurred_at is no JMESPath expression: it ends too early"
    assert ran.err.splitlines() == [f"auditdeck: {expected}"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("nowhere.toml", "cannot read nowhere.toml: there is no such file"),
        ("splunk", f"there is no format splunk; known are {', '.join(format_tags())}, or the path of a mapping file"),
        ("../../etc/passwd", "there is no format ../../etc/passwd"),
    ],
)
def test_a_format_that_is_not_there_is_told_with_those_that_are(
    run: Runner, tmp_path: Path, wanted: str, told: str
) -> None:
    ran = run("import", file_of(tmp_path / "log.json", GITHUB), "--format", wanted)
    assert (ran.status, ran.out) == (1, "")
    assert told in ran.err


def test_a_file_of_another_format_than_was_named_is_rejected_record_by_record(run: Runner, tmp_path: Path) -> None:
    ran = run("import", file_of(tmp_path / "log.json", [GITHUB, GITHUB]), "--format", "gcp", "--json")
    assert (ran.status, ran.json["rejected"]) == (3, 2)
    reasons = {json.loads(line)["reason"] for line in Path("auditdeck-rejects.jsonl").read_text().splitlines()}
    missing = "type is missing: there is nothing at protoPayload.methodName or protopayload.methodName"
    assert reasons == {f"record 1: {missing}", f"record 2: {missing}"}


def test_content_that_nobody_knows_is_told_what_to_do(run: Runner, tmp_path: Path) -> None:
    ran = run("import", file_of(tmp_path / "log.json", {"kind": "open"}))
    assert ran.status == 1
    assert "nobody knows its format" in ran.err
    assert "--format names it, or a mapping file for it" in ran.err


@pytest.mark.parametrize(
    ("record", "other_deed", "other_telling"),
    [
        ({**GITHUB, "_document_id": "d-1"}, {"action": "org.remove_member"}, {"user": "cat"}),
        (AUTH0, {"type": "s"}, {"user_id": "auth0|2"}),
        (SLACK, {"action": "user_login"}, {"context": {"ip_address": "192.0.2.9"}}),
        ({**GCP, "insertId": "i-1"}, {"protoPayload": {"methodName": "v1.compute.disks.list"}}, {"severity": "INFO"}),
    ],
)
def test_one_id_is_one_deed_told_in_one_way(
    run: Runner, tmp_path: Path, record: dict[str, Json], other_deed: dict[str, Json], other_telling: dict[str, Json]
) -> None:
    path = file_of(tmp_path / "log.json", [record, {**record, **other_deed}, {**record, **other_telling}, record])
    ran = run("import", path, "--json")
    assert (ran.json["added"], ran.json["duplicates"], ran.json["rejected"]) == (2, 1, 1)


def test_help_lists_every_format(run: Runner) -> None:
    text = " ".join(run("import", "--help").out.split())
    assert ", ".join(format_tags()) in text
    assert format_tags() == ("auditdeck", "cloudtrail", "authgear", "github", "auth0", "gcp", "slack")


def test_the_example_of_the_readme_works(run: Runner, tmp_path: Path) -> None:
    readme = (PROJECT / "README.md").read_text()
    mapping = tmp_path / "badges.toml"
    mapping.write_text(readme.partition("```toml\n")[2].partition("```")[0])
    record = readme.partition("<!-- badges -->\n```json\n")[2].partition("```")[0]
    ran = run("import", file_of(tmp_path / "badges.jsonl", json.loads(record)), "--format", str(mapping))
    assert ran.out == "1 read: 1 added, 0 duplicates, 0 rejected.\n", ran.err
    (event,) = shown(run)
    del event["id"], event["recorded_at"]
    event.pop("seal", None)  # it is, as soon as somebody seals it
    assert event == {
        "type": "badges.door.open",
        "occurred_at": "2026-11-01T10:00:00.000000Z",
        "outcome": "denied",
        "actor": {"type": "member", "id": "m-42", "name": "Alice Moss"},
        "target": {"type": "badges_door", "id": "lab-2"},
        "ip": "198.51.100.7",
        "reason": "badge expired",
        "data": {"no": 7, "ok": False, "holder": {"badge": "b-9"}, "floor": 2},
    }


SAMPLES = PROJECT.parent / "shared" / "samples"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder ../shared/samples is not there")
@pytest.mark.parametrize(
    ("name", "added", "conflicts", "unfit"),
    [
        ("github-audit.jsonl", 62, 2, 34),
        ("authgear-auditlogs.json", 129, 0, 0),
        ("auth0-events.jsonl", 34, 15, 0),
        ("slack-auditlogs.jsonl", 14, 1, 29),
        ("gcp-auditlog.jsonl", 132, 13, 51),
    ],
)
def test_the_samples_are_imported_once(run: Runner, name: str, added: int, conflicts: int, unfit: int) -> None:
    first = run("import", str(SAMPLES / name), "--json").json
    reasons = (
        [json.loads(line)["reason"] for line in Path("auditdeck-rejects.jsonl").read_text().splitlines()]
        if first["rejects"]
        else []
    )
    told = sum(reason.endswith("in the log already with other content") for reason in reasons)
    assert (first["added"], told, len(reasons) - told) == (added, conflicts, unfit)
    again = run("import", str(SAMPLES / name), "--json").json
    assert (again["added"], again["duplicates"], again["rejected"]) == (
        0,
        added + first["duplicates"],
        first["rejected"],
    )

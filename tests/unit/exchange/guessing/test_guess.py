"""Single choices of a guess, and what it does with records that make no sense."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.clock import to_text
from data.exchange.expressions import Expression
from data.exchange.formats import format_of
from data.exchange.guessing.columns import columns_of, path_expression, seen_in
from data.exchange.guessing.guess import NoGuess, guess
from data.exchange.guessing.proposal import Proposal, quoted
from data.exchange.mapping_file import parse_mapping
from data.exchange.rejects import BadRecord
from data.records import Draft, Json

# A record of any shape.
_Record = dict[str, Any]

WHEN = "2026-11-01T10:00:00Z"


def decoded(records: list[_Record], shown: list[_Record] | None = None) -> list[Draft]:
    """What the mapping file of a guess at some records makes of them, or of others."""
    text = guess(records, "made").text()
    decode = format_of("made", parse_mapping(text.encode(), "made.toml")).decoder()
    return [decode(record) for record in (records if shown is None else shown)]


def places(records: list[_Record], field: str) -> tuple[str, ...]:
    finding = guess(records, "made").finding(field)
    return () if finding is None else finding.choices


def rows(number: int = 12, **columns: Any) -> list[_Record]:  # noqa: ANN401
    """Records with an action and a time, and with these columns, each a list that is gone round or a value."""
    made = []
    for index in range(number):
        row: _Record = {"at": f"2026-11-01T10:00:{index:02}Z", "action": ("open", "close", "lock.door")[index % 3]}
        for name, value in columns.items():
            row[name] = value[index % len(value)] if isinstance(value, list) else value
        made.append(row)
    return made


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-01T10:00:00Z", WHEN),
        ("2026-11-01T12:00:00+02:00", WHEN),
        ("2026-11-01 10:00:00", WHEN),
        ("2026-11-01 10:00:00,250", "2026-11-01T10:00:00.250000Z"),
        ("2026/11/01 10:00:00", WHEN),
        ("2026-11-01 10:00:00 UTC", WHEN),
        ("2026-11-01 12:00:00 +0200", WHEN),
        ("2026-11-01 08:00:00 -0200", WHEN),
        (1793527200, WHEN),
        (1793527200.25, "2026-11-01T10:00:00.250000Z"),
        ("1793527200", WHEN),
        ("1793527200.25", "2026-11-01T10:00:00.250000Z"),
        (1793527200000, WHEN),
        (1793527200000000, WHEN),
        ("1793527200000000000", WHEN),
    ],
)
@pytest.mark.parametrize("key", ["time", "eventTime", "ts", "created_at", "@timestamp", "timestamp_ms"])
def test_times_in_many_forms_are_read(key: str, value: Json, expected: str) -> None:
    (draft, _) = decoded([{key: value, "action": "open"}, {key: value, "action": "close"}])
    assert to_text(draft.occurred_at).replace(".000000Z", "Z") == expected


def test_the_time_of_the_deed_is_taken_and_not_that_of_its_log_or_its_end() -> None:
    records = rows(
        received_at="2026-11-01T10:00:09Z",
        expires_at="2027-01-01T00:00:00Z",
        updated_at=WHEN,
        end_time="2026-11-01T11:00:00Z",
    )
    assert places(records, "occurred_at") == ("at",)


def test_another_time_stands_in_only_where_it_agrees() -> None:
    records: list[_Record] = [
        {
            "time": f"2026-11-01T10:00:{second:02}Z",
            "created": f"2026-11-01T10:00:{second:02}Z",
            "logged": WHEN,
            "action": "a.b",
        }
        for second in range(10)
    ]
    records += [{"created": WHEN, "action": "a.b"}, {"action": "a.c", "granted": "2020-01-01T00:00:00Z"}]
    assert places(records, "occurred_at") == ("time", "created")
    with pytest.raises(BadRecord, match="occurred_at is missing"):
        decoded(records, [records[-1]])


def test_a_time_that_says_something_else_does_not_stand_in() -> None:
    records: list[_Record] = [
        {"time": f"2026-11-01T10:00:{second:02}Z", "date": f"1999-01-{second + 1:02}T00:00:00Z", "action": "a.b"}
        for second in range(10)
    ]
    assert places([*records, {"date": WHEN, "action": "a.c"}], "occurred_at") == ("time",)


def test_a_zone_is_taken_for_granted_only_where_one_is_missing() -> None:
    with_zone = guess([{"time": WHEN, "action": "open"}], "made")
    without = guess([{"time": "2026-11-01 10:00:00", "action": "open"}], "made")
    assert (with_zone.needs_zone, without.needs_zone) == (False, True)
    assert any(shown.label == "zone" and "correct it" in shown.reason for shown in without.shown())


def test_a_number_that_could_be_a_time_needs_a_name_for_it() -> None:
    with pytest.raises(NoGuess, match="the time"):
        guess([{"serial": 1793527200, "action": "open"}, {"serial": 1793527201, "action": "close"}], "made")


def test_what_is_always_the_same_is_no_action() -> None:
    records = rows(30, event_type="AuditEvent", kind="x")
    for record in records:
        record["operation"] = record.pop("action")
    assert places(records, "type") == ("operation",)


def test_the_kind_of_the_actor_or_of_the_thing_is_no_action() -> None:
    records: list[_Record] = [
        {"at": WHEN, "actor": {"type": "user", "id": "u1"}, "entity": {"type": "file", "id": "f"}}
    ] * 3
    with pytest.raises(NoGuess, match="the action"):
        guess(records, "made")


def test_bare_verbs_come_after_what_they_are_done_to() -> None:
    records = [
        {"at": WHEN, "action": verb, "object_type": thing, "object_id": "x"}
        for verb in ("create", "delete")
        for thing in ("invoice", "member", "member")
    ]
    assert {draft.type for draft in decoded(records)} == {
        f"made.{thing}.{verb}" for verb in ("create", "delete") for thing in ("invoice", "member")
    }


def test_words_that_are_all_in_capitals_become_small() -> None:
    records: list[_Record] = [{"at": WHEN, "event": name} for name in ("USER_CREATED", "SMS_SENT")]
    assert {draft.type for draft in decoded(records)} == {"made.user_created", "made.sms_sent"}
    assert decoded(records)[0].data == {"event": "USER_CREATED"}
    mixed: list[_Record] = [{"at": WHEN, "event": name} for name in ("CHANGE_PASSWORD", "login", "DescribeVpcs")]
    assert {draft.type for draft in decoded(mixed)} == {"made.CHANGE_PASSWORD", "made.login", "made.DescribeVpcs"}


def test_a_name_without_a_dot_comes_after_its_service() -> None:
    services = ("storage.api.example.com", "keys.api.example.com")
    records = [{"at": WHEN, "method_name": name, "service_name": host} for name in ("Get", "Put") for host in services]
    records.append({"at": WHEN, "method_name": "v1.disks.Get", "service_name": services[0]})
    types = [draft.type for draft in decoded(records)]
    assert types == ["made.storage.Get", "made.keys.Get", "made.storage.Put", "made.keys.Put", "made.v1.disks.Get"]


def test_a_code_for_several_deeds_is_told_with_its_description() -> None:
    said = ["Create a role", "Delete a role", "Update a client"]
    records = [{"at": WHEN, "type": "api", "description": text} for text in said * 3]
    records += [{"at": WHEN, "type": "login", "description": "Somebody came"}] * 4
    types = {draft.type for draft in decoded(records)}
    assert types == {"made.api.create_a_role", "made.api.delete_a_role", "made.api.update_a_client", "made.login"}


def test_free_text_is_no_description_of_a_code() -> None:
    records = [{"at": WHEN, "action": "update", "description": f"changed invoice {number}"} for number in range(9)]
    assert {draft.type for draft in decoded(records)} == {"made.update"}


@pytest.mark.parametrize(
    ("columns", "actor"),
    [
        ({"actor": "alice"}, ("alice", None)),
        ({"actor": "Alice Moss", "actor_id": 7}, ("7", "Alice Moss")),
        ({"user_id": "u-1", "user_name": "Alice"}, ("u-1", "Alice")),
        ({"userId": "u-1", "userEmail": "a@example.com"}, ("u-1", "a@example.com")),
        ({"user": {"id": "u-1", "email": "a@example.com", "name": "Alice"}}, ("u-1", "Alice")),
        ({"actor": {"user": {"uuid": "u-1", "displayName": "Alice"}}}, ("u-1", "Alice")),
        ({"performed_by": "alice", "user_id": "the one it was done to"}, ("alice", None)),
        ({"principalEmail": "a@example.com"}, ("a@example.com", None)),
        ({"user_id": "u-1", "auth": {"who": {"user_id": "u-1", "name": "Alice"}}}, ("u-1", "Alice")),
        ({"target_user_id": "u-9", "user_agent": "curl/8"}, (None, "anonymous")),
    ],
)
def test_who_did_it(columns: _Record, actor: tuple[str | None, str | None]) -> None:
    draft = decoded(rows(**columns))[0]
    assert (draft.actor.id, draft.actor.name) == actor


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("USER", "member"),
        ("AWSService", "system"),
        ("bot", "api_client"),
        ("service_account", "system"),
        ("Guest", "anonymous"),
    ],
)
def test_the_words_of_a_source_for_kinds_of_actors(word: str, kind: str) -> None:
    draft = decoded(rows(actor=[{"id": "a", "type": word}, {"id": "b", "type": "person"}]))[0]
    assert draft.actor.type == kind


@pytest.mark.parametrize(
    ("columns", "outcomes"),
    [
        ({"result": ["SUCCESS", "FAILURE", "DENIED"]}, ["success", "failure", "denied"]),
        ({"status": ["ok", "error", "blocked"]}, ["success", "failure", "denied"]),
        ({"success": [True, False, True]}, ["success", "failure", "success"]),
        ({"allowed": ["true", "false", "true"]}, ["success", "denied", "success"]),
        ({"failed": [True, False, True]}, ["failure", "success", "failure"]),
        ({"status_code": [200, 403, 500]}, ["success", "denied", "failure"]),
        ({"response": {"status": 204}}, ["success"] * 3),
        ({"error_code": [None, "AccessDenied", "Throttled"]}, ["success", "denied", "failure"]),
        ({"exit_code": [0, 1, 127]}, ["success", "failure", "failure"]),
        ({"nothing": "of that kind"}, ["success"] * 3),
    ],
)
def test_how_it_ended(columns: _Record, outcomes: list[str]) -> None:
    assert [str(draft.outcome) for draft in decoded(rows(**columns))[:3]] == outcomes


def test_the_name_of_a_deed_may_say_that_it_failed() -> None:
    names = ["login", "login_failed", "upload.blocked", "reject_invoice"]
    records = [{"at": WHEN, "action": name} for name in names]
    assert [str(draft.outcome) for draft in decoded(records)] == ["success", "failure", "denied", "success"]


@pytest.mark.parametrize("key", ["ip", "client_ip", "sourceIPAddress", "remote_addr", "ipAddress", "addr"])
def test_the_address(key: str) -> None:
    value = {"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7", "203.0.113.7:443": "203.0.113.7"}
    for given_as, expected in value.items():
        assert decoded(rows(12, **{key: given_as, "server_ip": "10.0.0.1"}))[0].ip == expected


def test_an_id_is_one_only_if_it_tells_records_apart() -> None:
    assert places(rows(id=list(range(12))), "identity") == ("id",)
    assert places(rows(id=7), "identity") == ()
    assert places(rows(request_id=list(range(12))), "identity") == ()
    assert places(rows(2, id=[5, 5]), "identity") == (
        "id && action && join(' ', [to_string(id), to_string(action)]) || null",
    )


def test_records_without_an_id_of_their_own_are_known_by_their_content() -> None:
    drafts = decoded(rows(6))
    again = decoded(rows(6))
    assert [draft.source for draft in drafts] == [draft.source for draft in again]
    assert len({draft.source for draft in drafts}) == 6


def test_shapes_that_are_mixed_are_read_each_by_its_own_keys() -> None:
    first: list[_Record] = [{"eventTime": WHEN, "eventName": name, "actor": "alice"} for name in ("a.b", "c.d")]
    second: list[_Record] = [{"ts": 1793527200, "action": name, "user": "bob"} for name in ("open", "close")]
    drafts = decoded(first * 3 + second * 2)
    assert {(draft.type, draft.actor.id) for draft in drafts} == {
        ("made.a.b", "alice"),
        ("made.c.d", "alice"),
        ("made.open", "bob"),
        ("made.close", "bob"),
    }


def test_a_key_in_other_letters_is_the_same_key() -> None:
    first: list[_Record] = [{"time": WHEN, "eventData": {"type": name}} for name in ("login", "logout")]
    second: list[_Record] = [{"time": WHEN, "eventdata": {"type": name}} for name in ("login", "lockout")]
    assert {draft.type for draft in decoded(first * 2 + second)} == {"made.login", "made.logout", "made.lockout"}


def test_what_is_always_the_same_is_no_target() -> None:
    records = rows(object="event", payload=[{"object": {"id": "ch-1"}}, {"object": {"id": "ch-2"}}])
    target = decoded(records)[0].target
    assert target is not None
    assert target.id == "ch-1"


def test_an_id_that_most_records_lack_is_not_theirs() -> None:
    records = rows(12)
    records[3]["id"] = "only here"
    assert places(records, "identity") == ()


def test_much_beside_an_object_makes_it_a_part_of_the_record() -> None:
    inner: _Record = {"at": WHEN, "action": "open", "user": "alice"}
    assert guess([{"node": inner, "a": 1, "b": 2}], "made").inner == "node"
    assert guess([{"node": inner, "a": 1, "b": 2, "c": 3}], "made").inner is None


def test_what_is_around_every_record_is_opened_only_if_nothing_of_use_stands_beside_it() -> None:
    inner = [{"at": WHEN, "action": name, "user": "alice"} for name in ("open", "close")]
    wrapped: list[_Record] = [{"node": record, "cursor": str(index)} for index, record in enumerate(inner)]
    assert guess(wrapped, "made").inner == "node"
    beside: list[_Record] = [{"node": record, "id": f"e-{index}"} for index, record in enumerate(inner)]
    assert guess(beside, "made").inner is None
    assert {draft.source.identity for draft in decoded(beside) if draft.source} == {"e-0", "e-1"}


@pytest.mark.parametrize(
    ("records", "missing"),
    [
        ([], "there are no records"),
        ([{}], "the time or the action"),
        ([{"a": 1}, {"b": [None]}], "the time or the action"),
        ([{"action": "open"}], "nothing in its one record can be told to be the time"),
        ([{"time": WHEN}] * 2, "nothing in its first 2 records can be told to be the action"),
    ],
)
def test_without_a_time_or_an_action_there_is_no_guess(records: list[_Record], missing: str) -> None:
    with pytest.raises(NoGuess, match=missing):
        guess(records, "made")


@pytest.mark.parametrize(
    ("count", "total", "words"),
    [
        (1, 1, "in the one record"),
        (500, 500, "in 100% of 500 records"),
        (1999, 2000, "in 99% of 2,000 records"),
        (1, 2000, "in under 1% of 2,000 records"),
    ],
)
def test_a_share_is_never_rounded_up_to_all(count: int, total: int, words: str) -> None:
    assert seen_in(count, total) == words


@given(st.text())
@example('a"b\\c\n\x7f\u2028\U0001f600\U000e0001')
def test_any_text_stands_in_a_mapping_file_as_it_is(text: str) -> None:
    surrogates = any(0xD800 <= ord(character) < 0xE000 for character in text)
    line = f"key = {quoted(text)}"
    assert "\n" not in line
    found = tomllib.loads(line)["key"]
    assert found == text or surrogates


_keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(st.lists(_keys, min_size=1, max_size=5), st.integers())
def test_an_expression_finds_what_stands_at_its_place(path: list[str], value: int) -> None:
    record: Json = value
    for key in reversed(path):
        record = {key: record}
    expression = Expression(path_expression(path))
    assert expression.path == tuple(path)
    assert expression.of(record) == value  # type: ignore[arg-type]
    assert path_expression(path).isascii()


_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    _keys,
    st.sampled_from(
        [WHEN, "2026-11-01 10:00:00", 1793527200, 1793527200000, "203.0.113.7", "open", "user.login", "403"]
    ),
)
_names = st.one_of(
    _keys,
    st.sampled_from(
        [
            "time",
            "ts",
            "action",
            "event",
            "type",
            "user",
            "actor",
            "id",
            "name",
            "status",
            "error",
            "code",
            "target",
            "ip",
            "success",
        ]
    ),
)
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_names, inner, max_size=4)),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(_names, _values, max_size=6), min_size=1, max_size=6))
def test_a_guess_at_anything_is_a_mapping_or_is_refused_in_words(records: list[_Record]) -> None:
    try:
        proposal = guess(records, "made")
    except NoGuess as error:
        assert str(error)
        return
    decode = format_of("made", parse_mapping(proposal.text().encode(), "made.toml")).decoder()
    for record in records:
        try:
            decode(record)
        except BadRecord as error:
            assert str(error)


def test_hostile_records_are_looked_at_in_bounds() -> None:
    deep: Json = "x"
    for _ in range(150):
        deep = {"d": deep}
    wide: Json = {f"key{number}": number for number in range(20_000)}
    hostile: _Record = {
        "time": WHEN,
        "action": "open",
        "deep": deep,
        "wide": wide,
        "k" * 100_000: 1,
        "\x1b]0;pwned\x07": "x",
        "user\u202e": {"id": "a\nb\x1b[2J"},
        "": "nothing",
    }
    columns = columns_of([hostile] * 20)
    assert len(columns) <= 400
    proposal = guess([hostile] * 20, "made")
    assert all(line.isprintable() for line in proposal.text().split("\n"))
    assert decoded([hostile] * 2)[0].type == "made.open"


def test_the_reasons_stand_in_the_file_as_comments_and_hold_nothing_that_drives_a_terminal() -> None:
    records = rows(result=["ok", "failed", "\x1b[31mno\n[event]\nsuccess"])
    text = guess(records, "made").text()
    assert "\x1b" not in text
    assert list(tomllib.loads(text)).count("event") == 1
    assert "# ISO 8601 in 100% of 12 records" in text


def shown(proposal: Proposal) -> dict[str, tuple[str, str]]:
    return {each.label: (each.places, each.reason) for each in proposal.shown()}


def test_each_choice_is_explained_and_so_is_what_is_missing() -> None:
    told = shown(guess(rows(user="alice"), "made"))
    assert told["time"] == ("at", "ISO 8601 in 100% of 12 records")
    assert told["action"] == ("action", "3 different words in 100% of 12 records")
    assert told["actor"][0] == "user"
    for label in ("target", "outcome", "address", "id"):
        assert told[label][0] == ""
        assert told[label][1].startswith("nothing")


def test_a_mapping_that_was_guessed_can_be_corrected_by_hand() -> None:
    text = guess(rows(user="alice", boss="carol"), "made").text()
    corrected = text.replace('id = "user"', 'id = "boss"').replace('type = "made."', 'type = "badges."')
    decode = format_of("made", parse_mapping(corrected.encode(), "made.toml")).decoder()
    draft = decode(json.loads(json.dumps(rows(user="alice", boss="carol")[0])))
    assert (draft.type, draft.actor.id) == ("badges.open", "carol")

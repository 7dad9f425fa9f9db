"""Records by a mapping: every field, what is kept of the rest, and what is refused."""

from datetime import UTC, datetime

import pytest

from data.exchange.mapping import MappedDecoder
from data.exchange.mapping_file import parse_mapping
from data.exchange.rejects import BadRecord
from data.records import ANONYMOUS, Change, Draft, Json, Outcome, Reference, Source

TEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
HEAD = '[format]\nname = "Badges"\nsource = "badges"\n'
DOORS = (
    HEAD
    + """
[event]
identity = "no"
type = "kind"
occurred_at = ["at", "logged"]
outcome = "ok"
reason = "why"
service = "site"
ip = "reader.ip"
user_agent = "reader.firmware"
request_id = "request"
session_id = "shift"
token = "badge"
duration = "took"
[event.actor]
type = "holder.is"
id = "holder.id"
name = "holder.name"
[event.target]
type = "what"
id = "door.id"
name = "door.name"
[event.client]
id = "panel"
[changes.level]
before = "was"
after = "level"
[prefix]
type = "badges."
[values.type]
forced = "badges.door.force"
"test*" = "badges.test"
"test-fire*" = "badges.fire_drill"
[values.outcome]
true = "success"
false = "denied"
jammed = "failure"
"""
)


def decoder(text: str) -> MappedDecoder:
    return MappedDecoder(parse_mapping(text.encode(), "badges.toml"))


def draft(text: str = DOORS, **record: Json) -> Draft:
    return decoder(text)({"kind": "open", "at": "2026-11-01T10:00:00Z", "no": 7, **record})


def reason(text: str = DOORS, **record: Json) -> str:
    with pytest.raises(BadRecord) as refused:
        draft(text, **record)
    return str(refused.value)


def test_every_field_has_its_place() -> None:
    found = draft(
        ok=False,
        why="not on the list",
        site="north",
        reader={"ip": "2001:DB8::1", "firmware": "2.1"},
        request=12,
        shift="night",
        badge="b-1",
        took=12,
        holder={"is": "api_client", "id": "h-1", "name": "Cleaning robot"},
        what="door",
        door={"id": 5, "name": "Lab"},
        panel="p-1",
        was=1,
        level=[2],
    )
    assert found == Draft(
        type="badges.open",
        occurred_at=TEN,
        outcome=Outcome.DENIED,
        reason="not on the list",
        service="north",
        ip="2001:db8::1",
        user_agent="2.1",
        request_id="12",
        session_id="night",
        token="b-1",
        duration_ms=12,
        actor=Reference("api_client", "h-1", "Cleaning robot"),
        target=Reference("door", "5", "Lab"),
        client=Reference("api_client", "p-1"),
        changes=(Change("level", 1, [2]),),
        source=Source("badges", "7"),
        data={"no": 7, "ok": False},
    )


def test_a_record_with_the_least_succeeds_by_nobody() -> None:
    found = draft()
    assert (found.outcome, found.actor, found.target, found.client) == (Outcome.SUCCESS, ANONYMOUS, None, None)
    assert (found.reason, found.ip, found.duration_ms, found.changes) == (None, None, None, ())


def test_what_has_no_place_is_kept_with_all_that_is_beside_it() -> None:
    found = draft(
        holder={"id": "h-1", "email": "h@example.test", "deep": {"a": [1, None]}},
        reader={"ip": "192.0.2.1"},
        door="not an object",
        nothing=None,
        site=["north", "south"],
        why="",
    )
    assert found.service is None
    assert found.data == {
        "no": 7,
        "holder": {"email": "h@example.test", "deep": {"a": [1, None]}},
        "door": "not an object",
        "site": ["north", "south"],
    }


@pytest.mark.parametrize(
    ("kind", "tag", "kept"),
    [
        ("open", "badges.open", False),
        ("forced", "badges.door.force", True),
        ("test", "badges.test", True),
        ("test-bell", "badges.test", True),
        ("test-fire-2", "badges.fire_drill", True),
    ],
)
def test_a_word_is_turned_and_the_sources_own_is_then_kept(kind: str, tag: str, kept: bool) -> None:
    found = draft(kind=kind)
    assert found.type == tag
    assert ("kind" in found.data) is kept


def test_a_worked_out_value_leaves_the_record_whole() -> None:
    text = DOORS.replace('service = "site"', 'service = "lower(site)"')
    found = draft(text, site="NORTH")
    assert (found.service, found.data["site"]) == ("north", "NORTH")


def test_the_first_that_says_something_counts() -> None:
    text = DOORS.replace('service = "site"', 'service = ["site", "sites[0]", "`false`", "place"]')
    assert draft(text, site=" ", place="here").service == "here"
    assert draft(text, site="", sites=["first"], place="here").service == "first"
    assert draft(text, site="north", place="here").data["place"] == "here"


@pytest.mark.parametrize(
    ("kind", "actor"),
    [
        ({"is": "system"}, Reference("system", name="system")),
        ({"is": "system", "id": "s-1"}, Reference("system", "s-1")),
        ({"is": "anonymous", "name": "visitor"}, Reference("anonymous", name="visitor")),
        ({"is": "member"}, ANONYMOUS),
        ({"name": "Somebody"}, Reference("member", name="Somebody")),
    ],
)
def test_an_actor_is_somebody_or_anonymous(kind: Json, actor: Reference) -> None:
    assert draft(holder=kind).actor == actor


def test_a_target_without_a_type_is_a_resource() -> None:
    assert draft(door={"name": "Lab"}).target == Reference("resource", name="Lab")
    assert draft(what="door").target is None


@pytest.mark.parametrize(
    ("units", "value", "moment"),
    [
        ('numbers = "s"', 1793527200, TEN),
        ('numbers = "s"', 1793527200.25, TEN.replace(microsecond=250_000)),
        ('numbers = "ms"', 1793527200001, TEN.replace(microsecond=1_000)),
        ('numbers = "us"', 1793527200000001, TEN.replace(microsecond=1)),
        ('numbers = "us"', "1793527200000001", TEN.replace(microsecond=1)),
        ('numbers = "ns"', "1793527200000001000", TEN.replace(microsecond=1)),
        ('numbers = "s"', 1793527200.978, TEN.replace(microsecond=978_000)),
        ('without_offset = "utc"', "2026-11-01 10:00:00", TEN),
        ('without_offset = "utc"', "2026-11-01T12:00:00+02:00", TEN),
        ("", "2026-11-01T12:00:00+02:00", TEN),
    ],
)
def test_times_in_every_form(units: str, value: Json, moment: datetime) -> None:
    found = draft(f"{DOORS}[time]\n{units}", at=value)
    assert found.occurred_at == moment
    assert "at" not in found.data


def test_nanoseconds_that_say_more_than_is_stored_are_kept() -> None:
    found = draft(f'{DOORS}[time]\nnumbers = "ns"', at="1793527200000001999")
    assert (found.occurred_at, found.data["at"]) == (TEN.replace(microsecond=1), "1793527200000001999")


@pytest.mark.parametrize(
    ("units", "value", "wrong"),
    [
        ("", None, "occurred_at is missing: there is nothing at at or logged"),
        ("", "", "occurred_at is missing: there is nothing at at or logged"),
        ("", 5, "at is the number 5, and the mapping does not say what it counts"),
        ("", "2026-11-01 10:00:00", "at has no offset from UTC, so nobody can say when it was: '2026-11-01 10:00:00'"),
        ('numbers = "s"', -1, "at lies before 1970: -1"),
        ('numbers = "s"', 1e300, "at is no time that exists: 1e+300"),
        ('numbers = "s"', "9" * 400, "at should be a time such as 2026-11-01T10:00:00Z, and is"),
        ('numbers = "s"', True, "at should be a time"),
        ('numbers = "s"', ["2026"], "at should be a time"),
    ],
)
def test_a_time_that_is_none_is_refused(units: str, value: Json, wrong: str) -> None:
    assert reason(f"{DOORS}[time]\n{units}", at=value).startswith(wrong)


def test_digits_beyond_the_microsecond_stay_in_the_record() -> None:
    assert draft(at="2026-11-01T10:00:00.000000001Z").data["at"] == "2026-11-01T10:00:00.000000001Z"
    assert "at" not in draft(at="2026-11-01T10:00:00.000001000Z").data


def test_the_second_place_of_a_time_is_taken_where_the_first_has_none() -> None:
    assert draft(at=None, logged="2026-11-01T10:00:00Z").occurred_at == TEN


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        ({"kind": None}, "type is missing: there is nothing at kind"),
        ({"kind": ["open"]}, "type is missing: there is nothing at kind"),
        ({"ok": "maybe"}, "outcome should be success, failure or denied, and is 'maybe'"),
        ({"ok": "x" * 90}, f"outcome should be success, failure or denied, and is '{'x' * 60}...'"),
        (
            {"holder": {"is": "guard", "id": 1}},
            "actor.type should be member, api_client, system or anonymous, and is 'guard'",
        ),
        ({"took": "long"}, "duration: took should be a number that is 0 or more"),
        ({"took": -1}, "duration: took should be a number that is 0 or more"),
        ({"took": 1e17}, "duration: took should be"),
    ],
)
def test_what_an_event_cannot_be_without_is_named(record: dict[str, Json], wrong: str) -> None:
    assert reason(DOORS, **record).startswith(wrong)


def test_an_expression_that_fails_names_its_field() -> None:
    text = DOORS.replace('reason = "why"', 'reason = "lower(why)"')
    assert reason(text, why=5) == "reason: lower() takes text, and was given a number"
    text = DOORS.replace('after = "level"', 'after = "lower(level)"')
    assert reason(text, level=5) == "changes.level: lower() takes text, and was given a number"


@pytest.mark.parametrize("number", ["nan", "inf", "1e400"])
def test_a_worked_out_number_that_cannot_be_kept_is_a_bad_record(number: str) -> None:
    number_of = "to_number(took) comes to a number that cannot be kept"
    lasting = DOORS.replace('"took"', '"to_number(took)"')
    assert reason(lasting, took=number) == f"duration: {number_of}"
    changing = DOORS.replace('after = "level"', 'after = "to_number(took)"').replace('duration = "took"', "")
    assert reason(changing, took=number) == f"changes.level: {number_of}"
    assert reason(DOORS.replace('["at", "logged"]', '"to_number(took)"'), took=number) == f"occurred_at: {number_of}"


def test_durations_are_in_the_unit_that_the_mapping_says() -> None:
    assert draft(f'{DOORS}[time]\ndurations = "s"', took=1.5).duration_ms == 1_500
    rounded = draft(f'{DOORS}[time]\ndurations = "us"', took=1_999)
    assert (rounded.duration_ms, rounded.data["took"]) == (1, 1_999)
    assert draft(took=1e3).duration_ms == 1_000


def test_a_change_from_or_to_nothing_is_one_and_the_same_value_is_none() -> None:
    assert draft(level=2).changes == (Change("level", None, 2),)
    assert draft(was=2).changes == (Change("level", 2, None),)
    same = draft(was=2, level=2)
    assert same.changes == ()
    assert (same.data["was"], same.data["level"]) == (2, 2)


def test_a_record_within_a_record_is_the_record() -> None:
    text = DOORS.replace('source = "badges"', 'source = "badges"\nrecord = "body.entry"')
    inner: dict[str, Json] = {"kind": "open", "at": "2026-11-01T10:00:00Z", "no": 7, "floor": 3}
    wrapped = decoder(text)({"no": 7, "sent": 1, "floor": 4, "body": {"entry": inner, "size": 2}})
    assert wrapped.type == "badges.open"
    assert wrapped.data == {"no": 7, "floor": 3, "sent": 1, "_floor": 4, "body": {"size": 2}}
    assert decoder(text)(inner) == decoder(DOORS)(inner)


def test_a_record_without_identity_gets_its_contents_and_the_same_file_the_same_again() -> None:
    record: dict[str, Json] = {"kind": "open", "at": "2026-11-01T10:00:00Z"}

    def sources() -> list[Source | None]:
        decode = decoder(DOORS)
        return [decode(dict(record)).source for _ in range(2)]

    first, second = sources()
    assert first is not None and second is not None
    assert first.identity.removesuffix(":0") == second.identity.removesuffix(":1")
    assert sources() == [first, second]

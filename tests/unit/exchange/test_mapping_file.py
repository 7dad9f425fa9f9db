"""Mapping files: what they may say, and one sentence for what they may not."""

from datetime import UTC
from pathlib import Path

import pytest

from data.exchange.mapping_file import LARGEST_MAPPING, BadMapping, parse_mapping
from data.exchange.mapping_files import mapping_at, shipped_mapping, shipped_tags
from data.exchange.timestamps import UnixUnit

LEAST = """
[format]
name = "Badges"
source = "badges"
[event]
type = "kind"
occurred_at = "at"
"""


def test_the_least_that_a_mapping_needs() -> None:
    mapping = parse_mapping(LEAST.encode(), "badges.toml")
    assert (mapping.name, mapping.source, set(mapping.fields)) == ("Badges", "badges", {"type", "occurred_at"})
    assert (mapping.lists, mapping.inner, mapping.recognise, mapping.zone) == ((), (), None, None)
    assert (mapping.numbers, mapping.durations) == (None, UnixUnit.MILLISECONDS)


def test_everything_that_a_mapping_may_say() -> None:
    mapping = parse_mapping(
        b"""
        [format]
        name = "Badges"
        source = "badges"
        records = ["items", "page.entries"]
        record = "body.entry"
        recognise = "reader"
        [time]
        numbers = "us"
        durations = "s"
        without_offset = "utc"
        [event]
        type = ["kind", "sort"]
        occurred_at = "at"
        outcome = "ok"
        actor = { type = "by", id = "holder" }
        [event.target]
        type = "'door'"
        id = "door"
        [changes.level]
        after = "level"
        [prefix]
        type = "badges."
        target.type = "badges_"
        [values]
        outcome = { true = "success", "*" = "denied" }
        actor.type = { guard = "member" }
        """,
        "badges.toml",
    )
    assert mapping.lists == (("items",), ("page", "entries"))
    assert mapping.inner == ("body", "entry")
    assert (mapping.numbers, mapping.durations) == (UnixUnit.MICROSECONDS, UnixUnit.SECONDS)
    assert mapping.zone is UTC
    assert [choice.text for choice in mapping.fields["type"].choices] == ["kind", "sort"]
    assert mapping.fields["target.type"].prefix == "badges_"
    assert mapping.fields["actor.type"].values == {"guard": "member"}
    assert [change.field for change in mapping.changes] == ["level"]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ("nonsense", "it is not valid TOML: Expected '=' after a key in a key/value pair (at"),
        (
            "[events]",
            "there is no events; known are format, time, event, changes, prefix, values",
        ),
        ('colour = "x"', "there is no event.colour; known are event.identity, event.type"),
        ('actor.nick = "x"', "there is no event.actor.nick; known are"),
        ('actor = "x"', "event.actor should be a table"),
        ("reason = 5", "event.reason should be text, and is 5"),
        ("reason = []", "event.reason has no expression in its list"),
        ('reason = ["a", "b["]', "event.reason[1] is no JMESPath expression: it ends too early"),
        ('reason = "a b"', "event.reason is no JMESPath expression: 'b' should not stand at character 3"),
        ('reason = "nope(a)"', "event.reason is no JMESPath expression: there is no function nope()"),
        ('target.id = "x"', "event.target.type is missing, and event.target has an id or a name"),
        ('[prefix]\nip = "x"', "prefix.ip is of no use, since event.ip is not there"),
        ('[prefix]\noccurred_at = "x"', "prefix.occurred_at is of no use, since event.occurred_at is no word"),
        ("[prefix]\ntype = 1", "prefix.type should be text, and is 1"),
        (
            'outcome = "x"\n[prefix]\noutcome = "x"',
            "prefix.outcome is of no use, since event.outcome has words of its own",
        ),
        (
            'outcome = "x"\n[values.outcome]\nbad = "failed"',
            "values.outcome.bad should be success, failure or denied, and is 'failed'",
        ),
        (
            'actor.type = "x"\n[values.actor]\ntype = { a = "robot" }',
            "values.actor.type.a should be member, api_client, system or anonymous, and is 'robot'",
        ),
        ('[values]\ntype = "x"', "values.type should be a table"),
        ("[values.type]\na = 1", "values.type.a should be text, and is 1"),
        ('[values.type]\na = " "', "values.type.a is blank"),
        ('[time]\nnumbers = "h"', 'time.numbers should be "s" or "ms" or "us" or "ns", and is \'h\''),
        ('[time]\nwithout_offset = "CET"', "time.without_offset should be \"utc\", and is 'CET'"),
        (
            '[time]\nformat = "iso"',
            "there is no time.format; known are time.numbers, time.without_offset, time.durations",
        ),
        ("[changes]\nlevel = 1", "changes.level should be a table with before, after or both"),
        ("[changes.level]", "changes.level has neither before nor after"),
        (
            '[changes.level]\nold = "x"',
            "there is no changes.level.old; known are changes.level.before, changes.level.after",
        ),
        ('[changes.level]\nafter = "x["', "changes.level.after is no JMESPath expression: it ends too early"),
    ],
)
def test_what_is_wrong_is_one_sentence_that_names_the_key(changed: str, wrong: str) -> None:
    with pytest.raises(BadMapping) as refused:
        parse_mapping(f"{LEAST}{changed}".encode(), "badges.toml")
    assert str(refused.value).startswith(f"cannot use the mapping badges.toml: {wrong}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("[format]", "format.name is missing"),
        ('[format]\nname = "a"', "format.source is missing"),
        ('[format]\nname = " "', "format.name is blank"),
        ('[format]\nname = "a"\nsource = "a"', "event.type is missing"),
        ('[format]\nname = "a"\nsource = "a"\n[event]\ntype = "a"', "event.occurred_at is missing"),
        ('format = "a"', "format should be a table"),
        (
            '[format]\nname = "a"\nsource = "a"\nrecords = "a..b"',
            "format.records should be keys with dots between them",
        ),
        ("", "format.name is missing"),
    ],
)
def test_what_is_missing_is_named(content: str, wrong: str) -> None:
    if "records" in content:
        content += "\n" + LEAST[LEAST.index("[event]") :]
    with pytest.raises(BadMapping, match="cannot use the mapping m.toml") as refused:
        parse_mapping(content.encode(), "m.toml")
    assert wrong in str(refused.value)


def test_a_file_that_is_no_text_or_too_large_is_refused() -> None:
    with pytest.raises(BadMapping, match="it is not valid UTF-8 at byte 1"):
        parse_mapping(b"\xff", "m.toml")
    with pytest.raises(BadMapping, match="262,145 bytes, and 262,144 are the most"):
        parse_mapping(b"#" * (LARGEST_MAPPING + 1), "m.toml")
    with pytest.raises(BadMapping, match="its values lie too deep within each other"):
        parse_mapping(b"a=" + b"[" * 100_000, "m.toml")


@pytest.mark.parametrize("tag", shipped_tags())
def test_each_mapping_that_ships_is_one(tag: str) -> None:
    mapping = shipped_mapping(tag)
    assert mapping.source == tag
    assert mapping.recognise is not None
    assert mapping.fields["type"].prefix == f"{tag}."


def test_a_mapping_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "badges.toml"
    path.write_text(LEAST)
    assert mapping_at(str(path)).name == "Badges"

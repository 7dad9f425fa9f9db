import json

import pytest

from data.catalogue import Tab
from data.query import (
    REFERENCE,
    SORT_DESCRIPTIONS,
    SORTS,
    Key,
    KeyReference,
    parse_query,
    print_query,
    reference_as_json,
)
from data.query.reference import KEYS_BY_WORD, reference_of


def test_every_key_is_described_once_in_its_order() -> None:
    assert [entry.key for entry in REFERENCE] == list(Key)
    assert [entry.word for entry in REFERENCE if not entry.word] == [""]
    assert "text" not in KEYS_BY_WORD


@pytest.mark.parametrize("entry", REFERENCE, ids=lambda entry: str(entry.key))
def test_an_example_asks_for_its_key_and_is_printed_as_it_stands(entry: KeyReference) -> None:
    query = parse_query(entry.example)
    assert query.clauses[0].key is entry.key
    assert print_query(query).removesuffix(" last:30d") == entry.example


@pytest.mark.parametrize("entry", REFERENCE, ids=lambda entry: str(entry.key))
def test_every_choice_and_every_form_can_be_written(entry: KeyReference) -> None:
    for value in (*entry.choices, *entry.forms):
        prefix = f"{entry.word}:" if entry.word else ""
        assert parse_query(f"{prefix}{value}").clauses[0].key is entry.key


@pytest.mark.parametrize("entry", [entry for entry in REFERENCE if entry.also], ids=lambda entry: str(entry.key))
def test_another_word_is_understood_and_never_printed(entry: KeyReference) -> None:
    for word in entry.also:
        asked = entry.example.removeprefix(f"{entry.word}:")
        assert print_query(parse_query(f"{word}:{asked}")).removesuffix(" last:30d") == entry.example
        assert f"{word}:" in entry.asks


def test_no_word_stands_for_two_keys() -> None:
    words = [word for entry in REFERENCE for word in (entry.word, *entry.also) if word]
    assert len(set(words)) == len(words) == len(KEYS_BY_WORD)


@pytest.mark.parametrize("entry", REFERENCE, ids=lambda entry: str(entry.key))
def test_it_is_asked_in_one_plain_sentence(entry: KeyReference) -> None:
    assert entry.asks[0].isupper()
    assert entry.asks.rstrip(".").count("?") == 1
    assert entry.hint.endswith(".")


def test_the_choices_are_those_of_the_records() -> None:
    assert reference_of(Key.OUTCOME).choices == ("success", "failure", "denied")
    assert reference_of(Key.TAB).choices == tuple(str(tab) for tab in Tab)
    assert reference_of(Key.HAS).choices == ("changes", "reason", "ip", "duration", "hostile")
    assert reference_of(Key.IN).choices == ("archive",)


def test_the_reference_is_plain_json() -> None:
    reference = reference_as_json()
    assert json.loads(json.dumps(reference)) == reference
    keys = reference["keys"]
    assert isinstance(keys, list)
    assert len(keys) == len(Key)


def test_every_order_is_described() -> None:
    assert SORTS == ("desc", "asc")
    assert set(SORT_DESCRIPTIONS) == set(SORTS)

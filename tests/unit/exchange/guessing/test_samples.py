"""The samples of other systems' logs, where they are there: a guess against the mapping that ships.

A shipped mapping has words of its own for what a source says (`auth0.login` for `s`, `aws.` before a name). What is compared
is which words of the record a guess takes: the shipped vocabulary turns them into the shipped type, or they are not the ones.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from data.catalogue.authgear import authgear_tag
from data.exchange import Reject, open_input, read_records, recognise
from data.exchange.guessing.inputs import Guess, InputGuesser, name_of_source
from data.exchange.mapping_files import shipped_mapping
from data.records import Draft

SAMPLES = Path(__file__).parents[5] / "shared" / "samples"
FILES = {
    "github": "github-audit.jsonl",
    "authgear": "authgear-auditlogs.json",
    "auth0": "auth0-events.jsonl",
    "slack": "slack-auditlogs.jsonl",
    "gcp": "gcp-auditlog.jsonl",
    "cloudtrail": "cloudtrail/*.json",
}
LEAST = 0.95
"""Of the records, in each of the fields."""

pytestmark = pytest.mark.skipif(
    not all(any(SAMPLES.glob(pattern)) for pattern in FILES.values()),
    reason="the folder ../shared/samples is not there",
)


def _auth0_word(word: str) -> str:
    code, dot, rest = word.partition(".")
    known = {**shipped_mapping("auth0").fields["type"].values, "sapi": "auth0.api"}
    return known.get(code, code) + dot + rest


SHIPPED_WORDS: dict[str, Callable[[str], str]] = {
    "github": "github.{}".format,
    "slack": "slack.{}".format,
    "gcp": "gcp.{}".format,
    "cloudtrail": "aws.{}".format,
    "authgear": authgear_tag,
    "auth0": _auth0_word,
}


@cache
def guessed(tag: str) -> Guess:
    paths = sorted(map(str, SAMPLES.glob(FILES[tag])))
    guesser = InputGuesser(len(paths))
    for path in paths:
        with open_input(path) as source:
            guesser.look_at(source)
    return guesser.guess("guess")


def pairs(tag: str) -> Iterator[tuple[Draft | Reject, Draft | Reject]]:
    """What the shipped mapping makes of each record, and what the guess does."""
    for path in sorted(map(str, SAMPLES.glob(FILES[tag]))):
        with open_input(path) as shipped, open_input(path) as by_guess:
            known = recognise(shipped)
            assert known.tag == tag
            yield from zip(read_records(shipped, known), read_records(by_guess, guessed(tag).format), strict=True)


@pytest.mark.parametrize("tag", FILES)
def test_time_action_and_actor_are_those_of_the_shipped_mapping(tag: str) -> None:
    total, equal = 0, Counter[str]()
    for shipped, found in pairs(tag):
        if isinstance(shipped, Reject):
            continue
        total += 1
        if isinstance(found, Reject):
            continue
        word = found.type.removeprefix("guess.")
        equal["time"] += shipped.occurred_at == found.occurred_at
        equal["action"] += shipped.type == SHIPPED_WORDS[tag](word)
        equal["actor's id"] += shipped.actor.id == found.actor.id
        equal["actor's name"] += shipped.actor.name == found.actor.name
        equal["actor's kind"] += shipped.actor.type == found.actor.type
        equal["actor"] += shipped.actor.label == found.actor.label
    assert total > 0
    shares = {field: round(count / total, 3) for field, count in equal.items()}
    assert len(shares) == 6
    assert all(share >= LEAST for share in shares.values()), shares


@pytest.mark.parametrize("tag", FILES)
def test_what_has_no_time_or_no_action_is_rejected_there_too(tag: str) -> None:
    """Nothing is made up for a record that the shipped mapping cannot take."""
    taken = sum(isinstance(shipped, Reject) and not isinstance(found, Reject) for shipped, found in pairs(tag))
    assert taken == 0


@pytest.mark.parametrize("tag", FILES)
def test_names_of_files_name_the_source(tag: str) -> None:
    assert name_of_source(sorted(map(str, SAMPLES.glob(FILES[tag])))).startswith(tag)

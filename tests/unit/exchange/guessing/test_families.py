"""A guess at logs of many shapes: what was found in some records has to read others of the same kind."""

import pytest

from data.exchange.formats import format_of
from data.exchange.guessing.guess import guess
from data.exchange.mapping_file import parse_mapping
from data.records import Draft, Json
from tests.unit.exchange.guessing.families import FAMILIES, Told, records_of


def guessed(name: str, records: int = 60, held_out: int = 40) -> list[tuple[Told, Draft]]:
    """Records that the guess has not seen, each with what its mapping file makes of it."""
    seen = [told.record for told in records_of(FAMILIES[name], records)]
    text = guess(seen, "made").text()
    decode = format_of("made", parse_mapping(text.encode(), "made.toml")).decoder()
    return [(told, decode(told.record)) for told in records_of(FAMILIES[name], held_out, seed=2)]


@pytest.mark.parametrize("name", FAMILIES)
def test_time_action_actor_and_the_rest_are_found_in_records_that_were_not_looked_at(name: str) -> None:
    for told, draft in guessed(name):
        assert draft.occurred_at == told.at
        assert draft.type == f"made.{told.action}"
        assert (draft.actor.id or draft.actor.name) == told.actor
        assert draft.ip == told.ip
        assert draft.outcome == told.outcome
        if told.identity is not None:
            assert draft.source is not None
            assert draft.source.identity == told.identity
        if told.target is not None:
            assert draft.target is not None
            assert told.target in (draft.target.id, draft.target.name)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("number", [1, 2, 7])
def test_a_few_records_are_enough_for_the_time_and_who_it_was(name: str, number: int) -> None:
    for told, draft in guessed(name, records=number, held_out=5):
        assert draft.occurred_at == told.at
        assert (draft.actor.id or draft.actor.name) == told.actor


def test_kinds_of_actors_are_told_by_their_ids() -> None:
    kinds = {draft.actor.id: draft.actor.type for _, draft in guessed("kubernetes")}
    assert kinds["system:serviceaccount:kube-system:deployer"] == "api_client"
    assert kinds["system:kube-scheduler"] == "system"
    assert kinds["alice"] == "member"


def test_the_same_records_lead_to_the_same_mapping() -> None:
    records: list[dict[str, Json]] = [told.record for told in records_of(FAMILIES["okta"], 30)]
    assert guess(records, "made").text() == guess(records, "made").text()

"""Values that bear a text: found by any name they ever had, and told by which."""

from dataclasses import replace

import pytest

from data.answers import Dimension, Facet
from data.query import parse_query
from data.records import Draft
from data.store import Database
from tests.hand_clock import NOW
from tests.integration.events import UTC_ZONE, append, plain_drafts
from tests.integration.test_named_values import MOBILE, PAYROLL, PAYROLL_SYNC, drafts_with, rows_of


def found(database: Database, text: str, words: str = "", dimension: Dimension = Dimension.CLIENT) -> Facet:
    query = parse_query(f"last:all {words}")
    with database.reading(UTC_ZONE) as reader:
        (facet,) = reader.facets(query, reader.snapshot(), [dimension], limit=10, matching=text)
    return facet


@pytest.mark.parametrize("dimension", [Dimension.CLIENT, Dimension.TARGET, Dimension.ACTOR])
@pytest.mark.parametrize("text", ["sync", "PAYROLL", "Roll S", "-77", "C-7"])
def test_name_and_id_are_searched_in_any_case(database: Database, dimension: Dimension, text: str) -> None:
    append(database, drafts_with(dimension, MOBILE, MOBILE, PAYROLL_SYNC))

    facet = found(database, text, dimension=dimension)

    assert rows_of(facet) == [("Payroll sync", "Payroll sync", 1)]
    assert facet.distinct == 1


def test_an_earlier_name_is_told_beside_the_present_one(database: Database) -> None:
    old = replace(PAYROLL, name="Wages feed")
    append(database, drafts_with(Dimension.CLIENT, old, PAYROLL_SYNC, PAYROLL_SYNC, MOBILE))

    (value,) = found(database, "wages").values

    assert (value.label, value.count, value.also) == ("Payroll sync", 3, "Wages feed")
    assert [value.also for value in found(database, "payroll").values] == [None]
    assert [value.also for value in found(database, "c-7").values] == ["c-77"]


def test_an_earlier_name_finds_what_did_nothing_under_it_lately(database: Database) -> None:
    drafts: list[Draft] = drafts_with(Dimension.CLIENT, replace(PAYROLL, name="Wages feed"), PAYROLL_SYNC)
    drafts[0] = replace(drafts[0], occurred_at=NOW.replace(year=2024))
    append(database, drafts)

    (value,) = found(database, "wages", "after:2026-01-01").values

    assert (value.label, value.count, value.also) == ("Payroll sync", 1, "Wages feed")


@pytest.mark.parametrize("text", ["100%", "a_b", "[x]", "a*b", "a?b", "back\\slash"])
def test_no_character_has_a_meaning_of_its_own(database: Database, text: str) -> None:
    bait = ["100 of", "aXb", "x", "aXXb", "backslash", "a?b*", "100%", "a_b", "[x]", "a*b", "back\\slash"]
    append(database, [replace(draft, service=name) for draft, name in zip(plain_drafts(11), bait, strict=True)])

    labels = {value.label for value in found(database, text, dimension=Dimension.SERVICE).values}

    assert labels == {name for name in bait if text in name}


def test_what_the_query_asks_about_others_is_heeded_and_about_itself_is_not(database: Database) -> None:
    drafts = drafts_with(Dimension.CLIENT, PAYROLL, PAYROLL, MOBILE)
    append(database, [replace(drafts[0], service="console"), *drafts[1:]])

    assert rows_of(found(database, "pay", "service:console client:c-1")) == [("Payroll", "Payroll", 1)]
    assert rows_of(found(database, "pay", "client:c-77")) == [("Payroll", "c-77", 2)], "as the query says it"
    assert rows_of(found(database, "mobile", "client:c-77")) == [("Mobile app", "Mobile app", 1)]


def test_types_are_found_by_family_and_by_themselves(database: Database) -> None:
    drafts = plain_drafts(3)
    append(database, [replace(draft, type=f"api_client.{what}") for draft, what in zip(drafts, "aab", strict=True)])
    append(database, [Draft(type="api_client.revoked", occurred_at=NOW), Draft(type="token.revoked", occurred_at=NOW)])

    rows = rows_of(found(database, "REVOKED", dimension=Dimension.TYPE))
    assert {(what, count) for _, what, count in rows} == {("api_client.revoked", 1), ("token.revoked", 1)}
    families = rows_of(found(database, "api client", dimension=Dimension.TYPE))
    assert families[0] == ("API client", "api_client.*", 4)


def test_nothing_that_bears_it_is_no_value_at_all(database: Database) -> None:
    append(database, drafts_with(Dimension.CLIENT, PAYROLL))

    facet = found(database, "nobody", "client:c-77")

    assert (facet.values, facet.distinct) == ((), 0)

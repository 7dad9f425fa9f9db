"""Values that a query names, among those that a facet counts: one row for one thing, called by its name."""

from dataclasses import replace

import pytest

from data.answers import Dimension, Facet
from data.query import EventQuery, parse_query
from data.records import Draft, Reference
from data.store import Database
from tests.integration.events import UTC_ZONE, append, plain_drafts


def facet_of(database: Database, words: str, dimension: Dimension, limit: int = 20) -> Facet:
    query: EventQuery = parse_query(f"last:all {words}")
    with database.reading(UTC_ZONE) as reader:
        (facet,) = reader.facets(query, reader.snapshot(), [dimension], limit=limit)
    return facet


def rows_of(facet: Facet) -> list[tuple[str, str, int]]:
    """Label, what asks for it, and count."""
    return [(value.label, "*".join(getattr(value.value, "parts", ())), value.count) for value in facet.values]


def drafts_with(dimension: Dimension, *references: Reference) -> list[Draft]:
    drafts = zip(plain_drafts(len(references)), references, strict=True)
    match dimension:
        case Dimension.ACTOR:
            return [replace(draft, actor=reference) for draft, reference in drafts]
        case Dimension.TARGET:
            return [replace(draft, target=reference) for draft, reference in drafts]
        case _:
            return [replace(draft, client=reference) for draft, reference in drafts]


PAYROLL = Reference("api_client", "c-77", "Payroll")
PAYROLL_SYNC = Reference("api_client", "c-77", "Payroll sync")
MOBILE = Reference("api_client", "c-1", "Mobile app")


@pytest.mark.parametrize("dimension", [Dimension.CLIENT, Dimension.TARGET, Dimension.ACTOR])
@pytest.mark.parametrize("written", ["c-77", '"payroll SYNC"', '"Payroll sync"'])
def test_one_row_for_what_is_counted_and_named(database: Database, dimension: Dimension, written: str) -> None:
    append(database, drafts_with(dimension, MOBILE, MOBILE, PAYROLL_SYNC))

    facet = facet_of(database, f"{dimension}:{written}", dimension)

    assert rows_of(facet) == [("Mobile app", "Mobile app", 2), ("Payroll sync", written.strip('"'), 1)]
    assert facet.distinct == 2


def test_id_that_is_not_among_the_counted_has_its_latest_name(database: Database) -> None:
    append(database, drafts_with(Dimension.CLIENT, PAYROLL, PAYROLL_SYNC, MOBILE, MOBILE, MOBILE))

    facet = facet_of(database, "client:c-77", Dimension.CLIENT, limit=1)

    assert rows_of(facet) == [("Mobile app", "Mobile app", 3), ("Payroll sync", "c-77", 2)]
    assert facet.distinct == 2


def test_name_that_means_less_than_the_counted_row_has_a_row_of_its_own(database: Database) -> None:
    append(database, drafts_with(Dimension.CLIENT, PAYROLL, PAYROLL_SYNC))

    facet = facet_of(database, 'client:"Payroll"', Dimension.CLIENT)

    assert rows_of(facet) == [("Payroll sync", "c-77", 2), ("Payroll", "Payroll", 1)]


def test_both_ways_to_name_the_same_stay_when_both_are_asked_for(database: Database) -> None:
    append(database, drafts_with(Dimension.CLIENT, PAYROLL))

    facet = facet_of(database, 'client:c-77,"Payroll"', Dimension.CLIENT)

    assert rows_of(facet) == [("Payroll", "Payroll", 1), ("Payroll", "c-77", 1)]


def test_name_in_other_letters_is_the_counted_name(database: Database) -> None:
    append(database, [replace(draft, service="Console") for draft in plain_drafts(2)])

    assert rows_of(facet_of(database, "service:CONSOLE", Dimension.SERVICE)) == [("Console", "CONSOLE", 2)]


def test_value_that_nobody_has_is_called_as_it_is_written(database: Database) -> None:
    append(database, drafts_with(Dimension.CLIENT, PAYROLL))

    rows = rows_of(facet_of(database, 'client:c-78,"Pay *"', Dimension.CLIENT))

    assert rows == [("Payroll", "Payroll", 1), ("c-78", "c-78", 0), ("Pay *", "Pay *", 0)]

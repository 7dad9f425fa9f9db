"""Text that tries to drive a terminal, in the store: kept as it is on both engines, and found by `has:hostile`."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.answers import Cursor, Dimension
from data.query import Clause, EventQuery, Key, Pattern, parse_query
from data.records import Draft, Json, Source
from data.store import Database
from tests.hand_clock import NOW, HandClock
from tests.hostile_draft import hostile_draft
from tests.integration.conftest import NewDatabase
from tests.integration.events import EVERYTHING, UTC_ZONE, append, take_snapshot
from tests.integration.oracle import matching
from tests.strategies import any_drafts

TEXTS = {
    "escapes": "\x1b[31mred\x1b[2J",
    "osc 52": "\x1b]52;c;cm0gLXJm\x07",
    "c1": "\x9b31m\x90q\x9c",
    "bidi": "\u202egpj.exe\u2066a\u2069",
    "nul": "a\x00b",
    "lines": "a\r\nb\tc",
    "separators": "a\u2028b\u2029c",
    "joiners": "👩\u200d👩\u200d👧",
    "private": "\ue000\U000e0041",
    # Beyond what any index, pattern or field of either engine takes at once; it stands in some twenty places.
    "long": "\x1b" * 200_000,
    "many lines": "\n" * 100_000,
}
HARMLESS = {"markup": "[red]x[/] [/ \\u202e", "wide": "漢字❤\ufe0f", "stacked": "e" + "\u0301" * 5_000}
HOSTILE = parse_query("has:hostile last:all")
NOT_HOSTILE = parse_query("-has:hostile last:all")


def _draft(text: str) -> Draft:
    data: dict[str, Json] = {text: text, "deep": [{text: [text]}]}
    return replace(hostile_draft(text, NOW), data=data, source=Source(text, text))


@pytest.mark.parametrize("text", [*TEXTS.values(), *HARMLESS.values()], ids=[*TEXTS, *HARMLESS])
def test_it_comes_back_as_it_was_and_can_be_asked_for(database: Database, text: str) -> None:
    assert append(database, [_draft(text)]).added == 1
    with database.reading(UTC_ZONE) as reader:
        (event,) = reader.page(EVERYTHING).items
        assert (event.actor.name, event.reason, event.data) == (text, text, {text: text, "deep": [{text: [text]}]})
        for key in (Key.TYPE, Key.ACTOR, Key.CLIENT, Key.TARGET, Key.SERVICE, Key.SESSION, Key.TOKEN, Key.REQUEST):
            query = EVERYTHING.adding(Clause(key, (Pattern.literal(text),)))
            assert reader.count(query, reader.snapshot()) == 1, key
        for facet in reader.facets(EVERYTHING, reader.snapshot(), list(Dimension)):
            assert [value.count for value in facet.values] == [1], facet.dimension
        counts = [reader.count(query, reader.snapshot()) for query in (HOSTILE, NOT_HOSTILE)]
        assert counts == ([1, 0] if text in TEXTS.values() else [0, 1])


@pytest.mark.parametrize("text", ["\ud800", "a\udcffb"])
def test_half_a_surrogate_pair_is_refused_and_nothing_is_stored(database: Database, text: str) -> None:
    """No UTF-8 can hold it (RFC 3629, section 3), so that neither engine could give it back."""
    with pytest.raises(ValueError, match="surrogates"):
        append(database, [_draft("harmless"), _draft(text)])
    with database.reading(UTC_ZONE) as reader:
        assert reader.count(EVERYTHING, reader.snapshot()) == 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=st.lists(any_drafts(), min_size=1, max_size=12))
def test_what_is_found_is_what_holds_such_characters(new_database: NewDatabase, drafts: Sequence[Draft]) -> None:
    clock = HandClock()
    with new_database(clock) as database:
        append(database, drafts)
        snapshot = take_snapshot(database)
        with database.reading(UTC_ZONE) as reader:
            events = reader.page(EVERYTHING, Cursor(snapshot), limit=100).items
            for query in (HOSTILE, NOT_HOSTILE):
                found = reader.page(query, Cursor(snapshot), limit=100).items
                assert [*found] == matching(EventQuery(query.clauses), events, NOW, UTC_ZONE)

"""Tests of tui.presenters.sidebar."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import Dimension, Facet, FacetValue
from data.clock import to_microseconds
from data.query import Clause, EventQuery, Key, Pattern, parse_query, print_query, window_of
from data.query.model import TIME_KEYS
from data.query.pausing import Filtering
from tests.unit.query.queries import queries
from tests.unit.tui.made_up_events import HOSTILE, WHEN, ZONE, wide_texts
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.presenters.pieces import Role, Row, plain_text
from tui.presenters.sidebar import filters_on, sidebar_rows
from tui.presenters.sidebar_plan import CHANGE_LOG_PLAN
from tui.presenters.sidebar_state import (
    BoxKey,
    ClauseKey,
    DatesKey,
    MoreKey,
    SidebarKey,
    SidebarState,
    TabsKey,
    ValueKey,
)
from tui.reading.narrowing import Narrowing
from tui.terminal import cells_of

WIDTH = 28


def _facet(dimension: Dimension, *counts: tuple[str, int], distinct: int | None = None) -> Facet:
    values = tuple(FacetValue(name, Pattern.literal(name), count) for name, count in counts)
    return Facet(dimension, values, len(values) if distinct is None else distinct)


_COUNTS = tuple((f"value {number}", 1000 - number) for number in range(4))
FACETS: dict[Dimension, Facet] = {
    Dimension.OUTCOME: _facet(Dimension.OUTCOME, ("success", 1178), ("denied", 119)),
    Dimension.TYPE: _facet(Dimension.TYPE, *_COUNTS, distinct=14),
    Dimension.ACTOR: _facet(Dimension.ACTOR, *_COUNTS, distinct=34),
    Dimension.CLIENT: _facet(Dimension.CLIENT, ("c-77", 161)),
    Dimension.SERVICE: _facet(Dimension.SERVICE, *_COUNTS, distinct=5),
    Dimension.IP: _facet(Dimension.IP, *_COUNTS, distinct=39),
    Dimension.TARGET: _facet(Dimension.TARGET, distinct=0),
}


def _state(
    query: str = "last:30d",
    facets: Mapping[Dimension, Facet] = FACETS,
    pending: Iterable[Dimension] = (),
    *,
    paused: str = "last:30d",
    narrowing: Narrowing | None = None,
    kept: ValueKey | None = None,
) -> SidebarState:
    """The state of a query, with the conditions of another one paused beside it."""
    parsed = parse_query(query)
    window = window_of(parsed, WHEN, ZONE)
    filtering = Filtering(parsed, parse_query(paused).without_times())
    return SidebarState(filtering, window, facets, frozenset(pending), narrowing, ZONE, WHEN, kept)


def _rows(state: SidebarState, width: int = WIDTH) -> list[tuple[tuple[Row, ...], SidebarKey | None]]:
    return [(row.rows, row.key) for row in sidebar_rows(state, CHANGE_LOG_PLAN, width)]


def _texts(state: SidebarState, width: int = WIDTH) -> list[str]:
    return [plain_text(row) for rows, _ in _rows(state, width) for row in rows]


def _keys(state: SidebarState) -> list[SidebarKey]:
    return [key for _, key in _rows(state) if key is not None]


def _value_rows(state: SidebarState, dimension: Dimension) -> list[str]:
    """The rows of a dimension's values, from the first on."""
    return [
        plain_text(rows[0]) for rows, key in _rows(state) if isinstance(key, ValueKey) and key.dimension is dimension
    ]


def test_the_sidebar_reads_like_this() -> None:
    assert _texts(_state('outcome:denied -actor:"value 2" last:30d')) == [
        " Filters  2 on      0 clear",
        "",
        " All  Admin & portal  Users",
        "",
        " Dates",
        " 22 Oct – 20 Nov    30 days",
        " [ ] Archive",
        "",
        " Outcome               1 on",
        " [ ] success          1,178",
        " [ ] failure              0",
        " [x] denied             119",
        "",
        " Type",
        " [ ] value 0          1,000",
        " [ ] value 1            999",
        " [ ] value 2            998",
        " [ ] value 3            997",
        "     / 10 more",
        "",
        " Actor                 1 on",
        " [-] value 2            998",
        " [ ] value 0          1,000",
        " [ ] value 1            999",
        " [ ] value 3            997",
        "     / 30 more",
        "",
        " Client",
        " [ ] c-77               161",
        "",
        " Service               5  ▸",
        " IP address           39  ▸",
        " Target                0  ▸",
    ]


def test_counts_end_at_cell_26() -> None:
    shown = [text for dimension in (Dimension.OUTCOME, Dimension.TYPE) for text in _value_rows(_state(), dimension)]
    assert shown and all(len(text) == 27 and text[26].isdigit() and text[1] == "[" for text in shown)
    assert _value_rows(_state(), Dimension.OUTCOME)[0] == " [ ] success          1,178"


def test_a_long_name_gives_way_to_its_count() -> None:
    facets = {Dimension.CLIENT: _facet(Dimension.CLIENT, ("x" * 60, 1_234_567), ("給与計算システムの同期", 5))}
    first, second = _value_rows(_state(facets=facets), Dimension.CLIENT)
    assert first == f" [ ] {'x' * 11}… 1,234,567"
    assert cells_of(second) == 27 and second.endswith(" 5")


@pytest.mark.parametrize(
    ("query", "box", "role"),
    [
        ("last:30d", "[ ]", Role.MUTED),
        ('actor:"value 2"', "[x]", Role.ACCENT),
        ('-actor:"value 2"', "[-]", Role.DENIED),
    ],
)
def test_a_box_says_what_the_query_says(query: str, box: str, role: Role) -> None:
    rows = [
        rows[0] for rows, key in _rows(_state(query)) if key == ValueKey(Dimension.ACTOR, Pattern.literal("value 2"))
    ]
    assert [(piece.text, piece.role) for row in rows for piece in row if piece.text.startswith("[")] == [(box, role)]


def test_what_is_applied_comes_first_even_if_nothing_has_it() -> None:
    state = _state('actor:nobody,"value 3" last:30d')
    names = [text[5:].split("  ")[0].rstrip() for text in _value_rows(state, Dimension.ACTOR)]
    assert names[:2] == ["nobody", "value 3"]
    assert _value_rows(state, Dimension.ACTOR)[0].endswith(" 0")


def test_outcomes_are_always_all_three_in_their_own_order() -> None:
    state = _state(facets={Dimension.OUTCOME: _facet(Dimension.OUTCOME, ("denied", 2))})
    assert [text.split()[2:] for text in _value_rows(state, Dimension.OUTCOME)] == [
        ["success", "0"],
        ["failure", "0"],
        ["denied", "2"],
    ]


def test_what_is_not_counted_yet_is_pending() -> None:
    state = _state("outcome:denied actor:m-42 last:30d", facets={})
    texts = _texts(state)
    assert [text[26] for text in _value_rows(state, Dimension.OUTCOME)] == ["…"] * 3
    assert _value_rows(state, Dimension.ACTOR) == [" [x] m-42                 …"]
    assert sum(text.strip() == "…" for text in texts) == 2, "type and client have nothing yet"
    assert sum(text.endswith("…  ▸") for text in texts) == 3
    assert not any(text.endswith("0") for text in texts)


def test_names_from_before_stay_while_their_counts_are_pending() -> None:
    state = _state(pending=[Dimension.TYPE, Dimension.SERVICE])
    assert _value_rows(state, Dimension.TYPE) == [f" [ ] value {number}{' ' * 14}…" for number in range(4)]
    assert " Service               …  ▸" in _texts(state)
    assert _value_rows(state, Dimension.ACTOR)[0].endswith(" 1,000")


def test_a_dimension_without_values_says_so() -> None:
    assert "     none" in _texts(_state(facets={**FACETS, Dimension.CLIENT: _facet(Dimension.CLIENT)}))


def test_folded_dimensions_take_one_row_until_they_are_looked_through_or_asked_for() -> None:
    assert _value_rows(_state(), Dimension.SERVICE) == []
    assert MoreKey(Dimension.SERVICE) in _keys(_state())
    assert " Service               5  ▸" in _texts(_state())
    looked_through = _state(narrowing=Narrowing(Dimension.SERVICE))
    assert len(_value_rows(looked_through, Dimension.SERVICE)) == 4
    assert BoxKey(Dimension.SERVICE) in _keys(looked_through)
    assert len(_value_rows(_state('service:"value 1"'), Dimension.SERVICE)) == 4


def test_how_many_more_there_are_is_exact() -> None:
    def more(query: str) -> str:
        texts = _texts(_state(query))
        return next(text.strip() for text in texts[texts.index(" Client") - 2 :: -1] if "more" in text)

    assert more("last:30d") == "/ 30 more"
    assert more('actor:"value 2" last:30d') == "/ 30 more", "it is among the four"
    assert more("actor:nobody last:30d") == "/ 30 more", "it is none of the 34"


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("last:all", " All time"),
        ("during:today", " 20 Nov 2026          1 day"),
        ("last:7d", " 14 Nov – 20 Nov     7 days"),
        ("after:2026-11-01", " 1 Nov – 20 Nov     20 days"),
        ("during:2025-11..2026-02", " 1 Nov 25 – 28 Feb 26"),
        ("during:2025-11", " 1 Nov 25 – 30 Nov 25"),
        ("before:2026-01-01", " until 31 Dec 2025"),
        ("after:2026-11-05 before:2026-11-01", " no time in common"),
    ],
)
def test_dates_are_those_that_the_query_leaves(query: str, row: str) -> None:
    texts = _texts(_state(query))
    assert texts[texts.index(" Dates") + 1] == row


def test_tabs_go_round() -> None:
    query = parse_query("outcome:denied last:30d")
    tabs = [query]
    for _ in range(3):
        tabs.append(CHANGE_LOG_PLAN.next_tab(tabs[-1], 1))
    assert [print_query(tab) for tab in tabs] == [
        "outcome:denied last:30d",
        "outcome:denied last:30d tab:admin",
        "outcome:denied last:30d tab:users",
        "outcome:denied last:30d",
    ]
    assert CHANGE_LOG_PLAN.next_tab(query, -1) == tabs[2] and CHANGE_LOG_PLAN.next_tab(tabs[2], -1) == tabs[1]


@pytest.mark.parametrize(
    ("query", "current"), [("last:1d", "All"), ("tab:admin", "Admin & portal"), ("tab:users", "Users")]
)
def test_the_current_tab_stands_out_without_colour(query: str, current: str) -> None:
    (row,) = (rows[0] for rows, key in _rows(_state(query)) if key == TabsKey())
    assert [piece.text for piece in row if piece.underline and piece.bold] == [current]


@pytest.mark.parametrize(("query", "on"), [("last:7d", 0), ("actor:a,b last:1d", 1), ("actor:a -type:b text", 3)])
def test_conditions_are_counted_without_the_time(query: str, on: int) -> None:
    assert filters_on(parse_query(query)) == on
    head = _texts(_state(query))[0]
    assert head == (" Filters" if not on else f" Filters  {on} on      0 clear")


def test_each_heading_has_its_letter() -> None:
    targets = {letter: CHANGE_LOG_PLAN.jump_target(letter) for letter in "otacsie"}
    assert [*targets.values()] == [
        Dimension.OUTCOME,
        Dimension.TYPE,
        Dimension.ACTOR,
        Dimension.CLIENT,
        Dimension.SERVICE,
        Dimension.IP,
        Dimension.TARGET,
    ]
    assert CHANGE_LOG_PLAN.jump_target("d") is None
    underlined = [
        piece.text.lower()
        for rows, _ in _rows(_state())
        for piece in rows[0]
        if piece.underline and len(piece.text) == 1
    ]
    assert underlined == ["d", *targets]


def test_every_key_of_the_sidebar_is_there_once() -> None:
    narrowing = Narrowing(Dimension.IP)
    keys = _keys(_state('actor:x,y -type:z service:"value 1" word has:ip last:30d', narrowing=narrowing))
    assert len(set(keys)) == len(keys) and TabsKey() in keys and DatesKey() in keys


@given(
    st.lists(st.tuples(wide_texts.filter(bool), st.integers(0, 10**9)), max_size=5, unique_by=lambda pair: pair[0]),
    st.sampled_from([28, 34]),
    st.sampled_from([None, Narrowing(Dimension.CLIENT, "x")]),
    st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_whatever_the_values_are_the_rows_are_fit_to_show(
    counts: list[tuple[str, int]], width: int, narrowing: Narrowing | None, paused: bool
) -> None:
    facets: dict[Dimension, Facet] = {
        dimension: _facet(dimension, *counts) for dimension in Dimension if dimension is not Dimension.OUTCOME
    }
    state = _state(facets=facets, narrowing=narrowing)
    if paused:
        said = tuple(Clause(Key.CLIENT, (Pattern.literal(name),), negated=True) for name, _ in counts)
        state = replace(state, filtering=replace(state.filtering, paused=said))
    for rows, key in _rows(state, width):
        assert_fit_to_show(rows, width)
        if isinstance(key, ValueKey):
            assert cells_of(plain_text(rows[0])) == width - 1


def test_a_hostile_value_that_is_asked_for_is_made_visible() -> None:
    values = (Pattern.literal(HOSTILE),)
    query = EventQuery(tuple(Clause(key, values) for key in (Key.ACTOR, Key.SERVICE)))
    hostile = {d: _facet(d, (HOSTILE, 3)) for d in Dimension}
    state = SidebarState(Filtering(query), window_of(query, WHEN, ZONE), hostile, (), None, ZONE, WHEN)
    for rows, _ in _rows(state):
        assert_fit_to_show(rows, WIDTH)


def test_what_is_paused_has_its_box_among_the_applied_and_says_how_it_was_applied() -> None:
    state = _state('actor:"value 3" last:30d', paused='-actor:"value 1" actor:m-9')
    assert _value_rows(state, Dimension.ACTOR) == [
        " [x] value 3            997",
        " [~] - value 1          999",
        " [~] m-9                  0",
        " [ ] value 0          1,000",
        " [ ] value 2            998",
    ]
    texts = _texts(state)
    assert texts[0] == " Filters  1 on, 2 paused", "there is no room for more"
    assert _texts(state, 34)[0] == " Filters  1 on, 2 paused  0 clear"
    assert " Actor       1 on, 2 paused" in texts


def test_paused_values_keep_a_folded_dimension_open_and_are_counted_by_themselves() -> None:
    state = _state(paused="service:x")
    assert _value_rows(state, Dimension.SERVICE)[0] == " [~] x                    0"
    assert _texts(state)[0] == " Filters  1 paused  0 clear"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("last:30d", []),
        ("actor:a -type:b.* tab:admin ip:10.0.0.0/8 during:2026-11", []),
        ('"contract ended" -word last:30d', [' [x] "contract ended"', " [-] word"]),
        ("duration:>2s has:changes,reason last:7d", [" [x] duration:>2s", " [x] has:changes,reason"]),
        ("request:r-1 -session:s token:t last:7d", [" [x] request:r-1", " [-] session:s", " [x] token:t"]),
        ("-tab:admin last:7d", [" [-] tab:admin"]),
        ("tab:admin,users last:7d", [" [x] tab:admin,users"]),
        ("actor:a actor:b -actor:c last:7d", [" [x] actor:b"]),
        ("-during:2026-10 during:2026-11-01,2026-11-05", [" [-] during:2026-10", " [x] during:2026-11-01,202…"]),
    ],
)
def test_a_condition_without_a_place_of_its_own_stands_among_the_others(query: str, rows: list[str]) -> None:
    state = _state(query)
    found = [plain_text(lines[0]) for lines, key in _rows(state) if isinstance(key, ClauseKey)]
    assert found == rows
    assert (" Also" in _texts(state)) is bool(rows)


def test_paused_conditions_stand_among_the_others_too() -> None:
    state = _state("word last:7d", paused="-has:ip duration:>2s")
    found = [plain_text(lines[0]) for lines, key in _rows(state) if isinstance(key, ClauseKey)]
    assert found == [" [x] word", " [~] - has:ip", " [~] duration:>2s"]


@given(queries)
@settings(deadline=None)
def test_whatever_is_on_can_be_seen(query: EventQuery) -> None:
    state = replace(_state(), filtering=Filtering(query))
    keys = {key for _, key in _rows(state)}
    for clause in query.clauses:
        boxes = [ValueKey(Dimension(clause.key), value) for value in clause.values if clause.key in {*Dimension}]
        in_boxes = bool(boxes) and keys.issuperset(boxes)
        is_tab = clause.key is Key.TAB and len(query.of(Key.TAB)) == 1 and not clause.negated
        is_time = clause.key in TIME_KEYS and not clause.negated and len(clause.values) == 1
        is_archive = clause.key is Key.IN and "[x] Archive" in " ".join(_texts(state))
        assert in_boxes or is_tab or is_time or is_archive or ClauseKey(clause) in keys, clause


def test_the_archives_row_says_up_to_which_day_it_goes() -> None:
    live_since_us = to_microseconds(datetime(2025, 11, 20, tzinfo=ZONE))
    state = replace(_state("in:archive last:30d"), live_since_us=live_since_us)
    assert " [x] Archive to 19 Nov 2025" in _texts(state)
    assert " Filters" in _texts(state) and not any("in:archive" in text for text in _texts(state))
    assert " [ ] Archive to 19 Nov 2025" in _texts(replace(_state(), live_since_us=live_since_us))


def _narrowed(text: str, found: Facet | None, query: str = "last:30d", *, pending: bool = False) -> SidebarState:
    return _state(query, narrowing=Narrowing(Dimension.ACTOR, text, found, is_pending=pending))


def test_what_was_found_stands_below_the_box_with_its_number() -> None:
    found = _facet(Dimension.ACTOR, ("value 1", 999), ("value 7", 3), distinct=12)
    texts = _texts(_narrowed("val", found, 'actor:"value 7" last:30d'))
    at = texts.index(" Actor                 1 on")
    assert texts[at + 1 : at + 6] == [
        "   /                     12",
        " [x] value 7              3",
        " [ ] value 1            999",
        "     10 not listed",
        "",
    ]


def test_another_name_that_was_looked_for_stands_below() -> None:
    value = FacetValue("Payroll sync", Pattern.literal("c-77"), 161, "Payrol sync")
    rows = _rows(_narrowed("payrol s", Facet(Dimension.ACTOR, (value,), 1)))
    (lines,) = (lines for lines, key in rows if key == ValueKey(Dimension.ACTOR, value.value))
    assert [plain_text(line) for line in lines] == [" [ ] Payroll sync       161", "     also Payrol sync"]


def test_what_is_looked_for_is_pending_and_never_zero() -> None:
    before = _facet(Dimension.ACTOR, ("value 1", 999))
    texts = _texts(_narrowed("v", before, pending=True))
    at = texts.index(" Actor")
    assert texts[at + 1 : at + 4] == ["   /                      …", " [ ] value 1              …", ""]
    nothing_yet = _texts(_state(facets={}, narrowing=Narrowing(Dimension.ACTOR, "v")))
    assert nothing_yet[nothing_yet.index(" Actor") + 1] == "   /                      …"


def test_nothing_found_says_so() -> None:
    texts = _texts(_narrowed("zz", _facet(Dimension.ACTOR)))
    at = texts.index(" Actor")
    assert texts[at + 1 : at + 3] == ["   /                      0", "     none has it"]


def test_the_value_under_the_cursor_stays_though_others_are_more_frequent() -> None:
    facet = _facet(Dimension.ACTOR, *_COUNTS, ("value 9", 1), distinct=34)
    kept = ValueKey(Dimension.ACTOR, Pattern.literal("value 9"))
    rows = _value_rows(_state(facets={**FACETS, Dimension.ACTOR: facet}, kept=kept), Dimension.ACTOR)
    assert len(rows) == 5 and rows[-1] == " [ ] value 9              1"
    assert len(_value_rows(_state(facets={**FACETS, Dimension.ACTOR: facet}), Dimension.ACTOR)) == 4


def test_names_that_begin_alike_can_be_told_apart_and_are_told_in_full() -> None:
    names = ("Contractor timesheets, region north", "Contractor timesheets, region south", "short")
    facet = _facet(Dimension.CLIENT, *((name, 5) for name in names))
    rows = [
        row
        for row in sidebar_rows(_state(facets={Dimension.CLIENT: facet}), CHANGE_LOG_PLAN, WIDTH)
        if row.key in [ValueKey(Dimension.CLIENT, Pattern.literal(name)) for name in names]
    ]
    assert len({plain_text(row.rows[0]) for row in rows}) == 3
    assert [row.full for row in rows] == [*names[:2], None]


def test_a_tab_is_where_it_is_drawn() -> None:
    row = _texts(_state())[2]
    for number, (name, _) in enumerate(CHANGE_LOG_PLAN.tabs):
        cells = [cell for cell in range(WIDTH) if CHANGE_LOG_PLAN.tab_at(cell) == number]
        assert row[cells[0] : cells[-1] + 1] == name
        assert CHANGE_LOG_PLAN.next_tab(
            CHANGE_LOG_PLAN.on_tab(parse_query("last:7d"), number), 1
        ) == CHANGE_LOG_PLAN.on_tab(parse_query("last:7d"), (number + 1) % 3)
    assert CHANGE_LOG_PLAN.tab_at(0) is None and CHANGE_LOG_PLAN.tab_at(WIDTH) is None


def test_more_than_are_counted_are_said_to_be_more() -> None:
    many = replace(_facet(Dimension.ACTOR, *_COUNTS, distinct=1_000), has_more_distinct=True)
    folded = replace(_facet(Dimension.TARGET, *_COUNTS, distinct=1_000), has_more_distinct=True)
    facets = {**FACETS, Dimension.ACTOR: many, Dimension.TARGET: folded}
    texts = _texts(_state(facets=facets))
    assert "     / 1,000+ more" in texts
    assert any(text.startswith(" Target") and text.endswith("1,000+  ▸") for text in texts)
    narrowed = _texts(_state(facets=facets, narrowing=Narrowing(Dimension.TARGET, "", folded, is_pending=False)))
    assert any(text.split()[:1] == ["/"] and text.endswith(" 1,000+") for text in narrowed)
    assert "     1,000+ not listed" in narrowed


def test_how_many_there_are_besides_is_pending_as_the_counts_are() -> None:
    texts = _texts(_state(pending=[Dimension.ACTOR]))
    assert "     / … more" in texts and "     / 30 more" not in texts


def test_what_nobody_counted_under_the_cursor_is_pending_and_not_zero() -> None:
    kept = ValueKey(Dimension.ACTOR, Pattern.literal("value 9"))
    row = _value_rows(_state(kept=kept), Dimension.ACTOR)[-1]
    assert row.split()[-2:] == ["9", "…"]
    outcome = ValueKey(Dimension.OUTCOME, Pattern.literal("failure"))
    assert _value_rows(_state(kept=outcome), Dimension.OUTCOME)[1].split()[-1] == "0", "outcomes are all counted"

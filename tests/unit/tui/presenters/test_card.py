"""Tests of tui.presenters.card."""

from datetime import datetime
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Change, Event, Outcome, Reference
from tests.unit.tui.made_up_events import (
    ALICE,
    HOSTILE,
    ZONE,
    an_event,
    any_events,
    hostile_event,
    wide_texts,
)
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.presenters.card import card_rows, facts_of, object_of, title_of
from tui.presenters.card_grid import CardGrid, Density
from tui.presenters.pieces import Role, Row, plain_text
from tui.terminal import cells_of

WIDTHS = (90, 79, 60, 40)
SUCCESS = an_event()
DENIED = an_event(
    outcome=Outcome.DENIED, changes=(), reason="needs clients:write; he holds clients:read (role Support)"
)
FAILURE = an_event(outcome=Outcome.FAILURE, changes=(), reason="the mail server did not take the message")
DELETED = an_event(type="api_client.deleted", changes=(), reason="contract ended")

TEXTS = {
    ("success", 90): """\
 13:47:50   API client updated  Payroll sync                 Alice Moss           success
            expires 5 Nov 2027 · adk_7Fh2xQ9b                198.51.100.7        unsealed
            name        Payrol sync → Payroll sync
            scopes      − a:read  + d:write  2 unchanged""",
    ("denied", 90): """\
 13:47:50 ! Update API client  Payroll sync                  Alice Moss            DENIED
            expires 5 Nov 2027 · adk_7Fh2xQ9b                198.51.100.7        unsealed
            because     needs clients:write; he holds clients:read (role Support)""",
    ("failure", 90): """\
 13:47:50 × Update API client  Payroll sync                  Alice Moss           FAILURE
            expires 5 Nov 2027 · adk_7Fh2xQ9b                198.51.100.7        unsealed
            because     the mail server did not take the message""",
    ("deleted", 90): """\
 13:47:50   API client deleted  Payroll sync  (deleted)      Alice Moss           success
            expires 5 Nov 2027 · adk_7Fh2xQ9b                198.51.100.7        unsealed
            reason      contract ended""",
    ("success", 79): """\
 13:47:50   API client updated  Payroll sync          Alice Moss       success
            expires 5 Nov 2027 · adk_7Fh2xQ9b         198.51.100.7    unsealed
            name        Payrol sync → Payroll sync
            scopes      − a:read  + d:write  2 unchanged""",
    ("denied", 79): """\
 13:47:50 ! Update API client  Payroll sync           Alice Moss        DENIED
            expires 5 Nov 2027 · adk_7Fh2xQ9b         198.51.100.7    unsealed
            because     needs clients:write; he holds clients:read (role Suppo…""",
    ("failure", 79): """\
 13:47:50 × Update API client  Payroll sync           Alice Moss       FAILURE
            expires 5 Nov 2027 · adk_7Fh2xQ9b         198.51.100.7    unsealed
            because     the mail server did not take the message""",
    ("deleted", 79): """\
 13:47:50   API client deleted  Payroll sync          Alice Moss       success
            expires 5 Nov 2027 · adk_7Fh2xQ9b         198.51.100.7    unsealed
            reason      contract ended""",
    ("success", 60): """\
 13:47   API client updated  Payroll sync           success
         by Alice Moss · expires 5 Nov 2027 · adk_7Fh2xQ9b
         name        Payrol sync → Payroll sync
         scopes      − a:read  + d:write  2 unchanged""",
    ("denied", 60): """\
 13:47 ! Update API client  Payroll sync             DENIED
         by Alice Moss · expires 5 Nov 2027 · adk_7Fh2xQ9b
         because     needs clients:write; he holds clients:…""",
    ("failure", 60): """\
 13:47 × Update API client  Payroll sync            FAILURE
         by Alice Moss · expires 5 Nov 2027 · adk_7Fh2xQ9b
         because     the mail server did not take the messa…""",
    ("deleted", 60): """\
 13:47   API client deleted  Payroll sync           success
         by Alice Moss · expires 5 Nov 2027 · adk_7Fh2xQ9b
         reason      contract ended""",
    ("success", 40): """\
 13:47   API client updated  Payroll s…
         by Alice Moss · adk_7Fh2xQ9b
         name        − Payrol sync
                     + Payroll sync
         scopes      − a:read  + d:write""",
    ("denied", 40): """\
 13:47 ! Update API client  P…   DENIED
         by Alice Moss · adk_7Fh2xQ9b
         because     needs clients:writ…""",
    ("failure", 40): """\
 13:47 × Update API client  P…  FAILURE
         by Alice Moss · adk_7Fh2xQ9b
         because     the mail server di…""",
    ("deleted", 40): """\
 13:47   API client deleted  Payroll s…
         by Alice Moss · adk_7Fh2xQ9b
         reason      contract ended""",
}
EVENTS = {"success": SUCCESS, "denied": DENIED, "failure": FAILURE, "deleted": DELETED}


def _text(event: Event, width: int) -> str:
    return "\n".join(plain_text(row) for row in card_rows(event, width, ZONE))


def _role_of(rows: tuple[Row, ...], text: str) -> Role:
    """The role of the one piece with this text."""
    (role,) = {piece.role for row in rows for piece in row if piece.text == text}
    return role


def _detail(changes: tuple[Change, ...], width: int = 90, **fields: Any) -> list[str]:  # noqa: ANN401
    """The rows below the first two."""
    rows = card_rows(an_event(changes=changes, **fields), width, ZONE)
    return [plain_text(row) for row in rows[2:]]


@pytest.mark.parametrize(("name", "width"), TEXTS)
def test_a_card_reads_like_this(name: str, width: int) -> None:
    assert _text(EVENTS[name], width) == TEXTS[name, width]


def test_a_card_of_forty_cells_still_says_what_happened() -> None:
    assert "API client updated" in _text(SUCCESS, 40)


def test_a_column_stands_where_the_eye_runs_down_it() -> None:
    for width, actor in ((90, 61), (88, 59), (87, 62), (79, 54)):
        for event in EVENTS.values():
            first, second, *_ = (plain_text(row) for row in card_rows(event, width, ZONE))
            assert first.index("Alice Moss") == second.index("198.51.100.7") == actor
            assert first[1:9] == "13:47:50" and second[:12].isspace()
            assert len(second) == width - 1, "one blank cell behind the last column"


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "success",
            {
                "API client updated": Role.TITLE,
                "Payroll sync": None,
                "success": Role.FAINT,
                "Payrol sync": Role.BEFORE,
                "a:read": Role.BEFORE,
                "d:write": Role.AFTER,
                "2 unchanged": Role.FAINT,
                "13:47:50": Role.MUTED,
                "Alice Moss": Role.TEXT,
            },
        ),
        (
            "denied",
            {"!": Role.DENIED, " DENIED ": Role.DENIED_BADGE, "because": Role.FAINT, DENIED.reason: Role.DENIED},
        ),
        ("failure", {"×": Role.FAILURE, " FAILURE ": Role.FAILURE_BADGE, FAILURE.reason: Role.FAILURE}),
        ("deleted", {"Payroll sync": Role.MUTED, "  (deleted)": Role.FAINT, "contract ended": Role.TEXT}),
    ],
)
def test_each_part_has_its_look(name: str, texts: dict[str, Role | None]) -> None:
    rows = card_rows(EVENTS[name], 90, ZONE)
    for text, role in texts.items():
        if role is not None:
            assert _role_of(rows, text) is role, text


def test_an_outcome_is_told_without_colour() -> None:
    first = {name: plain_text(card_rows(event, 90, ZONE)[0]) for name, event in EVENTS.items()}
    assert [first[name][10] for name in ("success", "denied", "failure")] == [" ", "!", "×"]
    assert [first[name].split()[-1] for name in ("success", "denied", "failure")] == ["success", "DENIED", "FAILURE"]


def test_only_what_happened_reads_as_done() -> None:
    assert title_of(SUCCESS) == "API client updated"
    assert title_of(DENIED) == title_of(FAILURE) == "Update API client"


def test_a_deletion_that_was_refused_leaves_its_client_there() -> None:
    refused = an_event(type="api_client.deleted", changes=(), outcome=Outcome.DENIED, reason="no")
    assert "(deleted)" not in _text(refused, 90)
    assert _role_of(card_rows(refused, 90, ZONE), "Payroll sync") is Role.LINK


@pytest.mark.parametrize("density", Density)
def test_no_card_of_a_client_that_was_deleted_is_a_link(density: Density) -> None:
    token = an_event(type="token.issued", target=Reference("token", "adk_7Fh2xQ9b"))
    for event in (SUCCESS, DENIED, token):
        assert event.client is not None and event.client.id is not None
        rows = card_rows(event, 90, ZONE, density, gone=frozenset({event.client.id}))
        assert _role_of(rows[:1], "Payroll sync") is Role.MUTED and "Payroll sync  (deleted)" in plain_text(rows[0])
        assert len(rows) == len(card_rows(event, 90, ZONE, density))
        others = card_rows(event, 90, ZONE, density, gone=frozenset({"c-other"}))
        assert others == card_rows(event, 90, ZONE, density) and _role_of(others[:1], "Payroll sync") is Role.LINK
    project = an_event(
        type="project.created", changes=(), client=None, target=Reference("project", "c-1", "Payroll sync")
    )
    assert _role_of(card_rows(project, 90, ZONE, gone=frozenset({"c-1"})), "Payroll sync") is Role.LINK


def test_a_token_is_shown_by_its_client() -> None:
    token = Reference("token", "adk_7Fh2xQ9b")
    assert object_of(an_event(type="token.issued", target=token)) == "Payroll sync"
    assert object_of(an_event(type="token.issued", target=token, client=None)) == "adk_7Fh2xQ9b"
    assert object_of(an_event(target=None, client=None)) is None


def test_the_time_is_that_of_the_zone_shown() -> None:
    assert "22:47:50" in plain_text(card_rows(SUCCESS, 90, ZoneInfo("Asia/Tokyo"))[0])


def test_the_expiry_comes_first_and_no_fact_twice() -> None:
    event = an_event(type="user.updated", token=None, data={"status": "active", "expires": "2027-11-05", "version": 3})
    labels = [label for label, _ in facts_of(event)]
    assert labels[0] == "expires" and len(set(labels)) == len(labels)
    assert facts_of(event)[0] == ("expires", "5 Nov 2027")


def test_at_most_five_facts_are_shown() -> None:
    many = an_event(type="imported.thing", token=None, target=None, data={f"fact_{n}": n for n in range(20)})
    assert len(facts_of(many)) == 5


def test_long_facts_and_records_are_left_to_the_open_card() -> None:
    event = an_event(
        type="imported.thing", target=None, token=None, data={"note": "x" * 33, "deep": {"a": 1}, "empty": ""}
    )
    assert facts_of(event) == []


def test_a_change_that_fits_is_one_row() -> None:
    room = 90 - 24 - 3
    fits = _detail((Change("owner", "x" * 30, "y" * (room - 30)),))
    assert fits == [f"            owner       {'x' * 30} → {'y' * (room - 30)}"]
    assert _detail((Change("owner", "x" * 30, "y" * (room - 29)),)) == [
        f"            owner       − {'x' * 30}",
        f"                        + {'y' * (room - 29)}",
    ]


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        (None, "nightly", "(none) → nightly"),
        ("nightly", None, "nightly → (none)"),
        ("", "x", "(empty) → x"),
        (False, True, "no → yes"),
        (1, 2, "1 → 2"),
        ("2026-12-10", "2027-11-05", "10 Dec 2026 → 5 Nov 2027"),
        (["a"], None, "a → (none)"),
        ({"a": 1}, {"a": 2}, '{"a":1} → {"a":2}'),
    ],
)
def test_values_read_as_words(before: Any, after: Any, row: str) -> None:  # noqa: ANN401
    assert _detail((Change("allowed_networks", before, after),)) == [f"            allowed ne… {row}"]


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        (["a", "b"], ["a", "c"], "− b  + c  1 unchanged"),
        (["a"], [], "− a"),
        ([], ["a", "b"], "+ a  + b"),
        (["a", "b"], ["b", "a"], "2 unchanged"),
    ],
)
def test_of_a_list_only_what_changed_is_named(before: list[str], after: list[str], row: str) -> None:
    shown = [" ".join(line.split()) for line in _detail((Change("scopes", [*before], [*after]),))]
    assert shown == [" ".join(f"scopes {row}".split())]


def test_more_than_six_rows_are_counted() -> None:
    changes = tuple(Change(f"field_{number}", number, number + 1) for number in range(9))
    shown = _detail(changes)
    assert len(shown) == 7 and shown[-1] == " " * 24 + "+3 more"
    assert len(_detail(changes[:6])) == 6 and "more" not in _detail(changes[:6])[-1]
    assert _detail(changes[:6], reason="why")[-1].strip() == "+1 more"


@given(any_events, st.sampled_from(WIDTHS))
@settings(deadline=None)
def test_whatever_an_event_holds_its_rows_are_fit_to_show(event: Event, width: int) -> None:
    rows = card_rows(event, width, ZONE)
    assert_fit_to_show(rows, width)
    assert 2 <= len(rows) <= 9
    assert all(not row or row[0].text.startswith(" ") for row in rows), "the selection's bar needs the first cell"


@given(any_events, st.sampled_from(WIDTHS))
@settings(deadline=None)
def test_a_card_depends_on_nothing_but_event_width_and_zone(event: Event, width: int) -> None:
    assert card_rows(event, width, ZONE) == card_rows(event, width, ZONE)


@given(wide_texts, st.sampled_from((*WIDTHS, 200)), st.sampled_from(Outcome))
@settings(deadline=None)
def test_wide_and_combining_text_keeps_to_the_width(text: str, width: int, outcome: Outcome) -> None:
    assert_fit_to_show(card_rows(hostile_event(text, outcome=outcome), width, ZONE), width)


@pytest.mark.parametrize("width", [171, 90, 79])
def test_wide_characters_leave_the_columns_where_they_are(width: int) -> None:
    event = an_event(target=Reference("api_client", "c-1", "給与計算システム" * 4), actor=ALICE)
    first, second, *_ = card_rows(event, width, ZONE)
    assert_fit_to_show((first, second), width)
    at = 0
    for piece in first:
        if piece.text.startswith("Alice"):
            break
        at += cells_of(piece.text)
    assert at == plain_text(second).index("198.51.100.7")


@pytest.mark.parametrize("width", (*WIDTHS, 200))
@pytest.mark.parametrize("outcome", Outcome)
def test_hostile_text_is_made_visible(outcome: Outcome, width: int) -> None:
    rows = card_rows(hostile_event(outcome=outcome), width, ZONE)
    assert_fit_to_show(rows, width)
    if width == 200:
        assert "␛" in " ".join(plain_text(row) for row in rows)
    assert HOSTILE not in " ".join(plain_text(row) for row in rows)


@pytest.mark.parametrize("width", (*WIDTHS, 200))
def test_a_card_with_a_character_that_hides_bears_a_mark_wherever_that_is(width: int) -> None:
    bare = card_rows(an_event(), width, ZONE)
    marked = card_rows(an_event(user_agent="Mozilla\u202e"), width, ZONE)
    grid = CardGrid.of(width)
    assert plain_text(marked[1])[: grid.text].strip() == "^" and not plain_text(bare[1])[: grid.text].strip()
    assert [plain_text(row) for row in marked] == [
        plain_text(bare[0]),
        " " * grid.mark + "^" + plain_text(bare[1])[grid.mark + 1 :],
        *map(plain_text, bare[2:]),
    ]


def test_a_card_of_a_million_characters_is_made_in_a_moment() -> None:
    event = hostile_event("\x1b漢\n" * 350_000)
    start = perf_counter()
    card_rows(event, 90, ZONE)
    assert perf_counter() - start < 0.5


def test_a_moment_before_1900_is_shown_too() -> None:
    old = an_event(occurred_at=datetime(1801, 1, 1, tzinfo=ZONE))
    assert plain_text(card_rows(old, 90, ZONE)[0]).startswith(" 00:00:00")


@pytest.mark.parametrize("width", (171, *WIDTHS))
def test_a_line_bears_every_mark_that_the_card_would(width: int) -> None:
    event = an_event(user_agent="Mozilla\u202e", outcome=Outcome.DENIED)
    (row,) = card_rows(event, width, ZONE, Density.LINES, flagged=True)
    grid = CardGrid.of(width)
    assert plain_text(row)[grid.flag : grid.text] == "*!^" and "DENIED" in plain_text(row)
    assert_fit_to_show((row,), width)


@pytest.mark.parametrize("width", (171, *WIDTHS))
def test_a_compact_card_says_why_or_the_first_change_and_how_many_more_there_are(width: int) -> None:
    refused = plain_text(card_rows(DENIED, width, ZONE, Density.COMPACT)[1])
    assert "because needs" in refused
    changed = card_rows(SUCCESS, width, ZONE, Density.COMPACT)
    assert len(changed) == 2 and "name P" in plain_text(changed[1]) and "+1" in plain_text(changed[1])
    plain = plain_text(card_rows(an_event(changes=()), width, ZONE, Density.COMPACT)[1])
    assert plain == plain_text(card_rows(an_event(changes=()), width, ZONE)[1])


@given(any_events, st.integers(40, 200), st.sampled_from(list(Density)), st.booleans())
def test_any_event_keeps_to_the_width_in_any_density(event: Event, width: int, density: Density, flagged: bool) -> None:
    rows = card_rows(event, width, ZONE, density, flagged=flagged)
    assert_fit_to_show(rows, width)
    assert len(rows) == {Density.LINES: 1, Density.COMPACT: 2}.get(density, len(rows))
    assert all(plain_text(row)[:1].strip() == "" for row in rows), "the selection's bar has a cell of its own"

"""How an event stands, on its card and wherever else it is shown."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given

from data.exchange.event_json import event_to_json
from data.query import print_clause
from data.records import TOMBSTONE, UNREADABLE, Erasure, Event, Outcome, Reference, Seal
from tests.unit.tui.made_up_events import ALICE, WHEN, ZONE, an_event, any_events
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.glyphs import ASCII, draw_with
from tui.presenters.card import card_rows
from tui.presenters.card_grid import Density
from tui.presenters.choices import value_choices
from tui.presenters.detail import detail_head, detail_rows
from tui.presenters.event_table import event_table
from tui.presenters.event_text import event_lines
from tui.presenters.pieces import Role, Row, plain_text

TELLING = UUID("019e0000-0000-7000-8000-0000000000ff")
BY_ALICE = Erasure(ALICE, WHEN + timedelta(hours=1), "GDPR request 12", False, TELLING)
ALTERED = an_event(seal=Seal.ALTERED)
ERASED = an_event(
    seal=Seal.ERASED,
    erasure=BY_ALICE,
    actor=Reference("member", "m-42"),
    client=Reference("api_client", "c-77"),
    target=Reference("api_client", "c-77"),
    ip=None,
    changes=(),
)
BLANK = Event(
    id=ERASED.id,
    type=TOMBSTONE,
    occurred_at=WHEN,
    recorded_at=WHEN,
    seal=Seal.ERASED,
    erasure=replace(BY_ALICE, is_whole=True),
)
UNREAD = Event(id=ERASED.id, type=UNREADABLE, occurred_at=WHEN, recorded_at=WHEN, seal=Seal.ALTERED)
EVENTS = {"altered": ALTERED, "erased": ERASED, "blank": BLANK, "unread": UNREAD}

CARDS = {
    ("altered", 90): """\
 13:47:50 ≠ API client updated  Payroll sync                 Alice Moss           success
            expires 5 Nov 2027 · adk_7Fh2xQ9b                198.51.100.7         ALTERED
            name        Payrol sync → Payroll sync
            scopes      − a:read  + d:write  2 unchanged""",
    ("erased", 90): """\
 13:47:50 ∅ API client updated  c-77                         m-42                 success
            expires 5 Nov 2027 · adk_7Fh2xQ9b                                      ERASED
            erased      by Alice Moss because GDPR request 12""",
    ("blank", 90): """\
 13:47:50 ∅ Erased event
                                                                                   ERASED
            erased      by Alice Moss because GDPR request 12""",
    ("unread", 90): """\
 13:47:50 ≠ Unreadable event
                                                                                  ALTERED""",
    ("altered", 60): """\
 13:47 ≠ API client updated  Payroll sync           ALTERED
         by Alice Moss · expires 5 Nov 2027 · adk_7Fh2xQ9b
         name        Payrol sync → Payroll sync
         scopes      − a:read  + d:write  2 unchanged""",
    ("erased", 60): """\
 13:47 ∅ API client updated  c-77                    ERASED
         by m-42 · expires 5 Nov 2027 · adk_7Fh2xQ9b
         erased      by Alice Moss because GDPR request 12""",
    ("blank", 60): """\
 13:47 ∅ Erased event                                ERASED

         erased      by Alice Moss because GDPR request 12""",
    ("unread", 40): """\
 13:47 ≠ Unreadable event       ALTERED
""",
}


def _text(rows: tuple[Row, ...]) -> str:
    return "\n".join(plain_text(row) for row in rows)


@pytest.mark.parametrize(("name", "width"), CARDS)
def test_a_card_says_it_like_this(name: str, width: int) -> None:
    assert _text(card_rows(EVENTS[name], width, ZONE)) == CARDS[name, width]


def test_compact_cards_tell_who_erased_and_lines_that_it_was_erased() -> None:
    compact = _text(card_rows(BLANK, 90, ZONE, Density.COMPACT)).split("\n")
    assert compact[1].split() == ["erased", "by", "Alice", "Moss", "because", "GDPR", "request", "12", "ERASED"]
    narrow = _text(card_rows(BLANK, 60, ZONE, Density.COMPACT)).split("\n")
    assert narrow[1].strip() == "erased by Alice Moss because GDPR request 12"
    for width in (90, 60):
        (line,) = (plain_text(row) for row in card_rows(BLANK, width, ZONE, Density.LINES))
        assert line.split() == [line.split()[0], "∅", "Erased", "event", "ERASED"]
        (line,) = (plain_text(row) for row in card_rows(ALTERED, width, ZONE, Density.LINES))
        assert " ≠ " in line and line.endswith("ALTERED")


def test_an_erased_event_that_was_refused_says_both() -> None:
    refused = replace(ERASED, outcome=Outcome.DENIED)
    first, second, *_ = _text(card_rows(refused, 90, ZONE)).split("\n")
    assert first.endswith("DENIED") and second.endswith("ERASED") and " ∅ " in first
    (line,) = (plain_text(row) for row in card_rows(refused, 90, ZONE, Density.LINES))
    assert line.endswith("DENIED") and " ∅ " in line
    altered = card_rows(replace(ALTERED, outcome=Outcome.DENIED), 90, ZONE, Density.LINES)
    assert _text(altered).endswith("ALTERED"), "that nothing here is sure weighs more than what it says"


def test_more_changes_are_counted_beside_what_was_erased() -> None:
    changed = replace(an_event(), seal=Seal.ERASED, erasure=BY_ALICE)
    assert "  +2" in _text(card_rows(changed, 90, ZONE, Density.COMPACT))


def test_badges_are_drawn_so_that_nobody_passes_over_them() -> None:
    for event, word, role in ((ALTERED, " ALTERED ", Role.FAILURE_BADGE), (BLANK, " ERASED ", Role.ACCENT_BADGE)):
        (badge,) = [piece for row in card_rows(event, 90, ZONE) for piece in row if piece.text == word]
        assert (badge.role, badge.bold) == (role, True)


def test_without_unicode_the_marks_are_ascii() -> None:
    draw_with(ASCII)
    assert " # " in _text(card_rows(ALTERED, 90, ZONE)) and " 0 " in _text(card_rows(ERASED, 90, ZONE))
    for event in EVENTS.values():
        assert _text(card_rows(event, 90, ZONE)).isascii()


def _detail(event: Event, width: int = 120) -> str:
    rows = detail_rows(event, event_to_json(event), width, ZONE)
    return "\n".join(plain_text(row) for item in rows for row in item.rows)


def test_the_open_card_says_in_words_what_it_means() -> None:
    assert "what is stored is not what was recorded" in " ".join(_detail(ALTERED).split())
    assert "what is stored cannot be read" in " ".join(_detail(UNREAD).split())
    erased = " ".join(_detail(ERASED).split())
    assert "its personal part, which is names" in erased and "erased by Alice Moss · m-42" in erased
    assert "because GDPR request 12" in erased and f"told by {TELLING}" in erased
    assert "It keeps its place" in " ".join(_detail(BLANK).split())
    assert " ALTERED " in plain_text(detail_head(ALTERED, 90, "1 of 1"))
    for event, forbidden in ((BLANK, ("anonymous", "success")), (UNREAD, ("anonymous", "success", "all by"))):
        shown = f"{plain_text(detail_head(event, 90, '1 of 1'))}\n{_detail(event)}"
        assert not [word for word in forbidden if word in shown]


def test_from_an_erased_card_one_goes_to_the_event_that_tells_of_it() -> None:
    clauses = [row.key.clause for row in detail_rows(BLANK, {}, 90, ZONE) if row.key and row.key.clause]
    assert f"id:{TELLING}" in [print_clause(clause) for clause in clauses]
    assert f"id:{TELLING}" not in [print_clause(clause) for clause in _clauses(ALTERED)]


def _clauses(event: Event) -> list:  # type: ignore[type-arg]
    return [row.key.clause for row in detail_rows(event, {}, 90, ZONE) if row.key and row.key.clause]


def test_of_a_blank_event_no_query_is_offered_that_would_say_what_is_not_known() -> None:
    assert [choice.letter for choice in value_choices(BLANK, ZONE)] == ["t", "d"]
    assert [choice.letter for choice in value_choices(UNREAD, ZONE)] == ["d"]


def test_plain_text_says_it_too() -> None:
    told = "\n".join(event_lines(ERASED, ZONE))
    assert told.startswith("∅ API client updated") and "because" in told and str(TELLING) in told
    assert "outcome" not in "\n".join(event_lines(BLANK, ZONE))
    assert "not what was recorded" in "\n".join(event_lines(ALTERED, ZONE))
    table = event_table([ALTERED, ERASED, BLANK, UNREAD], ZONE)
    cells = [line.split("  ") for line in table.lines]
    assert [cell[1].strip() for cell in cells] == ["≠ ALTERED", "∅ success", "∅ ERASED", "≠ ALTERED"]
    assert not any("anonymous" in line for line in table.lines)


@given(any_events)
def test_any_event_can_be_shown_however_it_stands(event: Event) -> None:
    for seal in Seal:
        shown = replace(event, seal=seal, erasure=BY_ALICE if seal is Seal.ERASED else None)
        for width in (90, 60, 40):
            for density in Density:
                assert_fit_to_show(card_rows(shown, width, ZONE, density), width)

"""Tests of data.views."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.query import EventQuery, print_query
from data.views import MOST_NAME_CHARACTERS, SHIPPED, View, folded_name, name_problem
from tests.unit.query.queries import queries


def _view(text: str, name: str = "Some") -> View:
    return View(SHIPPED[0].id, name, text)


@given(queries)
def test_what_a_query_prints_a_view_reads(query: EventQuery) -> None:
    view = _view(print_query(query))
    assert (view.query, view.problem) == (query, None)


@pytest.mark.parametrize("text", ["colour:red", "outcome:", '"', "during:someday", "\x1b]0;x\x07:"])
def test_a_query_that_cannot_be_read_is_a_problem_and_no_error(text: str) -> None:
    view = _view(text)
    assert view.query is None
    assert view.problem is not None and view.problem.startswith("This program cannot read its query: ")


def test_the_views_that_ship_can_be_read_and_say_their_times() -> None:
    assert [view.name for view in SHIPPED] == [
        "Failed or denied",
        "Denied yesterday",
        "Access changes",
        "API client changes",
        "Not the system",
    ]
    assert len({view.id for view in SHIPPED}) == len(SHIPPED)
    for view in SHIPPED:
        assert view.query is not None and print_query(view.query) == view.text
        assert (view.owner, view.is_own) == (None, False)


def test_the_ids_of_the_views_that_ship_stay_what_they_are() -> None:
    # Marks in databases are kept under them.
    assert [str(view.id) for view in SHIPPED] == [
        "84b71462-b847-5b0b-b8e6-a981766b70c4",
        "53c1abc4-86f6-5dd6-ba38-68225a462cc4",
        "7d2aee88-7e33-5a27-a12e-016d71653a12",
        "e7a96446-e2d1-55f2-8f2a-ab62e85be181",
        "efbe2166-d9bd-5707-915e-d1aad00b091f",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Denied", "dENIED"),
        (" Denied ", "Denied"),
        ("stra\u00dfe", "STRASSE"),
        ("caf\u00e9", "CAFE\u0301"),
        ("\u1e9e", "\u00df"),
        ("\u0345\u0301", "\u0301\u0345"),
    ],
)
def test_names_that_are_one_name_to_a_person(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)
    assert _view("a", one).is_called(other)


@given(st.text())
def test_ways_of_writing_a_name_are_one_name(name: str) -> None:
    ways = {folded_name(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert ways == {folded_name(name)} == {folded_name(f" {name} ")}


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "a" * MOST_NAME_CHARACTERS,
        f"  {'a' * MOST_NAME_CHARACTERS}  ",
        "R\u00e9sum\u00e9s (2026): 50%",
        "\u0627\u0644\u0631\u0641\u0636",
        "[bold]loud[/bold]",
        "\u202eback",
    ],
)
def test_names_that_can_be(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("", "needs a name"),
        (" \t ", "needs a name"),
        ("a" * (MOST_NAME_CHARACTERS + 1), "at most 60 characters, this has 61"),
        ("a\x1b[2Jb", "control characters"),
        ("a\0b", "control characters"),
        ("a\nb", "control characters"),
        ("a\u2028b", "control characters"),
        ("a\ud800b", "control characters"),
    ],
)
def test_names_that_cannot_be(name: str, because: str) -> None:
    assert because in (name_problem(name) or "")

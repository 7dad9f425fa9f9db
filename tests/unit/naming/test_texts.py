"""Tests of data.naming.texts and neighbours: what can be a name, a reason, and a name beside others."""

import time

import pytest

from data.naming.neighbours import Neighbours
from data.naming.texts import name_problem, plain_name, plain_text, reason_problem

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Support", None),
        ("", "A role needs a name."),
        (" \u3000", "A role needs a name."),
        ("\u3164", "Of this name nothing can be seen."),
        ("x" * 101, "At most 100 characters, this has 101."),
        ("Sup\u202eport", "This holds an invisible or control character."),
        ("Sup\ud800port", "This holds an invisible or control character."),
    ],
)
def test_what_can_be_a_name(name: str, problem: str | None) -> None:
    assert name_problem(name, "role") == problem


@pytest.mark.parametrize("text", ["e" + "\u0315\u0300" * (MEGABYTE // 2), " " * MEGABYTE + "x"])
def test_a_megabyte_is_refused_quickly(text: str) -> None:
    began = time.process_time()
    assert name_problem(plain_name(text), "role") is not None
    assert reason_problem(plain_text(text)) is not None
    assert time.process_time() - began < 1


def test_a_name_is_not_to_be_taken_for_another() -> None:
    neighbours = Neighbours.of("client", ["Payroll sync", "Orders"])
    assert neighbours.problem("PAYROLL  SYNC") == "There is a client named Payroll sync already."
    assert neighbours.problem("Payro11 sync") == "This looks like Payroll sync, which is another client."
    assert neighbours.problem("Payroll syncs") is None


def test_a_name_is_not_taken_for_itself() -> None:
    neighbours = Neighbours.of("role", ["Support", "Reviewer"])
    assert neighbours.without("Support").problem("support") is None
    assert neighbours.without("Support").problem("Revlewer") == "This looks like Reviewer, which is another role."
    assert neighbours.without(None) == neighbours


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("leaked", None),
        ("", "Say why; it stands in the log."),
        (" \n", "Say why; it stands in the log."),
        ("x" * 1_001, "At most 1,000 characters, this has 1,001."),
        ("x\0", "This holds an invisible or control character."),
        ("x" * MEGABYTE, "At most 1,000 characters, this has 1,000,000."),
    ],
)
def test_what_can_be_a_reason(reason: str, problem: str | None) -> None:
    assert reason_problem(reason) == problem

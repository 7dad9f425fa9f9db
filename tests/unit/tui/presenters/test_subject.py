"""Tests of tui.presenters.subject."""

from data.query import Clause, Key, Pattern
from data.records import SYSTEM, Reference
from tests.unit.tui.made_up_events import ALICE, PAYROLL, an_event
from tui.presenters.subject import access_of, client_of, subject_clause

PROJECT = Reference("project", "p-1", "Atlas")


def _clause(key: Key, text: str) -> Clause:
    return Clause(key, (Pattern.literal(text),))


def test_an_event_is_looked_up_by_its_client_or_else_by_its_target() -> None:
    assert subject_clause(an_event(target=PROJECT)) == _clause(Key.CLIENT, "c-77")
    assert subject_clause(an_event(client=None, target=PROJECT)) == _clause(Key.TARGET, "p-1")
    assert subject_clause(an_event(client=None, target=None)) is None


def test_nothing_is_ever_changed_in_an_action() -> None:
    assert subject_clause(an_event(client=None, target=Reference("action", name="GET /v1/orders"))) is None


def test_the_client_of_an_event_is_whom_it_names_so_or_what_it_was_done_to() -> None:
    assert client_of(an_event(target=PROJECT)) == PAYROLL
    assert client_of(an_event(client=None, target=PAYROLL)) == PAYROLL
    assert client_of(an_event(client=None, target=PROJECT)) is None
    assert client_of(an_event(client=None, target=None)) is None


def test_a_member_group_or_role_is_gone_to_before_the_member_who_did_it() -> None:
    role = Reference("role", "r-1", "Support")
    assert access_of(an_event(target=role)) == role
    assert access_of(an_event(target=PROJECT)) == ALICE
    assert access_of(an_event(target=None, actor=SYSTEM)) is None
    assert access_of(an_event(target=Reference("role", None, "Support"), actor=SYSTEM)) is None, "by its name alone"

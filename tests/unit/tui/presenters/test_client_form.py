"""Tests of tui.presenters.client_form."""

from dataclasses import replace
from datetime import date

from data.naming.neighbours import Neighbours
from data.policy import DEFAULT_POLICY
from data.records import Change
from data.tokens import new_token
from tests.unit.tui.made_up_clients import TODAY, a_client
from tui.presenters.client_form import (
    Beside,
    decided,
    field_names,
    last_day_text,
    merged,
    new_texts,
    note_of,
    open_fields,
    read_form,
    texts_before,
    texts_of,
)
from tui.presenters.pieces import Role

SEEN = a_client().details
NOBODY = Neighbours.of("client", ())


def test_what_stands_in_a_form_is_read_back_as_the_same_details() -> None:
    details, problems = read_form(texts_of(SEEN), DEFAULT_POLICY, TODAY, NOBODY, SEEN)
    assert (details, problems) == (SEEN, {})


def test_a_new_client_has_the_last_day_that_the_rules_give_it() -> None:
    texts = new_texts(DEFAULT_POLICY, TODAY)
    assert texts["expires"] == "2027-05-20" and not any(text for field, text in texts.items() if field != "expires")


def test_each_field_that_is_wrong_has_its_sentence() -> None:
    texts = {
        **texts_of(SEEN),
        "name": "payrol1 sync",
        "scopes": "A!",
        "networks": "10.0.0.1/8",
        "expires": "2020-01-01",
    }
    details, problems = read_form(texts, DEFAULT_POLICY, TODAY, Neighbours.of("client", ["Payroll sync"]), None)
    assert details is None and problems.keys() == {"name", "scopes", "networks", "expires"}
    assert problems["name"] == "This looks like Payroll sync, which is another client."


def test_of_a_token_in_a_field_the_public_id_is_kept() -> None:
    secret = new_token()
    details, _ = read_form(
        {**texts_of(SEEN), "description": f"has {secret.reveal()}"}, DEFAULT_POLICY, TODAY, NOBODY, SEEN
    )
    assert details is not None and details.description == f"has {secret.public_id}"


def test_two_editors_are_brought_together_field_by_field() -> None:
    now = replace(SEEN, owner="Carla", description="Theirs", scopes=("b:read",))
    mine = {**texts_of(SEEN), "owner": "Bob", "networks": "192.0.2.0/24", "scopes": "b:read"}
    both = merged(SEEN, mine, now)
    assert both.texts == {**mine, "description": "Theirs"}, "what one has not touched is theirs, one's own stays"
    assert both.beside == {
        "description": Beside("before", "Takes salaries", "theirs"),
        "owner": Beside("theirs", "Carla", "yours", is_open=True),
    }, "what both wrote alike is no question"
    assert open_fields(both.beside) == ["owner"] and open_fields(decided(both.beside, "owner")) == []
    assert both.beside["owner"].turned("Bob") == Beside("yours", "Bob", "theirs")


def test_the_values_before_an_update_are_those_of_fields() -> None:
    changes = (
        Change("owner", None, "Bo"),
        Change("scopes", ["a:read", "b:read"], []),
        Change("expires", "2027-01-01", "2027-02-01"),
        Change("status", "expired", "active"),
    )
    assert texts_before(changes) == {"owner": "", "scopes": "a:read b:read", "expires": "2027-01-01"}


def test_a_note_says_what_matters_most() -> None:
    def note(problem: str | None, beside: Beside | None) -> tuple[str, Role]:
        made = note_of("owner", "Bob", problem, beside, DEFAULT_POLICY, TODAY, "ctrl+t")
        return made.text, made.role

    other = Beside("theirs", "", "yours", is_open=True)
    assert note("Wrong.", other) == ("Wrong.", Role.FAILURE)
    assert note(None, other) == ("theirs: (none)   ctrl+t takes it", Role.DENIED)
    assert note(None, None) == ("who answers for it", Role.FAINT)


def test_the_last_day_is_told_with_its_zone() -> None:
    assert last_day_text("6 months", DEFAULT_POLICY, TODAY) == "Thu 20 May 2027 24:00 UTC, in 181 days"
    assert last_day_text("soon", DEFAULT_POLICY, TODAY) is None
    assert date(2027, 5, 20).weekday() == 3


def test_fields_are_named_as_in_a_sentence() -> None:
    assert field_names(["name"]) == "name" and field_names(["name", "owner", "expires"]) == "name, owner and last day"

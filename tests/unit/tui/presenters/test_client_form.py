"""Tests of tui.presenters.client_form."""

from datetime import date

from data.naming.neighbours import Neighbours
from data.policy import DEFAULT_POLICY
from data.records import Change
from data.tokens import new_token
from tests.unit.tui.made_up_clients import TODAY, a_client
from tui.presenters.client_form import last_day_text, new_texts, one_line, read_form, texts_before, texts_of

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


def test_the_values_before_an_update_are_those_of_fields() -> None:
    changes = (
        Change("owner", None, "Bo"),
        Change("scopes", ["a:read", "b:read"], []),
        Change("expires", "2027-01-01", "2027-02-01"),
        Change("status", "expired", "active"),
    )
    assert texts_before(changes) == {"owner": "", "scopes": "a:read b:read", "expires": "2027-01-01"}


def test_a_value_is_read_on_one_line() -> None:
    assert one_line("scopes", "a:read b:read") == "a:read · b:read" and one_line("owner", "") == "(none)"


def test_the_last_day_is_told_with_its_zone() -> None:
    assert last_day_text("6 months", DEFAULT_POLICY, TODAY) == "Thu 20 May 2027 24:00 UTC, in 181 days"
    assert last_day_text("soon", DEFAULT_POLICY, TODAY) is None
    assert date(2027, 5, 20).weekday() == 3

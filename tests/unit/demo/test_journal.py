from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from data.demo.agenda import Agenda
from data.demo.journal import KEEPER, Journal, Origin
from data.records import ActorType, Change, Outcome, Reference

START = datetime(2026, 11, 20, tzinfo=UTC)
BOB = Origin(
    Reference(ActorType.MEMBER, "m-2", "Bob Okafor"),
    "console",
    grants=("audit:read", "clients:read"),
    holder="he holds",
    because_of=" (role Support)",
)
TARGET = Reference("log", "change-log", "Change log")


@pytest.fixture
def journal() -> Journal:
    return Journal(Agenda(START, START + timedelta(days=1)), Random(1))


@pytest.mark.parametrize(
    ("needs", "refusal"),
    [
        ("clients:read", None),
        ("clients:write", "needs clients:write; he holds clients:read (role Support)"),
        ("settings:write", "needs settings:write; he holds audit:read, clients:read (role Support)"),
    ],
)
def test_a_refusal_names_what_is_held_of_the_same_family_or_else_all(needs: str, refusal: str | None) -> None:
    assert BOB.refusal(needs) == refusal


def test_who_is_barred_is_refused_whatever_they_hold() -> None:
    barred = Origin(TARGET, "admin-api", grants=("users:write",), barred="client was revoked on 2 Feb 2027")
    assert barred.refusal("users:write") == "client was revoked on 2 Feb 2027"


def test_the_system_may_do_everything() -> None:
    assert KEEPER.refusal("settings:write") is None


def test_times_increase_although_the_agenda_stands_still(journal: Journal) -> None:
    for _ in range(3):
        journal.write("log.verified", KEEPER, TARGET)
    first, second, third = (draft.occurred_at for draft in journal.drafts)
    assert START < first < second < third


def test_a_pause_lets_time_pass(journal: Journal) -> None:
    journal.pause(90)
    journal.write("log.verified", KEEPER, TARGET)
    assert journal.drafts[0].occurred_at > START + timedelta(seconds=90)


def test_what_is_refused_is_denied_by_the_guard_and_changes_nothing(journal: Journal) -> None:
    by = Origin(TARGET, "admin-api", guard="gateway")
    journal.write("user.updated", by, TARGET, refusal="no", reason="yes", changes=(Change("name", "a", "b"),))
    (draft,) = journal.drafts
    assert (draft.outcome, draft.reason, draft.service, draft.changes) == (Outcome.DENIED, "no", "gateway", ())

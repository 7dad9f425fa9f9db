"""`auditdeck verify --event ID`."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import fill, some_drafts


@pytest.fixture
def id_(database: Path) -> str:
    """An event of a sealed log, whose last event is not sealed."""
    fill(database, some_drafts(5))
    with closing(AuditLog(str(database), ZoneInfo("UTC"))) as log:
        log.keeper.seal()
    fill(database, some_drafts(1))
    return ids(database)[2]


def ids(database: Path) -> list[str]:
    """Of all events, in the order of arrival."""
    with closing(sqlite3.connect(database)) as connection:
        return [str(UUID(bytes=id_)) for (id_,) in connection.execute("SELECT id FROM event ORDER BY seq")]


def test_it_says_what_was_proven(run: Runner, database: Path, id_: str) -> None:
    ran = run("verify", "--event", id_)
    assert ran.status == 0 and f"The event {id_} is as it was sealed.\nRoot " in ran.out
    assert "Its leaf is at place 2 of the checkpoint of 5 events: 3 hashes lead to the root." in ran.out
    told = run("verify", "--event", id_, "--json").json
    assert told["holds"] and (told["place"], told["size"], len(told["path"])) == (2, 5, 3) and not told["findings"]


def test_it_says_what_is_wrong_or_cannot_be_said(run: Runner, database: Path, id_: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET flags = 0 WHERE seq = 3")
    ran = run("verify", "--event", id_)
    assert ran.status == 1
    assert ran.out.startswith("! column altered: place 2: Its flags in the row is not what its body says.  event ")
    assert f"The event {id_} IS NOT PROVEN." in ran.out
    unsealed = run("verify", "--event", ids(database)[5])
    assert unsealed.status == 2 and "is not sealed yet" in unsealed.out
    for words, why in (
        (("--event", "x"), "is not the id of an event"),
        (("--event", "018c2f3e-5a70-7d3a-9c1b-0242ac120002"), "The change log has no event"),
        (("--event", id_, "--new"), "--event is about one event"),
    ):
        ran = run("verify", *words)
        assert (ran.status, ran.out) == (2, "") and why in ran.err

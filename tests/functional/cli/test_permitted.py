"""What a command says to whoever may not do what it does: one sentence, a status, and one event."""

from pathlib import Path

import pytest

from data.access.model import Role
from data.query import parse_query
from data.records import Outcome, Reference
from data.services.identity import Local
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_clients import make_client, opened
from tests.functional.cli.made_up_log import event_lines, fill, some_drafts
from tests.members import enrol

NOBODY = Reference("member", "m-nobody", "Nora Body")
_WORDS = (
    (("events", "last:all"), "log.read", "This needs audit:read, to view audit logs"),
    (("views",), "view.read", "This needs audit:read, to view audit logs"),
    (("requests", "last:all"), "requests.read", "This needs requests:read, to view requests"),
    (("clients",), "api_client.read", "This needs clients:read, to view API clients"),
    (("token", "inspect", "adk_Ab3dE5gH"), "token.inspected", "This needs clients:read, to view API clients"),
    (
        ("client", "create", "Mailer", "--token"),
        "api_client.created",
        "This needs clients:write, to manage API clients",
    ),
    (
        ("policy", "set", "overlap_days", "3"),
        "policy.updated",
        "This needs settings:write, to change the organisation's rules",
    ),
    (("import", "events.jsonl"), "log.imported", "This needs audit:write, to manage audit logs"),
)


@pytest.fixture
def filled(database: Path) -> None:
    """There is something of everything, and in the folder is a file of events."""
    make_client(database)
    fill(database, some_drafts(2))
    Path("events.jsonl").write_bytes(event_lines(3))


@pytest.fixture
def nobody(filled: None, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on commands are run by a member who holds nothing."""
    with opened(database) as log:
        with log.gate.database.writing() as work:
            work.access.put_role(Role("r-hollow00", "Newcomers"))
            work.commit()
        enrol(log.gate.database, [NOBODY], roles=["r-hollow00"])
    monkeypatch.setattr(Local, "who", lambda *_: NOBODY)


@pytest.mark.parametrize(("words", "tag", "sentence"), _WORDS, ids=[words[0][0] for words in _WORDS])
@pytest.mark.usefixtures("nobody")
def test_who_may_not_is_told_what_it_needs(
    run: Runner, database: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], tag: str, sentence: str
) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"auditdeck: {sentence}; Nora Body holds no permission.\n"
    assert not list(Path().glob("auditdeck-rejects*"))
    monkeypatch.undo()
    with opened(database) as log:
        (denied,) = log.page(parse_query("outcome:denied last:all")).items
        assert (denied.type, denied.actor, denied.outcome) == (tag, NOBODY, Outcome.DENIED)


@pytest.mark.parametrize("words", [("events",), ("clients",), ("requests",), ("policy",), ("import", "events.jsonl")])
@pytest.mark.usefixtures("filled")
def test_another_account_s_database_is_not_opened(
    run: Runner, database: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    there = database.stat().st_uid
    monkeypatch.setattr("data.services.identity.os.geteuid", lambda: there + 1)
    ran = run(*words)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"auditdeck: {database} belongs to another account; its owner alone may open it.\n"

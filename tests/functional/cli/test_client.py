"""`auditdeck client`: making, changing and ending clients and their tokens, and what is said where that cannot be."""

from datetime import timedelta
from pathlib import Path

import pytest

from data.clients.model import ApiClient
from data.services.api_clients import ApiClients
from data.tokens import read_token
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_clients import BO, events_of, let_expire, make_client, opened, today


@pytest.fixture(autouse=True)
def filled(database: Path) -> None:
    """A database is there, with a client of another name."""
    make_client(database, "Reports")


def client_of(database: Path, name: str = "Payroll sync") -> ApiClient:
    with opened(database) as log:
        return log.clients.find(name)


def types_since(database: Path, number: int) -> list[str]:
    return [event.type for event in events_of(database)[number:]]


def test_a_client_is_made_with_what_was_given(run: Runner, database: Path) -> None:
    ran = run(
        *("client", "create", "  Payroll   sync", "--owner", "Alice Moss", "--description", "nightly"),
        *("--scopes", "orders:write,orders:read", "--networks", "198.51.100.0/24 2001:db8::/48"),
        *("--expires", "20 days", "--token"),
    )
    assert ran.status == 0, ran.err
    client = client_of(database)
    details = client.details
    assert (details.name, details.owner, details.description) == ("Payroll sync", "Alice Moss", "nightly")
    assert details.scopes == ("orders:read", "orders:write")
    assert details.networks == ("198.51.100.0/24", "2001:db8::/48")
    assert details.expires == today() + timedelta(days=20)
    assert f"client {client.id}, token {client.tokens[0].public_id}" in ran.err
    created, *_ = events_of(database)[2:]
    assert (created.type, created.service) == ("api_client.created", "command-line")


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (("Payroll", "--expires", "2020-01-01"), ["--expires"]),
        (("Payroll", "--expires", "2026-02-30"), ["--expires"]),
        (("Payroll", "--expires", "50 years"), ["--expires"]),
        (("Payroll", "--expires", "soon", "--scopes", "Orders!", "--networks", "10.0.0.1/8"), ["--scopes", "--networks", "--expires"]),
        (("Payroll", "--networks", "10.0.0.0/33"), ["--networks"]),
        (("",), ["NAME"]),
        ((" \t ",), ["NAME"]),
        (("x" * 101,), ["NAME"]),
        (("x" * 100_000,), ["NAME"]),
        (("Pay\u202eroll",), ["NAME"]),
        (("Payroll", "--owner", "\x1b[31m", "--description", "x" * 1_001), ["--description", "--owner"]),
        (("Reports",), ["NAME"]),
        (("rEPORTS",), ["NAME"]),
        (("Rep\u043erts",), ["NAME"]),
    ],
    ids=str,
)  # fmt: skip
def test_wrong_values_are_told_by_their_options_and_make_nothing(
    run: Runner, database: Path, words: tuple[str, ...], options: list[str]
) -> None:
    ran = run("client", "create", *words, "--token")
    assert (ran.status, ran.out) == (1, "")
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == options
    assert len(events_of(database)) == 2
    assert run("clients").out.count("\n") == 1


def test_a_name_that_looks_like_another_says_which(run: Runner) -> None:
    ran = run("client", "create", "Rep\u043erts", "--token")
    assert ran.err == "auditdeck: NAME: This looks like Reports, which is another client.\n"


def test_what_is_edited_is_told_and_logged_field_by_field(run: Runner, database: Path) -> None:
    ran = run("client", "edit", "reports", "--name", "Monthly reports", "--scopes", "", "--networks", "192.0.2.7")
    client = client_of(database, "Monthly reports")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"Monthly reports ({client.id}): changed name, scopes, networks.\n"
    *_, updated = events_of(database)
    assert {change.field: change.after for change in updated.changes} == {
        "name": "Monthly reports",
        "scopes": None,
        "networks": ["192.0.2.7/32"],
    }
    assert run("client", "edit", client.id, "--owner", "Cy", "--json").json["owner"] == "Cy"


def test_an_edit_that_changes_nothing_is_told_and_not_logged(run: Runner, database: Path) -> None:
    ran = run("client", "edit", "Reports", "--owner", "Alice Moss")
    assert ran.status == 0 and "nothing was changed" in ran.out
    assert len(events_of(database)) == 2
    assert run("client", "edit", "Reports").status == 2


def test_an_edit_over_somebody_elses_is_refused_with_what_they_changed(
    run: Runner, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = ApiClients.find

    def find_and_change(clients: ApiClients, wanted: str) -> ApiClient:
        monkeypatch.setattr(ApiClients, "find", find)
        found = clients.find(wanted)
        with opened(database) as log:
            log.clients.edit(BO, found, found.details.__class__(found.name, found.details.expires, owner="Cy"))
            log.clients.rotate(BO, found.id)
        return found

    monkeypatch.setattr(ApiClients, "find", find_and_change)
    ran = run("client", "edit", "Reports", "--owner", "Di")
    assert (ran.status, ran.out) == (1, "")
    told = ran.err.splitlines()
    assert told[0] == "auditdeck: Reports was changed meanwhile. Look at it again before you change it."
    assert "auditdeck: owner: Alice Moss → Cy" in told and "auditdeck: description: nightly → (none)" in told
    assert any(line.endswith("was issued") for line in told)
    assert client_of(database, "Reports").details.owner == "Cy"


def test_wrong_values_of_an_edit_are_told_by_their_options(run: Runner, database: Path) -> None:
    make_client(database)
    ran = run("client", "edit", "Reports", "--name", "payroll SYNC", "--expires", "yesterday")
    assert (ran.status, ran.out) == (1, "") and ran.err.startswith("auditdeck: --expires: This is not a day")
    ran = run("client", "edit", "Reports", "--name", "payroll SYNC")
    assert ran.err == "auditdeck: --name: There is a client named Payroll sync already.\n"


def test_a_rotation_overlaps_as_long_as_was_asked(run: Runner, database: Path) -> None:
    old = make_client(database).token.public_id
    for words, days in (((), 7), (("--overlap", "3"), 3)):
        ran = run("client", "rotate", "Payroll sync", *words, "--token")
        new = read_token(ran.out.strip()).public_id
        until = today() + timedelta(days=days)
        assert f"{old} works through {until}" in ran.err
        left = client_of(database).token(old)
        assert left is not None and left.overlap_ends == until
        old = new
    ran = run("client", "rotate", "Payroll sync", "--at-once", "--token", "--json")
    assert ran.json["token"].startswith(ran.json["public_id"]) and ran.json["client"]["name"] == "Payroll sync"
    assert [one["public_id"] for one in ran.json["client"]["tokens"] if one["works"]] == [ran.json["public_id"]]
    assert f"{old} was ended." in ran.err


def test_the_overlap_can_be_prolonged_and_a_token_ended(run: Runner, database: Path) -> None:
    old = make_client(database).token.public_id
    assert run("client", "rotate", "Payroll sync", "--token").status == 0
    until = today() + timedelta(days=14)
    ran = run("client", "prolong", old, "--until", "14d")
    assert (ran.status, ran.out) == (0, f"{old} of Payroll sync works through {until}.\n")
    ran = run("client", "prolong", old, "--until", "2020-01-01")
    assert (ran.status, ran.out, ran.err) == (1, "", "auditdeck: 2020-01-01 is past.\n")
    ran = run("client", "end-token", old, "--reason", "leaked", "--json")
    assert [one["end_reason"] for one in ran.json["tokens"]] == ["leaked", None]
    for words in (("end-token", old, "--reason", "again"), ("prolong", old, "--until", "14d")):
        ran = run("client", *words)
        assert (ran.status, ran.out) == (1, "") and f"{old} has ended already." in ran.err


def test_a_second_token_is_issued_and_not_a_third(run: Runner, database: Path) -> None:
    make_client(database)
    assert run("client", "issue", "Payroll sync", "--token").status == 0
    before = len(events_of(database))
    ran = run("client", "issue", "Payroll sync", "--token")
    assert (ran.status, ran.out) == (1, "") and "has two tokens already" in ran.err
    assert len(events_of(database)) == before


def test_a_client_is_revoked_and_deleted_once(run: Runner, database: Path) -> None:
    client = make_client(database).client
    ran = run("client", "revoke", "Payroll sync", "--reason", "contract ended")
    assert (ran.status, ran.err) == (0, "") and "was revoked; none of its tokens works" in ran.out
    ran = run("client", "revoke", "Payroll sync", "--reason", "again")
    assert (ran.status, ran.out, ran.err) == (1, "", "auditdeck: Payroll sync was revoked already.\n")
    ran = run("client", "delete", "Payroll sync", "--reason", "tidying up", "--yes", "--json")
    assert (ran.status, ran.json["status"]) == (0, "deleted")
    for words in (("delete", client.id, "--reason", "again", "--yes"), ("revoke", client.id, "--reason", "again")):
        ran = run("client", *words)
        assert (ran.status, ran.out, ran.err) == (1, "", "auditdeck: Payroll sync was deleted already.\n")
    assert [event.reason for event in events_of(database, "type:api_client.revoked,api_client.deleted")] == [
        "contract ended",
        "tidying up",
    ]
    assert run("client", "create", "Payroll sync", "--token").status == 0, "the name is free again"


@pytest.mark.parametrize("words", [("revoke",), ("delete", "--yes"), ("end-token",)], ids=" ".join)
@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001, "\x1b[2J"], ids=["none", "blanks", "long", "hostile"])
def test_what_cannot_be_undone_needs_a_reason(run: Runner, database: Path, words: tuple[str, ...], reason: str) -> None:
    wanted = make_client(database).token.public_id
    ran = run("client", words[0], wanted, *words[1:], "--reason", reason)
    assert (ran.status, ran.out) == (1, "") and ran.err.startswith("auditdeck: --reason: ")
    assert run("client", words[0], wanted, *words[1:]).status == 2
    assert len(events_of(database)) == 4


def test_without_a_terminal_a_client_is_deleted_only_with_yes(run: Runner, database: Path) -> None:
    ran = run("client", "delete", "Reports", "--reason", "tidying up")
    assert (ran.status, ran.out) == (2, "") and "--yes" in ran.err
    assert len(events_of(database)) == 2


def test_an_expired_client_gets_no_token_but_another_last_day(run: Runner, database: Path) -> None:
    let_expire(database, "Reports")
    for words in (("rotate",), ("issue",)):
        ran = run("client", *words, "Reports", "--token")
        assert (ran.status, ran.out) == (1, "") and "expired on 2020-01-01" in ran.err
    assert run("client", "edit", "Reports", "--expires", "1 month").status == 0
    assert run("client", "rotate", "Reports", "--token").status == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("prolong", "Reports", "--until", "14d"), "Reports is not the public id of a token"),
        (("prolong", "{token}", "--until", "soon"), "--until: This is not a day"),
        (("prolong", "{token}", "--until", "14d"), "was not replaced"),
        (("end-token", "adk_00000000", "--reason", "x"), "There is no client adk_00000000"),
        (("rotate", "Nobody", "--token"), "There is no client Nobody"),
        (("edit", "Nobody", "--owner", "x"), "There is no client Nobody"),
        (("revoke", "Nobody", "--reason", "x"), "There is no client Nobody"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(run: Runner, database: Path, words: tuple[str, ...], sentence: str) -> None:
    token = client_of(database, "Reports").tokens[0].public_id
    ran = run("client", *(word.replace("{token}", token) for word in words))
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert sentence in ran.err
    assert len(events_of(database)) == 2

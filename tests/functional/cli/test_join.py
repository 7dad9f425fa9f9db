"""`auditdeck join`, and `auditdeck db upgrade --first-admin`, whose code is the first that somebody joins with."""

import os
import sys
from contextlib import closing
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
import sqlalchemy as sa
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from data.access.codes import new_code, read_code
from data.permissions import Permission
from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import Runner
from tests.integration.events import UTC_ZONE
from tests.integration.invitation_worlds import without_members
from tests.integration.postgres_server import PostgresServer

# The same in every process that collects these tests.
CODE = new_code(lambda count: bytes(range(1, count + 1))).reveal()


@pytest.fixture
def shared(postgres_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A shared database that has no members, which commands use unless told otherwise."""
    monkeypatch.setenv("AUDITDECK_DATABASE", without_members(postgres_address))
    return postgres_address


def give(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given.encode())))


@pytest.mark.postgres
def test_the_first_administrator_joins_with_the_code_that_stands_alone_on_standard_output(
    run: Runner, shared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITDECK_JOIN_COMMAND", "ssh console@audit.example.org join")
    made = run("db", "upgrade", "--first-admin", "alice@example.org")
    (code,) = made.out.splitlines()
    assert made.status == 0 and read_code(code).reveal() == code
    assert "alice@example.org joins as the first administrator, by `ssh console@audit.example.org join`" in made.err
    assert code not in made.err
    give(monkeypatch, f"  {code.lower()}\n")
    joined = run("join", "--name", "Alice Moss")
    assert joined == (0, "Alice Moss is a member now. `auditdeck` opens the console.\n", "")
    with closing(AuditLog(shared, UTC_ZONE)) as log:
        assert log.gate.standing().permissions == frozenset(Permission)
    refused = run("db", "upgrade", "--first-admin", "eve@example.org")
    assert (refused.status, refused.out) == (1, "")
    assert "There is an administrator already, who can invite others: Alice Moss." in refused.err
    give(monkeypatch, code)
    again = run("join")
    assert (again.status, again.out, again.err) == (1, "", "auditdeck: This code was used already.\n")
    assert code[4:] not in (tmp_path / "operational.log").read_text()


@pytest.mark.postgres
def test_a_login_that_was_granted_joins_and_is_somebody_from_then_on(
    run: Runner, server: PostgresServer, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, password = f"newcomer{os.getpid()}", "x"
    with server.connected(shared) as connection:
        try:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), password))
        except InsufficientPrivilege:
            pytest.skip("this server's user may not create roles")
        try:
            (code,) = run("db", "upgrade", "--grant", name, "--first-admin", "alice@example.org").out.splitlines()
            own = sa.make_url(shared).set(username=name, password=password).render_as_string(hide_password=False)
            monkeypatch.setenv("AUDITDECK_DATABASE", own)
            before = run("invitations")
            assert (before.status, before.out) == (1, "") and "`auditdeck join` makes it one" in before.err
            give(monkeypatch, code)
            assert run("join").out.startswith("Alice is a member now.")
            assert run("invite", "bo@example.org", "--role", "Support").status == 0
            assert "bo@example.org" in run("invitations").out
        finally:
            connection.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(sql.Identifier(name)))


@pytest.mark.postgres
def test_what_is_no_code_is_told_in_a_sentence(run: Runner, shared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mistyped = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    for given, words in (
        ("", "Nothing came on standard input."),
        ("nonsense\n", "This is no invitation's code."),
        (mistyped, "This code was mistyped"),
        (CODE, "No invitation has this code."),
        ("x" * 1_000_000, "This is no invitation's code."),
    ):
        give(monkeypatch, given)
        ran = run("join")
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
        assert words in ran.err and CODE[4:] not in ran.err


@pytest.mark.postgres
def test_an_address_that_is_none_is_not_invited(run: Runner, shared: str) -> None:
    ran = run("db", "upgrade", "--first-admin", "alice")
    assert (ran.status, ran.out) == (1, "") and "mail address" in ran.err


def test_a_file_has_an_owner_and_nobody_joins_it(run: Runner, database: Path) -> None:
    run("db", "upgrade")
    for words, told in (
        (("join",), "is a file of one owner"),
        (("db", "upgrade", "--first-admin", "alice@example.org"), "its owner is the administrator already"),
    ):
        ran = run(*words)
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1) and told in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("join", CODE),
        ("join", CODE.lower()),
        ("join", CODE[:-2]),
        ("join", CODE[4:]),
        ("join", "--name", CODE),
        ("events", f"reason:{CODE}"),
        (CODE,),
    ],
    ids=lambda words: " ".join(words).replace(CODE, "CODE"),
)
def test_an_argument_that_holds_a_code_is_refused_without_a_trace(
    run: Runner, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ran = run(*words)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "invitation's code" in ran.err and "standard input" in ran.err
    for told in (ran.err, *(path.read_text() for path in tmp_path.rglob("*.log"))):
        assert not any(group in told.upper() for group in CODE.split("-")[2:])

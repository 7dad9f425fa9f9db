"""Sessions over ssh without an sshd: what each kind of line serves, refuses and tells the log."""

import json
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.access.details import RoleDetails
from data.access.ssh_keys import PublicKey, read_public_key
from data.permissions import Permission
from data.places_of_settings import SETTINGS_FILE_VARIABLE
from data.query import parse_query
from data.records import Event, Outcome
from data.services.audit_log import AuditLog
from data.services.visits import MOST_STRANGERS
from data.store import Database
from data.version import VERSION
from tests.functional.cli.command_line import Ran
from tests.integration.events import UTC_ZONE, append, plain_drafts
from tests.integration.members import put_member
from tests.unit.access.sample_keys import SAMPLES
from tui.ssh.session import run_session
from tui.visitor import serve, visitor_here

CONNECTION = "198.51.100.7 50000 203.0.113.9 22"
KEYS = {name: read_public_key(sample.line) for name, sample in SAMPLES.items()}


class House:
    """A database with members, and sessions over ssh to it."""

    def __init__(self, address: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.address = address
        self._settings = folder / "settings.toml"
        self._settings.write_text(
            f'database = "{address}"\nas_owner = true\nlog_file = "{folder}/operational.log"\nstate_file = ""\n'
        )
        self.log = AuditLog(address, UTC_ZONE)
        with closing(Database(address)) as database:
            self.chief = put_member(database, "m-chief", "Chief", (Permission.ADMIN,))
            self.bo = put_member(database, "m-bo", "Bo Lind", (Permission.AUDIT_READ,))
            append(database, plain_drafts(3))
        self.log.keys.register(self.bo, "m-bo", KEYS["ed25519"].line)

    def session(self, *words: str, command: str = "") -> Ran:
        """One session, of the member's key unless the words name another."""
        opens = words or ("--key", KEYS["ed25519"].fingerprint, "--member", "m-bo")
        self._capsys.readouterr()
        status = run_session(("--settings", str(self._settings), *opens), command, CONNECTION)
        return Ran(status, *self._capsys.readouterr())

    def join(self, key: PublicKey, command: str = "") -> Ran:
        return self.session("--join", key.line, command=command)

    def events(self, query: str) -> list[Event]:
        """Events over all time, oldest first."""
        return list(self.log.page(parse_query(f"{query} last:all"), limit=200).items[::-1])


@pytest.fixture
def house(
    sqlite_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    monkeypatch.setenv(SETTINGS_FILE_VARIABLE, "")  # what a session sets for its process is undone
    monkeypatch.setenv("USER", "auditdeck")
    monkeypatch.setenv("TERM", "xterm-256color")
    for variable in ("AUDITDECK_DATABASE", "AUDITDECK_LOG_FILE", "AUDITDECK_STATE_FILE"):
        monkeypatch.delenv(variable, raising=False)
    before = signal.getsignal(signal.SIGTSTP)
    made = House(sqlite_address, tmp_path, capsys)
    yield made
    made.log.close()
    serve(None)
    signal.signal(signal.SIGTSTP, before)


def test_a_command_is_a_sign_in_and_runs_as_the_member(house: House) -> None:
    ran = house.session(command="export 'type:project.created last:all'")
    assert (ran.status, ran.err) == (0, "3 events exported: type:project.created last:all\n")
    assert len([json.loads(line) for line in ran.out.splitlines()]) == 3
    (signed_in,), (exported,) = house.events("type:session.signed_in"), house.events("type:log.exported")
    assert (signed_in.actor, signed_in.target, signed_in.service) == (house.bo.actor, house.bo.actor, "ssh")
    assert signed_in.data == {
        "command": "export 'type:project.created last:all'",
        "program_version": VERSION,
        "terminal": "xterm-256color",
    }
    assert signed_in.ip == exported.ip == "198.51.100.7"
    visitor = visitor_here()
    assert visitor is not None and visitor.way == ("ssh", "auditdeck@203.0.113.9")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("rm -rf /", "there is no rm."),
        ("events --database /tmp/x.db", "--database cannot be given over ssh."),
        ("export 'x", "The command ends within quotes."),
        ("", "The console needs a terminal"),
        ("  ", "The console needs a terminal"),
    ],
)
def test_what_there_is_not_is_refused_and_logged(house: House, command: str, said: str) -> None:
    ran = house.session(command=command)
    assert (ran.status, ran.out) == (2, "") and said in ran.err and ran.err.count("\n") == 1
    (refused,) = house.events("type:session.*")
    assert (refused.type, refused.outcome, refused.actor) == ("session.refused", Outcome.DENIED, house.bo.actor)
    assert (refused.ip, refused.service) == ("198.51.100.7", "ssh") and said in (refused.reason or "")
    asked = {"command": command.strip()} if command.strip() else {}
    assert refused.data == {"program_version": VERSION, "terminal": "xterm-256color", **asked}


@pytest.mark.parametrize(("term", "named"), [("dumb", "dumb"), (None, "not set")])
def test_a_terminal_that_nothing_can_be_drawn_on_is_told_what_there_is(
    house: House, monkeypatch: pytest.MonkeyPatch, term: str | None, named: str
) -> None:
    """They have a terminal: to ask for one would not help them."""
    monkeypatch.setattr("tui.ssh.session.is_terminal_here", lambda: True)
    monkeypatch.delenv("TERM") if term is None else monkeypatch.setenv("TERM", term)
    ran = house.session()
    said = (
        f"The console cannot be drawn on this terminal (TERM is {named}). "
        "Without it there are export, events, event, requests, verify, clients."
    )
    assert (ran.status, ran.out, ran.err) == (2, "", f"auditdeck: {said}\n")
    (refused,) = house.events("type:session.refused")
    assert (refused.reason, refused.data.get("terminal")) == (said, term)


NO_TEXT = "events \udcff\udcfe"
"""How Python shows bytes of a variable that are no UTF-8."""


def test_bytes_that_are_no_text_are_refused_and_logged(house: House) -> None:
    ran = house.session(command=NO_TEXT)
    assert (ran.status, ran.out, ran.err) == (2, "", "auditdeck: A command over ssh is text in UTF-8; this is none.\n")
    (refused,) = house.events("type:session.*")
    assert (refused.outcome, refused.data["command"]) == (Outcome.DENIED, "events \\xff\\xfe")


def test_a_stranger_who_sends_bytes_that_are_no_text_is_turned_away_and_logged(house: House) -> None:
    ran = house.join(KEYS["rsa"], NO_TEXT)
    assert ran.status == 2 and "all that one can do with it is join" in ran.err
    (refused,) = house.events("type:session.refused")
    assert refused.data["command"] == "events \\xff\\xfe"


def test_a_member_does_only_what_they_may(house: House) -> None:
    with closing(Database(house.address)) as database:
        put_member(database, "m-bo", "Bo Lind", (Permission.CLIENTS_READ,))
    ran = house.session(command="export last:all")
    assert (ran.status, ran.out) == (1, "") and "This needs audit:read" in ran.err
    (exported,) = house.events("type:log.exported")
    assert (exported.outcome, exported.actor) == (Outcome.DENIED, house.bo.actor)


def test_whoever_is_suspended_is_told_so_and_it_is_logged(house: House) -> None:
    house.log.members.suspend(house.chief, "m-bo", "on leave")
    for words, command in (((), "events"), (("--closed", KEYS["ed25519"].fingerprint, "--member", "m-bo"), "")):
        ran = house.session(*words, command=command)
        assert (ran.status, ran.out) == (1, "")
        assert ran.err == "auditdeck: Bo Lind is suspended; an administrator can reinstate them.\n"
    refused = house.events("type:session.refused")
    assert [(event.actor.id, event.ip) for event in refused] == [("m-bo", "198.51.100.7")] * 2
    assert [event.data for event in refused] == [{"program_version": VERSION, "terminal": "xterm-256color"}] * 2


def test_a_stranger_runs_nothing_and_not_every_stranger_is_logged(house: House) -> None:
    for _ in range(MOST_STRANGERS + 2):
        ran = house.join(KEYS["rsa"], "export last:all")
        assert (ran.status, ran.out) == (2, "") and "is nobody's here" in ran.err
    refused = house.events("type:session.refused")
    assert len(refused) == MOST_STRANGERS
    assert {(event.actor.type, event.actor.name) for event in refused} == {("anonymous", KEYS["rsa"].fingerprint)}
    assert refused[0].ip == "198.51.100.7" and refused[0].data["terminal"] == "xterm-256color"
    assert refused[0].data["program_version"] == VERSION


def test_joining_makes_the_key_theirs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    role = house.log.roles.create(house.chief, RoleDetails("Reader", "", (Permission.AUDIT_READ,)))
    (invited,) = house.log.invitations.invite(house.chief, ["ann.oak@example.org"], [role.id], [])
    assert invited.code is not None
    code = invited.code.reveal()
    monkeypatch.setattr("tui.commands.join.given_secret", lambda _: code)
    ran = house.join(KEYS["rsa"], "join")
    assert (
        ran.status == 0 and ran.out == "Ann Oak is a member now. Sign in again, with the same key, for the console.\n"
    )
    assert KEYS["rsa"].fingerprint in ran.err and code not in ran.err
    (joined,) = house.events("type:member.joined")
    assert joined.ip == "198.51.100.7" and joined.actor.id is not None
    again = house.session("--key", KEYS["rsa"].fingerprint, "--member", joined.actor.id, command="events --count")
    assert again.status == 0 and int(again.out) > 3
    twice = house.join(KEYS["rsa"])
    assert twice.status == 1 and "used already" in twice.err


def test_one_who_was_removed_is_a_stranger(house: House) -> None:
    house.log.members.remove(house.chief, "m-bo", "has left")
    ran = house.session(command="events")
    assert (ran.status, ran.out, ran.err) == (1, "", "auditdeck: This key is no member's here, or no longer.\n")
    assert house.events("type:session.refused")[-1].actor.name == KEYS["ed25519"].fingerprint


def test_nobody_leaves_by_ctrl_z(house: House) -> None:
    house.session(command="events")
    assert signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN

"""Members and strangers who come by ssh, through a real sshd that is set up as the README says."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from socket import AF_UNIX, create_connection, inet_aton, socket

import pytest

from data.access.details import RoleDetails
from data.access.model import SshKey
from data.access.ssh_keys import read_public_key
from data.caller import Caller
from data.permissions import Permission
from data.query import parse_query
from data.records import Draft, Event, Outcome
from data.services.audit_log import AuditLog
from data.store import Database
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import Size, on_terminal
from tests.benchmarks.screen import Screen
from tests.functional.ssh.sshd import ADDRESS, Connection, Sshd, free_port, running_sshd
from tests.hand_clock import NOW
from tests.integration.events import UTC_ZONE, append, plain_drafts
from tests.integration.members import put_member
from tests.integration.postgres_server import PostgresServer

pytestmark = pytest.mark.postgres

_PATIENCE_S = 60.0
_LOCKS_WITHIN_S = 15.0
"""Five seconds, and what a busy machine needs besides."""
_DENIED = 3
_SETTINGS = """
database = "{address}"
as_owner = true
log_file = "{{folder}}/operational.log"
state_file = "{{folder}}/state/console.json"
"""


@dataclass(frozen=True)
class House:
    """A database with Alice, who may do everything, behind an sshd that knows a key of hers."""

    sshd: Sshd
    log: AuditLog
    alice: Caller
    key: Path
    address: str

    def events(self, query: str) -> list[Event]:
        """Events over all time, oldest first."""
        return list(self.log.page(parse_query(f"{query} last:all"), limit=200).items[::-1])

    def newest(self, tag: str) -> Event:
        return self.events(f"type:{tag}")[-1]


@pytest.fixture(scope="module")
def house(server: PostgresServer) -> Iterator[House]:
    with server.migrated_database() as address, closing(Database(address)) as database:
        alice = put_member(database, "m-alice", "Alice Moss", (Permission.ADMIN,))
        append(database, plain_drafts(20))
        denied = Draft(type="project.deleted", occurred_at=NOW, outcome=Outcome.DENIED)
        append(database, [replace(denied, reason=f"number {number}") for number in range(_DENIED)])
        with running_sshd(_SETTINGS.format(address=address)) as sshd, closing(AuditLog(address, UTC_ZONE)) as log:
            key = sshd.key("alice")
            log.keys.register(alice, "m-alice", key.with_suffix(".pub").read_text())
            yield House(sshd, log, alice, key, address)


@pytest.fixture(scope="module")
def connection(house: House) -> Iterator[Connection]:
    """Alice's, over which she opens one session after the other."""
    with house.sshd.connected(house.key) as opened:
        yield opened


def test_the_evidence_is_taken_away_whatever_the_client_sends(house: House, connection: Connection) -> None:
    elsewhere = {
        "AUDITDECK_DATABASE": "/tmp/elsewhere.db",
        "AUDITDECK_SETTINGS": "/tmp/elsewhere.toml",
        "AUDITDECK_ZONE": "nowhere",
        "PYTHONPATH": "/tmp/elsewhere",
        "PYTHONINSPECT": "1",
        "PGOPTIONS": "--nonsense=1",
        "TEXTUAL_DRIVER": "elsewhere:Driver",
    }
    ran = connection.run("export", "'outcome:denied last:all'", sent=elsewhere)
    sent = house.sshd.log.read_text()
    assert all(f"{name}={value}" in sent for name, value in elsewhere.items())  # sshd let all of it through
    assert ran.status == 0 and ran.err == f"{_DENIED} events exported: outcome:denied last:all\n"
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert sorted(record["reason"] for record in records) == [f"number {number}" for number in range(_DENIED)]
    signed_in, exported = house.newest("session.signed_in"), house.newest("log.exported")
    for event in (signed_in, exported):
        assert event.actor == house.alice.actor and event.ip == ADDRESS
    assert signed_in.data["command"] == "export 'outcome:denied last:all'"
    assert (exported.data["count"], exported.data["query"]) == (_DENIED, "outcome:denied last:all")


def test_sshd_opens_a_command_and_a_terminal_and_nothing_else(house: House, connection: Connection) -> None:
    """No port either way, no agent, no X11, no file that is run first: these are all of the options that it read."""
    options = set(re.findall(r"ssh-keys [^\n]*: key options: ([^\n]*)", house.sshd.log.read_text()))
    assert options == {"command pty"}
    there = f"{ADDRESS}:{house.sshd.port}"
    assert connection.run(options=("-W", there)).status != 0
    assert connection.run(options=("-O", "forward", "-R", f"0:{there}")).status != 0
    # What listens at home is opened there, and refused as soon as somebody connects to it.
    local, socks = house.sshd.folder / "local", free_port()
    for forwarding, place in (("-L", f"{local}:{there}"), ("-D", f"{ADDRESS}:{socks}")):
        assert connection.run(options=("-O", "forward", forwarding, place)).status == 0
    with socket(AF_UNIX) as through:
        through.connect(str(local))
        assert _answer(through) == b""
    with create_connection((ADDRESS, socks)) as through:
        # SOCKS 5 without a password; then: connect to there.
        through.sendall(b"\5\1\0" + b"\5\1\0\1" + inet_aton(ADDRESS) + house.sshd.port.to_bytes(2))
        assert b"SSH-2.0" not in _answer(through)


def _answer(through: socket) -> bytes:
    """All that comes of a connection until it is closed: of a server of ssh its greeting."""
    through.settimeout(_PATIENCE_S)
    answer = b""
    while piece := through.recv(4096):
        answer += piece
        if b"SSH-2.0" in answer:
            break
    return answer


@pytest.mark.parametrize("way", ["a shell", "scp", "sftp"])
def test_nothing_else_is_run(house: House, connection: Connection, way: str) -> None:
    before = len(house.events("type:session.refused"))
    target = house.sshd.folder / "copied"
    match way:
        case "a shell":
            ran = connection.run(f"sh -c 'touch {target}'")
        case "scp":
            ran = connection.copy("scp", "-O", str(house.key), f"HOST:{target}")
        case _:
            ran = connection.copy("sftp", "-b", "/dev/null", "HOST")
    assert ran.status != 0 and not target.exists()
    (refused,) = house.events("type:session.refused")[before:]
    assert (refused.outcome, refused.actor, refused.ip) == (Outcome.DENIED, house.alice.actor, ADDRESS)
    assert refused.data["command"] and "there is no" in (refused.reason or "")


def test_an_unknown_key_can_only_join(house: House) -> None:
    house.log.roles.create(house.alice, RoleDetails("Support desk", "", (Permission.CLIENTS_READ,)))
    (role,) = (one for one in house.log.access.read().access.roles.values() if one.name == "Support desk")
    (invited,) = house.log.invitations.invite(house.alice, ["bo@example.org"], [role.id], [])
    assert invited.code is not None
    key = house.sshd.key("bo")
    with house.sshd.connected(key) as unknown:
        refused = unknown.run("export", "last:all")
        assert refused.status != 0 and refused.out == "" and "is nobody's here" in refused.err
        joined = unknown.run(given=f"{invited.code.reveal()}\n".encode())
        assert (joined.status, joined.out) == (
            0,
            "Bo is a member now. Sign in again, with the same key, for the console.\n",
        )
    member_joined = house.newest("member.joined")
    assert member_joined.ip == ADDRESS and member_joined.actor.name == "Bo"
    # What the key opens from then on, and to whom it does no longer, is tested without sshd in test_session.py.
    assert member_joined.actor.id is not None
    (registered,) = house.log.access.read().access.members[member_joined.actor.id].keys
    assert registered.fingerprint == read_public_key(key.with_suffix(".pub").read_text()).fingerprint
    stranger = house.newest("session.refused")
    assert (stranger.actor.type, stranger.outcome, stranger.ip) == ("anonymous", Outcome.DENIED, ADDRESS)
    assert stranger.data["command"] == "export last:all"


def test_the_console_is_the_members_own_until_their_key_is_removed(house: House, connection: Connection) -> None:
    (key,) = house.log.access.read().access.members["m-alice"].keys
    house.log.policy.change(house.alice, "ssh_join", "no")
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    size, deadline = Size(120, 40), Deadline(3 * _PATIENCE_S)
    with on_terminal(connection.words("-tt"), environment, size, deadline) as terminal:
        screen = Screen(terminal)
        screen.wait_for(r"\d events", _PATIENCE_S)  # it signed in before it asked
        terminal.write(b"\x1a")  # ctrl+z, which leads to no shell
        terminal.write(b"?")
        screen.wait_for("Everywhere", _PATIENCE_S)
        (session,) = house.log.access.read().sessions
        assert (session.member, session.address, session.terminal) == (house.alice.actor, ADDRESS, "xterm-256color")
        assert session.fingerprint == key.fingerprint
        house.log.keys.remove(house.alice, "m-alice", key.fingerprint)
        screen.wait_for("no member's here", _LOCKS_WITHIN_S)
        terminal.write(b"q")
        with pytest.raises(EOFError):
            while terminal.read(_PATIENCE_S) is not None:
                pass
        assert terminal.wait(_PATIENCE_S) == 1
    kept = house.sshd.folder / "state" / "members" / "m-alice" / "console.json"
    assert json.loads(kept.read_text())["has_started"]
    _opens_nothing_any_more(house, connection, key)


def _opens_nothing_any_more(house: House, connection: Connection, key: SshKey) -> None:
    """Not even over a connection that it opened before."""
    assert "This key is no member's here, or no longer." in connection.run("events").err
    refused = house.newest("session.refused")
    assert (refused.outcome, refused.actor.name, refused.ip) == (Outcome.DENIED, key.fingerprint, ADDRESS)
    again = house.sshd.run(house.key, "events")
    assert again.status == 255 and "Permission denied (publickey)" in again.err

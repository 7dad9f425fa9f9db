"""Everything that can be asked of the services: one entry a public method, with the permissions that it needs.

A new service is an attribute of `AuditLog`, and a new method an entry here: without one, `test_permission_matrix.py` fails.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from data.access.details import GroupDetails, MemberDetails, RoleDetails
from data.access.errors import NotPermitted
from data.access.joining import Joining
from data.access.model import Member, MemberStatus, Role, Session
from data.access.ssh_keys import read_public_key
from data.answers import Dimension, Snapshot
from data.caller import Caller
from data.clients.model import ApiClient, ClientDetails, IssuedToken
from data.errors import DatabaseError
from data.permissions import Permission
from data.proof.places import SealingPlaces
from data.records import Draft, Event, Log, Reference
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.services.event_log import EventLog
from data.services.reading_spool import ReadingSpool
from data.stop import Stop
from data.views import ReadingMark, View
from tests.hand_clock import NOW, HandClock
from tests.integration.client_worlds import named
from tests.integration.events import EVERYTHING, UTC_ZONE, plain_drafts
from tests.members import ALICE
from tests.unit.access.sample_keys import SAMPLES

HOME = "203.0.113.7"
"""Where everybody in the matrix sits."""


class Somebody:
    """An identity that is believed, whoever it is said to be at the moment."""

    address: str | None = HOME
    fingerprint: str | None = None

    def __init__(self) -> None:
        self.now: Reference = ALICE

    def who(self, transaction: object, path: Path | None) -> Reference:
        return self.now


@dataclass
class World:
    """One database with a bit of everything in it, and a log that works for whoever `is_now`."""

    address: str
    folder: Path
    """For what this program keeps beside its database."""
    clock: HandClock = field(default_factory=HandClock)
    identity: Somebody = field(default_factory=Somebody)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.log = AuditLog(
            self.address,
            UTC_ZONE,
            clock=self._tick,
            durable=False,
            identity=self.identity,
            state_folder=self.folder,
            sealing=SealingPlaces(key_folder=self.folder),
        )
        self.log.open()
        self.event: Event
        self.client: IssuedToken
        self.view: View
        self.snapshots: dict[EventLog, Snapshot]
        self._fill()
        with suppress(DatabaseError):  # of a console's own role, which may not
            self.log.keeper.seal()  # so that there is a key to be replaced

    @property
    def by(self) -> Caller:
        return Caller(self.identity.now, ip=HOME)

    @contextmanager
    def being(self, somebody: Reference) -> Iterator[None]:
        """Whoever works within the block."""
        before, self.identity.now = self.identity.now, somebody
        try:
            yield
        finally:
            self.identity.now = before

    def name(self) -> str:
        """Another one, that nothing has yet."""
        return f"Number {next(self.numbers)}"

    def member_with(self, *permissions: Permission, status: MemberStatus = MemberStatus.ACTIVE) -> Reference:
        """Somebody new who holds just these, by a role of their own."""
        number = next(self.numbers)
        role = Role(f"r-{number}", f"Role {number}", permissions=permissions)
        member = Member(f"m-{number}0", f"Member {number}", f"{number}@example.org", NOW, status, (role.id,))
        with self.log.gate.database.writing() as work:
            work.access.put_role(role)
            work.access.put_member(member)
            work.commit()
        return member.reference

    def renew(self) -> None:
        """A client, a view and whatever else can be ended, that nobody has ended or deleted yet."""
        self.client = self.log.clients.create(self.by, named(self.name()))
        self.view = self.log.views.save(self.name(), EVERYTHING, shared=True)
        self.role = self.log.roles.create(self.by, RoleDetails(self.name()))
        self.group = self.log.groups.create(self.by, GroupDetails(self.name()))
        self.hold = self.log.holds.place(self.by, EVERYTHING, "a dispute")
        number = next(self.numbers)
        self.newcomer = Member(f"m-{number}0", f"Member {number}", f"{number}@example.org", NOW)
        (self.invited,) = self.log.invitations.invite(self.by, [f"{number}@example.com"])
        self.session = Session(f"s-{number}", self.newcomer.reference, NOW, self.clock.now)
        with self.log.gate.database.writing() as work:
            work.access.put_member(self.newcomer)
            work.sessions.add(self.session)
            work.commit()

    def visit(self) -> None:
        """Come in, and leave."""
        self.log.sessions.begin(None, "1.0")
        self.log.sessions.leave()

    def export(self) -> None:
        """Take a bit of the log away."""
        with self.log.exports.begin(self.by, EVERYTHING) as export:
            next(iter(export))

    def look_out(self) -> None:
        """Begin to watch what arrives, and stop."""
        with closing(self.log.arrivals.watch(Stop())) as told:
            next(told)

    def hand_in(self) -> None:
        """Have written what could not be when it was read."""
        ReadingSpool(self.folder, self.log.gate.database.location.shown).add(self.event)
        self.log.readings.hand_in()

    def client_with(self, *permissions: Permission) -> Reference:
        """An API client that has just these as scopes."""
        number = next(self.numbers)
        details = ClientDetails(f"Client {number}", (NOW + timedelta(days=9)).date(), scopes=permissions)
        client = ApiClient(f"c-{number}", details, NOW)
        with self.log.gate.database.writing() as work:
            work.clients.add(client)
            work.commit()
        return client.reference

    def refuse(self) -> None:
        """Refuse a command that somebody asked for, as everybody may who was let in for one."""
        try:
            self.log.visits.refuse("rm -rf", "There is no such command.")
        except NotPermitted as error:
            if str(error) != "There is no such command.":
                raise

    def _tick(self) -> datetime:
        self.clock.move(milliseconds=1)
        return self.clock.now

    def _fill(self) -> None:
        self.log.append(plain_drafts(3, start=NOW - timedelta(days=1)))
        self.event = self.log.page(EVERYTHING, limit=1).items[0]
        self.renew()
        call = Request(action="GET /v1/orders", status=200, executed_at=NOW, client=self.client.client.reference)
        self.log.requests.append([request_draft(call)])
        self.snapshots = {log: log.page(EVERYTHING).snapshot for log in (self.log, self.log.requests)}


@dataclass(frozen=True)
class Deed:
    """One public method: what calling it needs, all of it, and how it is called.

    What is `for_system` the program itself may do. What is `for_strangers` everybody may try who is not let in.
    """

    do: Callable[[World], object]
    needs: frozenset[Permission] = frozenset()
    for_system: bool = False
    for_strangers: bool = False


def _deed(
    do: Callable[[World], object], *needs: Permission, for_system: bool = False, for_strangers: bool = False
) -> Deed:
    return Deed(do, frozenset(needs), for_system, for_strangers)


_AUDIT, _REQUESTS, _READ, _WRITE, _ACCESS = (
    Permission.AUDIT_READ,
    Permission.REQUESTS_READ,
    Permission.CLIENTS_READ,
    Permission.CLIENTS_WRITE,
    Permission.ACCESS_WRITE,
)


def _id(world: World) -> str:
    return world.client.client.id


def _public_id(world: World) -> str:
    return world.client.token.public_id


def _drafts(world: World) -> list[Draft]:
    return plain_drafts(1, start=world.clock.now)


def _call(world: World) -> Draft:
    return request_draft(
        Request(action="GET /v1/orders", status=200, executed_at=world.clock.now, client=world.client.client.reference)
    )


_OfLog = Callable[[EventLog, World], object]
_LOG: dict[str, _OfLog] = {
    "page": lambda log, _: log.page(EVERYTHING),
    "get": lambda log, world: log.get(world.event.id),
    "count": lambda log, _: log.count(EVERYTHING),
    "arrived": lambda log, world: log.arrived(EVERYTHING, world.snapshots[log]),
    "tally": lambda log, world: log.tally(EVERYTHING, world.snapshots[log]),
    "archived": lambda log, world: log.archived(EVERYTHING, world.snapshots[log]),
    "facets": lambda log, world: log.facets(EVERYTHING, world.snapshots[log], [Dimension.TYPE]),
    "net_change": lambda log, world: log.net_change(ALICE, EVERYTHING, world.snapshots[log]),
}


def _in_changes(do: _OfLog) -> Callable[[World], object]:
    return lambda world: do(world.log, world)


def _in_requests(do: _OfLog) -> Callable[[World], object]:
    return lambda world: do(world.log.requests, world)


DEEDS: dict[str, Deed] = {
    # The change log.
    **{name: _deed(_in_changes(do), _AUDIT) for name, do in _LOG.items()},
    "append": _deed(lambda world: world.log.append(_drafts(world)), Permission.AUDIT_WRITE),
    # Who asks: everybody may who is let in.
    "caller": _deed(lambda world: world.log.caller(), for_system=True),
    "standing": _deed(lambda world: world.log.standing(), for_system=True),
    "access.read": _deed(lambda world: world.log.access.read(), Permission.ACCESS_READ),
    # The request log, and what it comes to.
    **{f"requests.{name}": _deed(_in_requests(do), _REQUESTS) for name, do in _LOG.items()},
    "requests.append": _deed(
        lambda world: world.log.requests.append([_call(world)]), Permission.AUDIT_WRITE, for_system=True
    ),
    "request_statistics.groups": _deed(
        lambda world: world.log.request_statistics.groups(
            Dimension.CLIENT, EVERYTHING, world.snapshots[world.log.requests]
        ),
        _REQUESTS,
    ),
    "request_statistics.timeline": _deed(
        lambda world: world.log.request_statistics.timeline(
            Dimension.CLIENT, EVERYTHING, world.snapshots[world.log.requests]
        ),
        _REQUESTS,
    ),
    "request_statistics.unusual": _deed(lambda world: world.log.request_statistics.unusual(), _REQUESTS),
    # Views.
    "views.all": _deed(lambda world: world.log.views.all(), _AUDIT),
    "views.named": _deed(lambda world: world.log.views.named(world.view.name), _AUDIT),
    "views.counts": _deed(lambda world: world.log.views.counts(world.view), _AUDIT),
    "views.save": _deed(lambda world: world.log.views.save(world.name(), EVERYTHING, shared=True), _AUDIT),
    "views.rename": _deed(lambda world: world.log.views.rename(world.view, world.name()), _AUDIT),
    "views.share": _deed(lambda world: world.log.views.share(world.view, not world.view.is_shared), _AUDIT),
    "views.delete": _deed(lambda world: world.log.views.delete(world.view), _AUDIT),
    "views.mark": _deed(
        lambda world: world.log.views.mark({world.view.id: ReadingMark(world.event.id, world.event.id, NOW)}), _AUDIT
    ),
    # What goes through all of them.
    "access_explaining.explain": _deed(
        lambda world: world.log.access_explaining.explain(world.newcomer.id),
        _AUDIT,
        Permission.ACCESS_READ,
    ),
    "why.story": _deed(lambda world: world.log.why.story(world.client.client.reference), _AUDIT, _REQUESTS, _READ),
    "finder.find": _deed(lambda world: world.log.finder.find("Payroll sync"), for_system=True),
    "arrivals.watch": _deed(lambda world: world.look_out()),
    # API clients and their tokens.
    "clients.all": _deed(lambda world: world.log.clients.all(), _READ),
    "clients.find": _deed(lambda world: world.log.clients.find(_id(world)), _READ),
    "clients.deleted_ids": _deed(lambda world: world.log.clients.deleted_ids(), _READ),
    "clients.expiring_count": _deed(lambda world: world.log.clients.expiring_count(), _READ),
    "clients.calls_by_day": _deed(lambda world: world.log.clients.calls_by_day(7), _REQUESTS),
    "clients.create": _deed(lambda world: world.log.clients.create(world.by, named(world.name())), _WRITE),
    "clients.edit": _deed(
        lambda world: world.log.clients.edit(world.by, world.client.client, named(world.name())), _WRITE
    ),
    "clients.issue": _deed(lambda world: world.log.clients.issue(world.by, _id(world)), _WRITE),
    "clients.rotate": _deed(lambda world: world.log.clients.rotate(world.by, _id(world)), _WRITE),
    "clients.prolong": _deed(
        lambda world: world.log.clients.prolong(
            world.by, _id(world), _public_id(world), world.client.client.details.expires
        ),
        _WRITE,
    ),
    "clients.end_token": _deed(
        lambda world: world.log.clients.end_token(world.by, _id(world), _public_id(world), "leaked"), _WRITE
    ),
    "clients.note_handed_over": _deed(
        lambda world: world.log.clients.note_handed_over(world.by, _id(world), _public_id(world), "copied"), _WRITE
    ),
    "clients.revoke": _deed(lambda world: world.log.clients.revoke(world.by, _id(world), "leaked"), _WRITE),
    "clients.delete": _deed(lambda world: world.log.clients.delete(world.by, _id(world), "leaked"), _WRITE),
    "clients.note_used": _deed(
        lambda world: world.log.clients.note_used([(_public_id(world), world.clock.now, HOME)]),
        Permission.ADMIN,
        for_system=True,
    ),
    "clients.note_expired": _deed(lambda world: world.log.clients.note_expired(), Permission.ADMIN, for_system=True),
    "tokens.inspect": _deed(lambda world: world.log.tokens.inspect(world.client.token), _READ),
    # The organisation's rules.
    "policy.read": _deed(lambda world: world.log.policy.read(), for_system=True),
    "policy.change": _deed(
        lambda world: world.log.policy.change(world.by, "overlap_days", str(next(world.numbers) % 30 + 1)),
        Permission.SETTINGS_WRITE,
    ),
    # What is kept in spite of its age.
    "holds.all": _deed(lambda world: world.log.holds.all(), _AUDIT),
    "holds.place": _deed(
        lambda world: world.log.holds.place(world.by, EVERYTHING, "a dispute"), Permission.SETTINGS_WRITE
    ),
    "holds.place_on_client": _deed(
        lambda world: world.log.holds.place_on_client(world.by, _id(world), "a dispute"), Permission.SETTINGS_WRITE
    ),
    "holds.lift": _deed(
        lambda world: world.log.holds.lift(world.by, world.hold.id, "it is over"), Permission.SETTINGS_WRITE
    ),
    "retention.plan": _deed(lambda world: world.log.retention.plan(), Permission.ADMIN, for_system=True),
    "retention.run": _deed(lambda world: world.log.retention.run(), Permission.ADMIN, for_system=True),
    # Who may do what. Nobody else is in the groups and roles that are made for it, so the rules stand against none of it.
    "roles.create": _deed(lambda world: world.log.roles.create(world.by, RoleDetails(world.name())), _ACCESS),
    "roles.edit": _deed(lambda world: world.log.roles.edit(world.by, world.role, RoleDetails(world.name())), _ACCESS),
    "roles.delete": _deed(lambda world: world.log.roles.delete(world.by, world.role.id), _ACCESS),
    "groups.create": _deed(lambda world: world.log.groups.create(world.by, GroupDetails(world.name())), _ACCESS),
    "groups.edit": _deed(
        lambda world: world.log.groups.edit(world.by, world.group, GroupDetails(world.name())), _ACCESS
    ),
    "groups.delete": _deed(lambda world: world.log.groups.delete(world.by, world.group.id), _ACCESS),
    "members.edit": _deed(
        lambda world: world.log.members.edit(
            world.by, world.newcomer, MemberDetails(world.name(), world.newcomer.email)
        ),
        _ACCESS,
    ),
    "members.suspend": _deed(lambda world: world.log.members.suspend(world.by, world.newcomer.id, "on leave"), _ACCESS),
    "members.reinstate": _deed(
        lambda world: world.log.members.reinstate(world.by, world.newcomer.id, "back again"), _ACCESS
    ),
    "keys.register": _deed(
        lambda world: world.log.keys.register(world.by, world.newcomer.id, SAMPLES["ed25519"].line), _ACCESS
    ),
    "keys.register (one's own)": _deed(
        lambda world: world.log.keys.register(world.by, str(world.by.actor.id), SAMPLES["ecdsa_256"].line)
    ),
    "keys.remove": _deed(
        lambda world: world.log.keys.remove(world.by, world.newcomer.id, SAMPLES["ed25519"].fingerprint, "lost"),
        _ACCESS,
    ),
    "keys.remove (one's own)": _deed(
        lambda world: world.log.keys.remove(world.by, str(world.by.actor.id), SAMPLES["ecdsa_256"].fingerprint, "lost")
    ),
    "keys.own": _deed(lambda world: world.log.keys.own()),
    "keys.standing_of": _deed(
        lambda world: world.log.keys.standing_of(read_public_key(SAMPLES["ed25519"].line)),
        Permission.ACCESS_READ,
        for_system=True,
    ),
    "members.remove": _deed(lambda world: world.log.members.remove(world.by, world.newcomer.id, "has left"), _ACCESS),
    "invitations.invite": _deed(
        lambda world: world.log.invitations.invite(world.by, [f"{next(world.numbers)}@example.net"]), _ACCESS
    ),
    "invitations.resend": _deed(
        lambda world: world.log.invitations.resend(world.by, world.invited.invitation.id), _ACCESS
    ),
    "invitations.revoke": _deed(
        lambda world: world.log.invitations.revoke(world.by, world.invited.invitation.id), _ACCESS
    ),
    # Whoever has a code is nobody yet; the code is what decides.
    "invitations.accept": _deed(
        lambda world: world.log.invitations.accept("no code", "", Joining("ann")), for_system=True, for_strangers=True
    ),
    # What was invited to is sent by the program, whoever gave the occasion.
    "invitations.send_due": _deed(lambda world: world.log.invitations.send_due(), for_system=True, for_strangers=True),
    "invitations.note_expired": _deed(
        lambda world: world.log.invitations.note_expired(), Permission.ADMIN, for_system=True
    ),
    "invitations.first_administrator": _deed(
        lambda world: world.log.invitations.first_administrator(world.by, "first@example.net"),
        Permission.ADMIN,
        for_system=True,
    ),
    # Sessions: everybody has their own.
    "sessions.begin": _deed(lambda world: world.visit(), for_system=True),
    "sessions.beat": _deed(lambda world: world.log.sessions.beat(), for_system=True),
    "sessions.leave": _deed(lambda world: world.log.sessions.leave(), for_system=True, for_strangers=True),
    "sessions.end": _deed(lambda world: world.log.sessions.end(world.by, world.session.id), _ACCESS),
    "sessions.note_lost": _deed(lambda world: world.log.sessions.note_lost(), Permission.ADMIN, for_system=True),
    # Of whoever is no API client nothing is recorded; of one it is recorded by the program.
    "api_calls.record": _deed(
        lambda world: world.log.api_calls.record("clients", world.clock.now, 1), for_system=True, for_strangers=True
    ),
    "erasing.erase": _deed(
        lambda world: world.log.erasing.erase(world.event.id, world.by, whole=False, reason="asked for"),
        Permission.AUDIT_WRITE,
    ),
    "erasing.unfinished": _deed(lambda world: world.log.erasing.unfinished()),
    # What is taken away, and how the whole stands.
    "exports.begin": _deed(lambda world: world.export(), _AUDIT),
    "exports.survey": _deed(lambda world: world.log.exports.survey(EVERYTHING), _AUDIT),
    # Over ssh.
    "visits.begin_command": _deed(lambda world: world.log.visits.begin_command("events")),
    "visits.refuse": _deed(lambda world: world.refuse()),
    "visits.turn_away": _deed(
        lambda world: world.log.visits.turn_away("SHA256:of nobody", HOME, "sh", "This key is nobody's here."),
        for_system=True,
        for_strangers=True,
    ),
    "readings.note": _deed(lambda world: world.log.readings.note(EVERYTHING, Log.CHANGES), Permission.AUDIT_READ),
    "readings.hand_in": _deed(lambda world: world.hand_in()),
    "health.read": _deed(lambda world: world.log.health.read()),
    "proofs.look": _deed(lambda world: world.log.proofs.look(), for_system=True),
    "proofs.verify": _deed(lambda world: world.log.proofs.verify(world.by), Permission.AUDIT_READ, for_system=True),
    "proofs.verify_event": _deed(
        lambda world: world.log.proofs.verify_event(world.by, world.event.id), Permission.AUDIT_READ, for_system=True
    ),
    "proofs.forget": _deed(lambda world: world.log.proofs.forget(world.by), Permission.AUDIT_READ, for_system=True),
    "keeper.seal": _deed(lambda world: world.log.keeper.seal(), for_system=True),
    "keeper.replace_key": _deed(lambda world: world.log.keeper.replace_key(), Permission.ADMIN, for_system=True),
    "keeper.rebuild_tree": _deed(lambda world: world.log.keeper.rebuild_tree(), Permission.ADMIN, for_system=True),
    "keeper.forget_signed": _deed(lambda world: world.log.keeper.forget_signed(), Permission.ADMIN, for_system=True),
    "keeper.index": _deed(lambda world: world.log.keeper.index(), for_system=True),
    "keeper.run": _deed(lambda world: world.log.keeper.run(), Permission.ADMIN, for_system=True),
}
"""By what one writes after `log.`. Of a method with several parameters one way of calling it is enough."""

NOT_ASKED = {
    "open",
    "close",
    "is_embedded",
    "unwritable",
    "refuse_as_input",
    "refuse_as_output",
    "sessions.mine",
    "readings.any_waits",
}
"""What asks the database for nothing that anybody has."""

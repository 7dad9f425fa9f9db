"""Everything that can be asked of the services: one entry a public method, with the permissions that it needs.

A new service is an attribute of `AuditLog`, and a new method an entry here: without one, `test_permission_matrix.py` fails.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from data.access.model import Member, MemberStatus, Role
from data.answers import Dimension, Snapshot
from data.caller import Caller
from data.clients.model import IssuedToken
from data.permissions import Permission
from data.records import Draft, Event, Reference
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.services.event_log import EventLog
from data.views import ReadingMark, View
from tests.hand_clock import NOW, HandClock
from tests.integration.client_worlds import named
from tests.integration.events import EVERYTHING, UTC_ZONE, plain_drafts
from tests.members import ALICE

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
    clock: HandClock = field(default_factory=HandClock)
    identity: Somebody = field(default_factory=Somebody)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.log = AuditLog(self.address, UTC_ZONE, clock=self._tick, durable=False, identity=self.identity)
        self.log.open()
        self.event: Event
        self.client: IssuedToken
        self.view: View
        self.snapshots: dict[EventLog, Snapshot]
        self._fill()

    @property
    def by(self) -> Caller:
        return Caller(self.identity.now, ip=HOME)

    @contextmanager
    def being(self, somebody: Reference) -> Iterator[None]:
        """Whoever works within the block."""
        before, self.identity.now = self.identity.now, somebody
        yield
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
        """A client and a view that nobody has ended or deleted yet."""
        self.client = self.log.clients.create(self.by, named(self.name()))
        self.view = self.log.views.save(self.name(), EVERYTHING, shared=True)

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
    """One public method: what calling it needs, all of it, and how it is called. `for_system` the program itself may."""

    do: Callable[[World], object]
    needs: frozenset[Permission] = frozenset()
    for_system: bool = False


def _deed(do: Callable[[World], object], *needs: Permission, for_system: bool = False) -> Deed:
    return Deed(do, frozenset(needs), for_system)


_AUDIT, _REQUESTS, _READ, _WRITE = (
    Permission.AUDIT_READ,
    Permission.REQUESTS_READ,
    Permission.CLIENTS_READ,
    Permission.CLIENTS_WRITE,
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
    "why.story": _deed(lambda world: world.log.why.story(world.client.client.reference), _AUDIT, _REQUESTS, _READ),
    "finder.find": _deed(lambda world: world.log.finder.find("Payroll sync"), for_system=True),
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
    "keeper.run": _deed(lambda world: world.log.keeper.run(), Permission.ADMIN, for_system=True),
}
"""By what one writes after `log.`. Of a method with several parameters one way of calling it is enough."""

NOT_ASKED = {"open", "close", "is_embedded"}
"""What asks the database for nothing that anybody has."""

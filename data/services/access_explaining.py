"""Why a member may do something, or why not: told from the events that gave and took it, as of any moment."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from data.access.errors import AccessNotFound
from data.access.history import EVENT_TYPES, Explanation, explained
from data.access.model import OWNER_ID
from data.answers import Cursor, Direction
from data.clock import to_microseconds
from data.permissions import Permission
from data.query import Clause, EventQuery, Key, Pattern
from data.query.model import EVERYTHING, IN_ARCHIVE
from data.records import ActorType, Event, Reference
from data.services import acts
from data.services.acts import READ_ACCESS, READ_LOG
from data.services.gate import Act, Gate
from data.stop import Stop
from data.store import EventReader

# What was given years ago is held today.
_ACCESS_EVENTS = EventQuery(
    (Clause(Key.TYPE, tuple(Pattern((one, "")) for one in EVENT_TYPES)), EVERYTHING, IN_ARCHIVE)
)
_AT_ONCE = 500
_NEEDED = {
    **{
        f"{kind}.{act}": Permission.ACCESS_WRITE
        for kind, acts in {
            "role": ("created", "updated", "deleted", "granted", "withdrawn"),
            "group": ("created", "updated", "deleted", "member_added", "member_removed"),
            "member": ("updated", "suspended", "reinstated", "removed"),
            "invitation": ("sent", "resent", "revoked"),
        }.items()
        for act in acts
    },
    **{act.tag: act.needs for act in vars(acts).values() if isinstance(act, Act) and act.needs is not None},
    **{act.tag: act.needs for act in acts.HAND_OVER_TOKEN.values() if act.needs is not None},
}


class AccessExplaining:
    """Explains who may do what in one database. Raises NotPermitted, Cancelled and the errors of `data.errors`.

    It tells of members and of events: whoever asks has to be allowed to read both.
    """

    def __init__(self, gate: Gate, zone: ZoneInfo) -> None:
        """`zone` is what dates are read in."""
        self._gate = gate
        self._zone = zone

    def explain(
        self, member_id: str, at: datetime | None = None, *, stop: Stop | None = None
    ) -> tuple[Explanation, ...]:
        """Of every permission, why this member has it at a moment (aware; None: now), or why not. Raises AccessNotFound."""
        moment = self._gate.clock() if at is None else at
        with self._gate.reading(READ_ACCESS, stop) as transaction:
            is_owner = member_id == OWNER_ID and self._gate.database.location.is_embedded
            access = transaction.access.all()
            member = access.members.get(member_id)
            built_in = [(role.reference, role.permissions) for role in access.roles.values() if role.built_in]
            owner = Reference(ActorType.MEMBER, OWNER_ID, transaction.login) if is_owner else None
        with self._gate.reading(READ_LOG, stop, owner if member is None else member.reference) as transaction:
            if owner is not None:
                return tuple(Explanation(owner, one, moment, None, None, is_owner=True) for one in Permission)
            if member is None:
                raise AccessNotFound("This member is not one of this organisation, and never was.")
            events = _until(_oldest_first(transaction.events(self._zone)), moment)
            return explained(events, built_in, member.reference, moment)


def permission_of(event_type: str) -> Permission | None:
    """What somebody needs for what events of this type tell of; None where that depends on more, or nothing is needed."""
    return _NEEDED.get(event_type)


def _oldest_first(reader: EventReader) -> Iterator[Event]:
    cursor: Cursor | None = Cursor(reader.snapshot(), Direction.NEWER)
    while cursor is not None:
        page = reader.page(_ACCESS_EVENTS, cursor, limit=_AT_ONCE)
        yield from page.items
        cursor = page.next


def _until(events: Iterator[Event], moment: datetime) -> Iterator[Event]:
    """Those until a moment, it included: one asks as of the time of a card, which tells of what was done then."""
    end = to_microseconds(moment)
    for event in events:
        if to_microseconds(event.occurred_at) > end:
            return
        yield event

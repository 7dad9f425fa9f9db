"""Views: seen, saved, renamed, shared and deleted, each change with its event in one unit of work."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from data.access.model import OWNER_ID
from data.answers import Cursor, Direction, ViewCounts
from data.caller import Caller
from data.query import EventQuery, print_query
from data.records import ActorType, Change, Draft, Json, Outcome, Reference
from data.services.acts import DELETE_VIEW, READ_VIEWS, SAVE_VIEW, SHARE_VIEW
from data.services.gate import Act, Gate, Refused
from data.services.identity import Transaction
from data.stop import Stop
from data.store import UnitOfWork
from data.store.views import ViewWriter
from data.views import (
    ReadingMark,
    View,
    ViewChanged,
    ViewError,
    ViewList,
    ViewNameTaken,
    ViewNotYours,
    name_problem,
    plain_name,
)

MOST_NEW = 99
"""Up to here it is counted how many events are new in a view."""


class Views:
    """The views over one database, for whomever the process works for.

    Every method may raise NotPermitted, DatabaseUnavailable and the other errors of `data.errors`. Those that change a
    view raise ViewChanged if it is no longer the one that was seen, ViewNotYours if it is another's; that refusal is
    logged.
    """

    def __init__(self, gate: Gate, zone: ZoneInfo) -> None:
        """`zone` is what dates in a query are read in."""
        self._gate = gate
        self._zone = zone

    def all(self) -> ViewList:
        """Every view that the person sees, those whose query cannot be read among them."""
        with self._gate.reading(READ_VIEWS) as transaction:
            who = self._gate.caller_in(transaction).actor
            return replace(transaction.views_of(*_names(transaction, who)).all(), person=who.label)

    def named(self, name: str) -> View:
        """The view that is called so: the person's own before another's, that before one that ships.

        Raises ViewError for a name that none has, or that several people share views under.
        """
        wanted = [view for view in self.all().views if view.is_called(name)]
        first = next(iter(wanted), None)
        if first is None:
            raise ViewError(f"There is no view named {name}; `auditdeck views` lists those there are.")
        rivals = [view.owner for view in wanted if view.owner is not None]
        if not first.is_own and len(rivals) > 1:
            raise ViewError(f"Several people share a view named {first.name}: {', '.join(filter(None, rivals))}.")
        return first

    def counts(self, view: View, stop: Stop | None = None) -> ViewCounts:
        """How many events a view has now, and how many of them are new to its reader. Its query must be readable."""
        if view.query is None:
            raise ValueError(f"{view.name} cannot be asked")
        with self._gate.reading(READ_VIEWS, stop, view.reference) as transaction:
            reader = transaction.events(self._zone)
            snapshot = reader.snapshot()
            number = reader.count(view.query, snapshot)
            if view.mark is None or not number:
                return ViewCounts(number, None)
            newer = Cursor(snapshot, Direction.NEWER, view.mark.newest_id)
            page = reader.page(view.query, newer, direction=Direction.NEWER, limit=MOST_NEW)
            return ViewCounts(number, len(page.items), has_more_new=page.next is not None)

    def save(self, name: str, query: EventQuery, *, shared: bool, replacing: View | None = None) -> View:
        """Keep a query under a name of the person's own.

        Raises ViewNameTaken if the person has a view of that name and it is not `replacing`, which is then overwritten;
        ViewError for a name or a query that cannot be kept.
        """
        text = _keepable(name, query)
        with self._gate.writing(None, SAVE_VIEW) as work:
            desk = _Desk(self._gate, work)
            there = desk.views.own(name)
            if there is None:
                owner = desk.by.actor.label
                view = View(uuid4(), plain_name(name), text, owner, is_own=True, is_shared=shared)
                desk.views.add(view)
                work.events.append(desk.event(SAVE_VIEW, view))
                if shared:
                    work.events.append(desk.event(SHARE_VIEW, view))
                work.commit()
                return view
            if replacing is None or replacing.id != there.id:
                raise ViewNameTaken(there)
            wanted = replace(replacing, name=plain_name(name), text=text, is_shared=shared)
            return desk.change(replacing, wanted)

    def rename(self, view: View, name: str) -> View:
        """Call a view otherwise. Raises ViewNameTaken, ViewError for a name that cannot be."""
        _refuse_name(name)
        with self._gate.writing(None, SAVE_VIEW, view.reference) as work:
            desk = _Desk(self._gate, work)
            there = desk.views.own(name)
            if there is not None and there.id != view.id:
                raise ViewNameTaken(there)
            return desk.change(view, replace(view, name=plain_name(name)))

    def share(self, view: View, shared: bool) -> View:
        """Let everybody on this database see a view, or its maker alone."""
        with self._gate.writing(None, SHARE_VIEW, view.reference) as work:
            return _Desk(self._gate, work).change(view, replace(view, is_shared=shared))

    def delete(self, view: View) -> None:
        """Delete a view, for everybody."""
        with self._gate.writing(None, DELETE_VIEW, view.reference) as work:
            desk = _Desk(self._gate, work)
            desk.check(view, DELETE_VIEW)
            desk.views.remove(view.id)
            work.events.append(desk.event(DELETE_VIEW, view))
            work.commit()

    def mark(self, marks: Mapping[UUID, ReadingMark]) -> None:
        """Keep where the person stopped reading these views, by their ids. Reading is nobody else's: it has no event."""
        with self._gate.writing(None, READ_VIEWS) as work:
            _Desk(self._gate, work).views.mark(marks)
            work.commit()


class _Desk:
    """The views in one unit of work, as whomever the process works for has them."""

    def __init__(self, gate: Gate, work: UnitOfWork) -> None:
        self.by: Caller = gate.caller_in(work)
        self.views: ViewWriter = work.views_of(*_names(work, self.by.actor))
        self._work = work
        self._clock = gate.clock

    def change(self, seen: View, wanted: View) -> View:
        """Make what was seen what is wanted, and say so; nothing is logged when nothing changes."""
        self.check(seen, SAVE_VIEW)
        compared = (
            ("name", seen.name, wanted.name),
            ("query", seen.text, wanted.text),
            ("shared", seen.is_shared, wanted.is_shared),
        )
        changes = tuple(Change(field, before, after) for field, before, after in compared if before != after)
        if not changes:
            return seen
        changed = replace(wanted, revision=seen.revision + 1)
        self.views.change(changed)
        is_newly_shared = changed.is_shared and not seen.is_shared
        if len(changes) > is_newly_shared:  # more changed than that it is shared now, which has an event of its own
            self._work.events.append(self.event(SAVE_VIEW, changed, changes=changes))
        if is_newly_shared:
            self._work.events.append(self.event(SHARE_VIEW, changed))
        self._work.commit()
        return changed

    def check(self, seen: View, act: Act) -> None:
        """Raise unless the view is the person's own and still as it was seen."""
        now = self.views.find(seen.id)
        if now is not None and not now.is_own:
            reason = f"Only {now.owner} may change this view."
            raise Refused(ViewNotYours(reason), self.event(act, now, Outcome.DENIED, reason))
        if now is None or now.revision != seen.revision:
            raise ViewChanged(seen, now)

    def event(
        self,
        act: Act,
        view: View,
        outcome: Outcome = Outcome.SUCCESS,
        reason: str | None = None,
        changes: tuple[Change, ...] = (),
    ) -> Draft:
        """What was done to a view, or refused."""
        data: dict[str, Json] = {"query": view.text}
        return self.by.draft(
            act.tag, self._clock(), target=view.reference, outcome=outcome, reason=reason, changes=changes, data=data
        )


def _names(transaction: Transaction, who: Reference) -> tuple[str, ...]:
    """Under which names somebody's views are kept: a member's id, and their login from before they were a member; the
    account of an embedded database's owner.
    """
    if who.id == OWNER_ID:
        return (transaction.login,)
    member = transaction.checked_access.known(who.id) if who.type == ActorType.MEMBER and who.id is not None else None
    name = who.id or who.label
    return (name,) if member is None or member.login is None else (name, member.login)


def _keepable(name: str, query: EventQuery) -> str:
    """The query's text. Raises ViewError if it, or the name, cannot be kept."""
    _refuse_name(name)
    text = print_query(query)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ViewError("This query holds a character that cannot be kept.") from None
    if "\0" in text:  # which PostgreSQL's text cannot hold
        raise ViewError("This query holds a character that cannot be kept.")
    return text


def _refuse_name(name: str) -> None:
    problem = name_problem(name)
    if problem is not None:
        raise ViewError(problem)

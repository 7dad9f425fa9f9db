"""Views: seen, saved, renamed, shared and deleted, each change with its event in one unit of work."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from data.answers import Cursor, Direction, ViewCounts
from data.clock import Clock
from data.query import EventQuery, print_query
from data.records import ActorType, Change, Draft, Outcome, Reference
from data.stop import Stop
from data.store import Database, UnitOfWork
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

_SERVICE = "console"


class Views:
    """The views over one database, for the person at the console.

    Every method may raise DatabaseUnavailable and the other errors of `data.errors`. Those that change a view raise
    ViewChanged if it is no longer the one that was seen, ViewNotYours if it is another's; that refusal is logged.
    """

    def __init__(self, database: Database, open_database: Callable[[], None], zone: ZoneInfo, clock: Clock) -> None:
        """`open_database` makes sure of the schema; `zone` is what dates in a query are read in."""
        self._database = database
        self._open = open_database
        self._zone = zone
        self._clock = clock

    def all(self) -> ViewList:
        """Every view that the person sees, those whose query cannot be read among them."""
        self._open()
        with self._database.reading_views() as views:
            return views.all()

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
        self._open()
        with self._database.reading(self._zone, stop) as reader:
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
        with self._writing() as work:
            there = work.views.own(name)
            if there is None:
                view = View(uuid4(), plain_name(name), text, work.views.person, is_own=True, is_shared=shared)
                work.views.add(view)
                work.events.append(self._event("view.saved", work.views.person, view))
                if shared:
                    work.events.append(self._event("view.shared", work.views.person, view))
                work.commit()
                return view
            if replacing is None or replacing.id != there.id:
                raise ViewNameTaken(there)
            return self._change(work, replacing, replace(replacing, name=plain_name(name), text=text, is_shared=shared))

    def rename(self, view: View, name: str) -> View:
        """Call a view otherwise. Raises ViewNameTaken, ViewError for a name that cannot be."""
        _refuse_name(name)
        with self._writing() as work:
            there = work.views.own(name)
            if there is not None and there.id != view.id:
                raise ViewNameTaken(there)
            return self._change(work, view, replace(view, name=plain_name(name)))

    def share(self, view: View, shared: bool) -> View:
        """Let everybody on this database see a view, or its maker alone."""
        with self._writing() as work:
            return self._change(work, view, replace(view, is_shared=shared))

    def delete(self, view: View) -> None:
        """Delete a view, for everybody."""
        with self._writing() as work:
            self._check(work, view, "view.deleted")
            work.views.remove(view.id)
            work.events.append(self._event("view.deleted", work.views.person, view))
            work.commit()

    def mark(self, marks: Mapping[UUID, ReadingMark]) -> None:
        """Keep where the person stopped reading these views, by their ids. Reading is nobody else's: it has no event."""
        with self._writing() as work:
            work.views.mark(marks)
            work.commit()

    @contextmanager
    def _writing(self) -> Iterator[UnitOfWork]:
        """A unit of work; a refusal within it is logged after its end, in a unit of work of its own."""
        self._open()
        try:
            with self._database.writing() as work:
                yield work
        except _Refused as refused:
            with self._database.writing() as work:
                work.events.append(refused.event)
                work.commit()
            raise ViewNotYours(str(refused)) from None

    def _change(self, work: UnitOfWork, seen: View, wanted: View) -> View:
        """Make what was seen what is wanted, and say so; nothing is logged when nothing changes."""
        person = work.views.person
        self._check(work, seen, "view.saved")
        compared = (
            ("name", seen.name, wanted.name),
            ("query", seen.text, wanted.text),
            ("shared", seen.is_shared, wanted.is_shared),
        )
        changes = tuple(Change(field, before, after) for field, before, after in compared if before != after)
        if not changes:
            return seen
        changed = replace(wanted, revision=seen.revision + 1)
        work.views.change(changed)
        is_newly_shared = changed.is_shared and not seen.is_shared
        if len(changes) > is_newly_shared:  # more changed than that it is shared now, which has an event of its own
            work.events.append(self._event("view.saved", person, changed, changes=changes))
        if is_newly_shared:
            work.events.append(self._event("view.shared", person, changed))
        work.commit()
        return changed

    def _check(self, work: UnitOfWork, seen: View, act: str) -> None:
        """Raise unless the view is the person's own and still as it was seen."""
        now = work.views.find(seen.id)
        if now is not None and not now.is_own:
            reason = f"Only {now.owner} may change this view."
            raise _Refused(reason, self._event(act, work.views.person, now, Outcome.DENIED, reason))
        if now is None or now.revision != seen.revision:
            raise ViewChanged(seen, now)

    def _event(
        self,
        tag: str,
        person: str,
        view: View,
        outcome: Outcome = Outcome.SUCCESS,
        reason: str | None = None,
        changes: tuple[Change, ...] = (),
    ) -> Draft:
        return Draft(
            type=tag,
            occurred_at=self._clock(),
            outcome=outcome,
            actor=Reference(ActorType.MEMBER, name=person),  # no id: the account was not issued by this database
            target=Reference("view", str(view.id), view.name),
            service=_SERVICE,
            reason=reason,
            changes=changes,
            data={"query": view.text},
        )


class _Refused(Exception):
    """What is asked is not the person's to do; `event` tells of it."""

    def __init__(self, reason: str, event: Draft) -> None:
        super().__init__(reason)
        self.event = event


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

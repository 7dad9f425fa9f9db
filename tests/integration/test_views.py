"""Views and reading marks over a real database: kept, changed with their events, refused, and seen by whom."""

import os
import pwd
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from data.answers import ViewCounts
from data.errors import DatabaseError
from data.query import EventQuery, Pattern, parse_query
from data.query.model import Clause, Key
from data.records import Change, Event, Outcome, Reference
from data.services.audit_log import AuditLog
from data.services.views import MOST_NEW, Views
from data.store import Database
from data.store.person import person_at
from data.views import SHIPPED, ReadingMark, View, ViewChanged, ViewError, ViewNameTaken, ViewNotYours
from tests.hand_clock import NOW, HandClock
from tests.integration.events import EVERYTHING, UTC_ZONE, plain_drafts
from tests.integration.raw_access import count_rows, run_raw
from tests.members import As, enrol, enrol_login

DENIED = parse_query("outcome:denied last:7d")
FAILED = parse_query("outcome:failure last:7d")
HOSTILE = ["\u202eevil", "[bold]x[/]", "'; DROP TABLE saved_view; --", "\U0001f469\u200d\U0001f4bb", "e\u0301" * 30]


class RunningClock(HandClock):
    """A clock that goes on by a millisecond whenever it is looked at: events have an order."""

    def __call__(self) -> datetime:
        self.move(milliseconds=1)
        return self.now


class Office:
    """One database and the people who come to it, each with a log of their own."""

    def __init__(self, address: str, clock: HandClock) -> None:
        self._address = address
        self._clock = clock
        self._log = AuditLog(address, UTC_ZONE, clock=clock)
        self._people: dict[str, AuditLog] = {}

    @contextmanager
    def by(self, person: str) -> Iterator[Views]:
        """The views as this person has them, who becomes a member of that name."""
        if person not in self._people:
            member = Reference("member", f"m-{len(self._people)}-{person[:3]}", person)
            with closing(Database(self._address)) as database:
                enrol(database, [member], roles=["reviewer"])
            self._people[person] = AuditLog(self._address, UTC_ZONE, clock=self._clock, identity=As(member))
        yield self._people[person].views

    def events(self) -> list[Event]:
        """What happened to views, oldest first."""
        query = parse_query("type:view.* last:all")
        return list(self._log.page(query, limit=250).items[::-1])

    def fill(self, count: int, **later: float) -> list[Event]:
        """Append that many plain events; all there are of them, newest first."""
        self._log.append(plain_drafts(count, start=NOW + timedelta(**later)))
        return list(self._log.page(parse_query("type:project.created last:all"), limit=250).items)

    def close(self) -> None:
        for log in (self._log, *self._people.values()):
            log.close()


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
def office(address: str, clock: HandClock) -> Iterator[Office]:
    opened = Office(address, clock)
    yield opened
    opened.close()


def names(views: Views) -> list[str]:
    return [view.name for view in views.all().views if view.owner is not None]


def test_only_the_views_that_ship_are_there_at_first(office: Office) -> None:
    with office.by("ann") as views:
        assert views.all().person == "ann"
        assert views.all().views == SHIPPED


def test_own_views_are_seen_by_their_maker_and_shared_ones_by_everybody(office: Office) -> None:
    with office.by("ann") as views:
        views.save("zebra", DENIED, shared=False)
        views.save("Apple", FAILED, shared=True)
        assert [(view.name, view.is_own, view.is_shared) for view in views.all().views[:2]] == [
            ("Apple", True, True),
            ("zebra", True, False),
        ]
    with office.by("bob") as views:
        views.save("mine", DENIED, shared=False)
        found = views.all().views
        assert [(view.name, view.owner, view.is_own) for view in found[:2]] == [
            ("mine", "bob", True),
            ("Apple", "ann", False),
        ]
        assert found[2:] == SHIPPED
        assert (found[1].text, found[1].query) == ("outcome:failure last:7d", FAILED)


def test_every_change_has_its_event(office: Office) -> None:
    with office.by("ann") as views:
        view = views.save(" Denied ", DENIED, shared=False)
        view = views.share(view, True)
        view = views.rename(view, "Refused")
        view = views.save("refused", FAILED, shared=True, replacing=view)
        view = views.share(view, False)
        views.delete(view)
        assert names(views) == []
    events = office.events()
    assert [(event.type, event.changes) for event in events] == [
        ("view.saved", ()),
        ("view.shared", ()),
        ("view.saved", (Change("name", "Denied", "Refused"),)),
        (
            "view.saved",
            (
                Change("name", "Refused", "refused"),
                Change("query", "outcome:denied last:7d", "outcome:failure last:7d"),
            ),
        ),
        ("view.saved", (Change("shared", True, False),)),
        ("view.deleted", ()),
    ]
    assert {(event.actor.type, event.actor.id, event.actor.name) for event in events} == {("member", "m-0-ann", "ann")}
    assert {event.target.id for event in events if event.target is not None} == {str(view.id)}
    assert events[0].target is not None and events[0].target.name == "Denied"
    assert events[-1].data == {"query": "outcome:failure last:7d"}


def test_what_changes_nothing_is_no_event(office: Office) -> None:
    with office.by("ann") as views:
        view = views.save("Denied", DENIED, shared=True)
        assert [event.type for event in office.events()] == ["view.saved", "view.shared"]
        assert views.share(view, True) == views.rename(view, "Denied") == view
        assert views.save("Denied", DENIED, shared=True, replacing=view) == view
        assert len(office.events()) == 2


def test_a_name_is_taken_by_the_same_person_whatever_its_case(office: Office) -> None:
    with office.by("ann") as views:
        first = views.save("Stra\u00dfe", DENIED, shared=False)
        other = views.save("Other", DENIED, shared=False)
        with pytest.raises(ViewNameTaken) as taken:
            views.save("STRASSE", FAILED, shared=False)
        assert taken.value.existing == first
        with pytest.raises(ViewNameTaken):
            views.rename(other, "strasse")
        assert [view.text for view in views.all().views[:2]] == [first.text, first.text]
    with office.by("bob") as views:
        assert views.save("STRASSE", FAILED, shared=False).name == "STRASSE"
    assert len(office.events()) == 3


def test_of_two_editors_the_second_is_told(office: Office) -> None:
    with office.by("ann") as views:
        seen = views.save("Denied", DENIED, shared=True)
        now = views.save("Denied", FAILED, shared=True, replacing=seen)
        attempts: list[Callable[[], object]] = [
            lambda: views.save("Denied", EVERYTHING, shared=True, replacing=seen),
            lambda: views.rename(seen, "Mine"),
            lambda: views.share(seen, False),
            lambda: views.delete(seen),
        ]
        for attempt in attempts:
            with pytest.raises(ViewChanged, match="^Denied was changed meanwhile") as changed:
                attempt()
            assert changed.value.now == now
        renamed = views.rename(now, "Refused")
        with pytest.raises(ViewChanged, match="^Denied was renamed to Refused meanwhile"):
            views.share(now, False)
        views.delete(renamed)
        with pytest.raises(ViewChanged, match="^Refused was deleted meanwhile") as gone:
            views.rename(renamed, "Again")
        assert gone.value.now is None
        assert views.save("Refused", DENIED, shared=False, replacing=renamed).revision == 0, "nothing is overwritten"


def test_another_s_view_is_refused_and_the_refusal_is_logged(office: Office) -> None:
    with office.by("ann") as views:
        view = views.save("Denied", DENIED, shared=True)
    with office.by("bob") as views:
        seen = views.all().views[0]
        with pytest.raises(ViewNotYours, match="^Only ann may change this view"):
            views.rename(seen, "Mine")
        with pytest.raises(ViewNotYours):
            views.share(seen, False)
        with pytest.raises(ViewNotYours):
            views.delete(seen)
        own = views.save("Denied", FAILED, shared=False, replacing=seen)
        assert own.id != view.id, "a view of one's own beside it"
    with office.by("ann") as views:
        assert views.all().views[0] == view
    refused = [event for event in office.events() if event.outcome is Outcome.DENIED]
    assert [(event.type, event.actor.name, event.reason) for event in refused] == [
        ("view.saved", "bob", "Only ann may change this view."),
        ("view.saved", "bob", "Only ann may change this view."),
        ("view.deleted", "bob", "Only ann may change this view."),
    ]


def test_another_s_view_that_is_not_shared_is_not_there(office: Office) -> None:
    with office.by("ann") as views:
        view = views.save("Denied", DENIED, shared=False)
    with office.by("bob") as views:
        assert names(views) == []
        with pytest.raises(ViewChanged, match="was deleted meanwhile"):
            views.delete(view)
        with pytest.raises(ViewError, match="no view named Denied"):
            views.named("Denied")


def test_views_that_ship_cannot_be_changed(office: Office) -> None:
    with office.by("ann") as views:
        for view in SHIPPED:
            with pytest.raises(ViewChanged):
                views.delete(view)
        assert views.all().views == SHIPPED


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_back_as_they_are(office: Office, name: str) -> None:
    with office.by(name) as views:
        view = views.save(name, DENIED, shared=True)
        assert views.all().views[0] == view == views.named(name)
        assert (view.name, view.owner) == (name, name)


@pytest.mark.parametrize("name", ["", " ", "a\0b", "a\x1bb", "\ud800", "a" * 61])
def test_names_that_cannot_be_are_refused(office: Office, name: str) -> None:
    with office.by("ann") as views:
        view = views.save("Denied", DENIED, shared=False)
        with pytest.raises(ViewError, match="name"):
            views.save(name, DENIED, shared=False)
        with pytest.raises(ViewError, match="name"):
            views.rename(view, name)
        assert names(views) == ["Denied"]


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_queries_that_cannot_be_kept_are_refused(office: Office, text: str) -> None:
    query = EventQuery((Clause(Key.TEXT, (Pattern.literal(text),)),))
    with office.by("ann") as views, pytest.raises(ViewError, match="holds a character that cannot be kept"):
        views.save("Odd", query, shared=False)


def test_a_query_of_another_version_is_listed_with_its_problem(office: Office, address: str) -> None:
    with office.by("ann") as views:
        view = views.save("Denied", DENIED, shared=False)
        run_raw(address, "UPDATE saved_view SET query = 'colour:red outcome:denied'")
        found = views.all().views[0]
        assert (found.name, found.text, found.query) == ("Denied", "colour:red outcome:denied", None)
        assert found.problem is not None and "cannot read its query" in found.problem
        with pytest.raises(ValueError, match="cannot be asked"):
            views.counts(found)
        assert views.rename(found, "Old").text == "colour:red outcome:denied"
        views.delete(views.all().views[0])
        assert view.id not in {one.id for one in views.all().views}


def test_a_view_is_found_by_name_own_before_shared_before_shipped(office: Office) -> None:
    with office.by("ann") as views:
        shared = views.save("denied YESTERDAY", FAILED, shared=True)
    with office.by("bob") as views:
        assert views.named("Denied yesterday").id == shared.id
        views.save("Denied Yesterday", DENIED, shared=False)
        assert views.named("denied yesterday").is_own
    with office.by("cid") as views:
        views.save("Denied yesterday", DENIED, shared=True)
    with office.by("dan") as views:
        with pytest.raises(ViewError, match=r"^Several people share a view named .*: ann, cid\.$"):
            views.named("Denied yesterday")
        assert views.named("access CHANGES") == SHIPPED[2]


def test_a_mark_is_each_reader_s_own(office: Office, clock: HandClock) -> None:
    events = office.fill(5)
    with office.by("ann") as views:
        view = views.save("All", EVERYTHING, shared=True)
        left = ReadingMark(events[3].id, events[0].id, clock())
        views.mark({view.id: left, SHIPPED[4].id: left})
        marks = {one.name: one.mark for one in views.all().views}
        assert marks["All"] == marks["Not the system"] == left
        assert marks["Failed or denied"] is None
        clock.move(hours=1)
        later = ReadingMark(events[1].id, events[1].id, clock())
        views.mark({view.id: later})
        assert views.all().views[0].mark == replace(later, newest_id=events[0].id), "what was seen stays seen"
    with office.by("bob") as views:
        assert all(one.mark is None for one in views.all().views)
        views.mark({view.id: left})
    with office.by("ann") as views:
        assert views.all().views[0].mark != left
    assert {event.type for event in office.events()} == {"view.saved", "view.shared"}, "reading has no event"


def test_of_two_consoles_the_one_left_last_counts_whichever_writes_first(office: Office, clock: HandClock) -> None:
    events = office.fill(5)
    earlier = ReadingMark(events[3].id, events[0].id, clock())
    clock.move(hours=1)
    later = ReadingMark(events[2].id, events[1].id, clock())
    both = replace(later, newest_id=events[0].id)
    with office.by("ann") as views:
        for first, second in ((earlier, later), (later, earlier)):
            view = views.save("All", EVERYTHING, shared=False)
            views.mark({view.id: first})
            views.mark({view.id: second})
            assert views.all().views[0].mark == both
            views.mark({view.id: replace(later, event_id=events[4].id)})
            assert views.all().views[0].mark == replace(both, event_id=events[4].id), "of one moment, the last written"
            views.delete(view)


def test_a_mark_ends_with_its_view_or_its_query(office: Office, address: str, clock: HandClock) -> None:
    mark = ReadingMark(uuid4(), uuid4(), clock())
    with office.by("ann") as views:
        view = views.save("All", EVERYTHING, shared=True)
        views.mark({view.id: mark})
    with office.by("bob") as views:
        views.mark({view.id: mark})
    with office.by("ann") as views:
        view = views.rename(view, "Everything")
        assert views.all().views[0].mark == mark
        view = views.save("Everything", DENIED, shared=True, replacing=view)
        assert count_rows(address, "reading_mark") == 0
        views.mark({view.id: mark})
        views.delete(view)
        views.mark({view.id: mark, UUID(int=7): mark})
    assert count_rows(address, "reading_mark") == 0, "of what is gone nothing is kept"


def test_what_is_new_is_what_is_newer_than_what_was_stood_on(office: Office, clock: HandClock) -> None:
    query = parse_query("type:project.created last:all")
    with office.by("ann") as views:
        view = views.save("Projects", query, shared=False)
        assert views.counts(view) == ViewCounts(0, None)
        events = office.fill(5)
        assert views.counts(view) == ViewCounts(5, None)
        views.mark({view.id: ReadingMark(events[4].id, events[0].id, clock())})
        view = views.all().views[0]
        assert views.counts(view) == ViewCounts(5, 0)
        office.fill(MOST_NEW, hours=1)
        assert views.counts(view) == ViewCounts(5 + MOST_NEW, MOST_NEW)
        office.fill(1, hours=2)
        assert views.counts(view) == ViewCounts(6 + MOST_NEW, MOST_NEW, has_more_new=True)


def test_a_change_and_its_event_stand_or_fall_together(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("no event")

    with office.by("ann") as views:
        view = views.save("Denied", DENIED, shared=False)
        monkeypatch.setattr("data.store.event_writer.EventWriter.append", fail)
        attempts: list[Callable[[], object]] = [
            lambda: views.save("Other", DENIED, shared=False),
            lambda: views.rename(view, "Mine"),
            lambda: views.share(view, True),
            lambda: views.delete(view),
        ]
        for attempt in attempts:
            with pytest.raises(DatabaseError, match="no event"):
                attempt()
            assert views.all().views[:-5] == (view,)


def test_of_many_who_save_one_name_at_once_one_has_it(address: str) -> None:
    start = Barrier(4)

    def save(number: int) -> View | None:
        with closing(AuditLog(address, UTC_ZONE)) as log:
            start.wait(30)
            try:
                return log.views.save("Denied", parse_query(f"word{number} last:all"), shared=False)
            except ViewNameTaken:
                return None

    with ThreadPoolExecutor(4) as pool:
        saved = [view for view in pool.map(save, range(4), timeout=60) if view is not None]
    assert len(saved) == 1
    with closing(AuditLog(address, UTC_ZONE)) as log:
        assert log.views.all().views[0].text == saved[0].text


@pytest.mark.postgres
def test_what_was_kept_under_a_login_is_its_member_s(postgres_address: str, clock: HandClock) -> None:
    with closing(Database(postgres_address)) as database:
        enrol_login(database, "ann", "m-ann", roles=["reviewer"])
        with database.writing() as work:
            before = work.views_of("ann")
            old = View(uuid4(), "Denied", "outcome:denied last:7d")
            before.add(old)
            mark = ReadingMark(uuid4(), uuid4(), clock())
            before.mark({old.id: mark})
            work.commit()
    identity = As(Reference("member", "m-ann", "Ann Ode"))
    with closing(AuditLog(postgres_address, UTC_ZONE, clock=clock, identity=identity)) as log:
        found = log.views.all()
        assert (found.person, found.views[0].is_own, found.views[0].mark) == ("Ann Ode", True, mark)
        with pytest.raises(ViewNameTaken):
            log.views.save("denied", FAILED, shared=False)
        later = replace(mark, left_at=clock())
        log.views.mark({old.id: later})
        assert log.views.all().views[0].mark == later
        assert log.views.rename(found.views[0], "Refused").name == "Refused"
        log.views.delete(log.views.named("Refused"))
        assert log.views.all().views == SHIPPED
    assert count_rows(postgres_address, "reading_mark") == 0


def test_the_person_is_the_account_or_the_login(
    address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("LOGNAME", "USER", "USERNAME", "LNAME"):
        monkeypatch.setenv(variable, "somebody-else")
    with database._connect() as connection:
        person = person_at(connection)
        if "://" in address:
            connection.execute(sa.text("SET ROLE pg_monitor"))
            assert person == person_at(connection) == sa.make_url(address).username
        else:
            assert person == pwd.getpwuid(os.geteuid()).pw_name
            monkeypatch.setattr("os.geteuid", lambda: 2_000_000_001)
            assert person_at(connection) == "uid 2000000001"

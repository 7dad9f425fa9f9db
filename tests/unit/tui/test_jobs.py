"""Tests of tui.jobs."""

import logging
from collections.abc import Callable, Generator
from threading import Event as Signal
from threading import current_thread
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from textual.app import App
from textual.widget import Widget

from data.access.errors import NotPermitted, NotSignedIn
from data.errors import AuditdeckError, DatabaseUnavailable
from data.stop import Stop
from tui.jobs import Jobs

_LONG_S = 5.0


class _Owner(App[None]):
    """Hears answers, and hands them on as the screens do."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs = Jobs(self)
        self.answers: list[Any] = []
        self.failures: list[AuditdeckError] = []
        self.heard = 0

    def on_jobs_answered(self, message: Jobs.Answered) -> None:
        self.heard += 1
        self.jobs.deliver(message)

    def ask(self, topic: str, question: Callable[[Stop], object]) -> None:
        self.jobs.ask(topic, question, self.answers.append, self.failures.append)


class _Question:
    """A question whose answer comes when the test says so, even if it was called off."""

    def __init__(self, answer: object) -> None:
        self.stop: Stop | None = None
        self._answer = answer
        self._begun, self._release, self.ended = Signal(), Signal(), Signal()

    def __call__(self, stop: Stop) -> object:
        self.stop = stop
        self._begun.set()
        assert self._release.wait(_LONG_S)
        try:
            if isinstance(self._answer, Exception):
                raise self._answer
            return self._answer
        finally:
            self.ended.set()

    def begin(self) -> None:
        assert self._begun.wait(_LONG_S)

    def end(self) -> None:
        self._release.set()
        assert self.ended.wait(_LONG_S)


async def test_an_answer_comes_to_who_asked() -> None:
    owner, question = _Owner(), _Question("the answer")
    async with owner.run_test() as pilot:
        owner.ask("count", question)
        assert owner.jobs.is_asking() and owner.jobs.is_asking("count") and not owner.jobs.is_asking("open")
        question.begin()
        question.end()
        await pilot.pause()
        assert owner.answers == ["the answer"] and not owner.jobs.is_asking()


async def test_who_watches_is_told_again_and_again_and_keeps_nobody_waiting() -> None:
    owner, ended = _Owner(), Signal()

    def watch(stop: Stop) -> Generator[int, None, None]:
        try:
            yield 1
            yield 2
            while not stop.requested:
                yield 3
        finally:
            ended.set()

    async with owner.run_test() as pilot:
        owner.jobs.watch("arrivals", watch, owner.answers.append, owner.failures.append)
        while owner.answers[:3] != [1, 2, 3]:
            await pilot.pause()
        assert owner.jobs.is_asking("arrivals") and not owner.jobs.is_asking(), "there is nothing to wait for"
        owner.jobs.drop("arrivals")
        assert ended.wait(_LONG_S)
        await pilot.pause()
        told = len(owner.answers)
        await pilot.pause()
        assert len(owner.answers) == told and owner.failures == []


async def test_watching_that_failed_is_over() -> None:
    owner = _Owner()

    def watch(_: Stop) -> Generator[int, None, None]:
        yield 1
        raise DatabaseUnavailable("gone")

    async with owner.run_test() as pilot:
        owner.jobs.watch("arrivals", watch, owner.answers.append, owner.failures.append)
        while not owner.failures:
            await pilot.pause()
        assert owner.answers == [1] and not owner.jobs.is_asking("arrivals")


async def test_a_newer_question_calls_the_older_one_off() -> None:
    owner, old, new = _Owner(), _Question("old"), _Question("new")
    async with owner.run_test():
        owner.ask("count", old)
        old.begin()
        owner.ask("count", new)
        assert old.stop is not None and old.stop.requested
        new.begin()
        assert new.stop is not None and not new.stop.requested
        old.end()
        new.end()


@pytest.mark.parametrize("old_first", [True, False])
async def test_an_old_answer_is_dropped_whenever_it_comes(old_first: bool) -> None:
    owner, old, new = _Owner(), _Question("old"), _Question("new")
    async with owner.run_test() as pilot:
        owner.ask("count", old)
        old.begin()
        owner.ask("count", new)
        new.begin()
        for question in (old, new) if old_first else (new, old):
            question.end()
            await pilot.pause()
        assert owner.answers == ["new"] and owner.failures == []


async def test_an_answer_that_was_already_on_its_way_is_dropped_too() -> None:
    owner, new = _Owner(), _Question("new")
    async with owner.run_test() as pilot:
        owner.ask("count", lambda _: "old")
        stale = Jobs.Answered("count", 1, "old", None)
        owner.ask("count", new)
        owner.jobs.deliver(stale)
        assert owner.answers == [] and owner.jobs.is_asking("count")
        new.end()
        await pilot.pause()
        assert owner.answers == ["new"]


async def test_topics_do_not_call_each_other_off() -> None:
    owner, count, facets = _Owner(), _Question(1), _Question(2)
    async with owner.run_test() as pilot:
        owner.ask("count", count)
        owner.ask("facets", facets)
        facets.end()
        count.end()
        await pilot.pause()
        assert sorted(owner.answers) == [1, 2]


async def test_what_is_called_off_is_not_heard() -> None:
    owner, count, facets = _Owner(), _Question(1), _Question(2)
    async with owner.run_test() as pilot:
        owner.ask("count", count)
        owner.ask("facets", facets)
        owner.jobs.drop("count")
        assert not owner.jobs.is_asking("count") and owner.jobs.is_asking("facets")
        owner.jobs.drop_all()
        assert not owner.jobs.is_asking()
        count.end()
        facets.end()
        await pilot.pause()
        assert owner.answers == [] and owner.failures == [] and owner.heard == 0


async def test_a_failure_that_can_be_told_is_told() -> None:
    owner, lost = _Owner(), DatabaseUnavailable("No answer.")
    async with owner.run_test() as pilot:
        question = _Question(lost)
        owner.ask("count", question)
        question.end()
        await pilot.pause()
        assert owner.failures == [lost] and owner.answers == [] and not owner.jobs.is_asking()


async def test_a_question_that_stops_because_it_was_called_off_says_nothing() -> None:
    owner, begun, release = _Owner(), Signal(), Signal()

    def question(stop: Stop) -> None:
        begun.set()
        assert release.wait(_LONG_S)
        stop.check()

    async with owner.run_test() as pilot:
        owner.ask("count", question)
        assert begun.wait(_LONG_S)
        owner.jobs.drop("count")
        release.set()
        await pilot.pause()
        assert owner.failures == [] and owner.answers == []


async def test_a_fault_of_the_program_surfaces(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Once a command ran in this process, the program's records go to its own file, and no further up.
    logger = logging.getLogger("auditdeck.jobs")
    monkeypatch.setattr(logger, "handlers", [caplog.handler])
    monkeypatch.setattr(logger, "disabled", False)
    monkeypatch.setattr(logger, "propagate", False)
    owner = _Owner()
    async with owner.run_test() as pilot:
        question = _Question(ZeroDivisionError("a fault"))
        owner.ask("count", question)
        question.end()
        for _ in range(50):
            if owner.failures:
                break
            await pilot.pause(0.01)
        (failure,) = owner.failures
        assert "fault of auditdeck" in str(failure) and not owner.jobs.is_asking()
    assert any(record.exc_info and record.exc_info[0] is ZeroDivisionError for record in caplog.records)


async def test_questions_are_answered_outside_the_interface() -> None:
    owner = _Owner()
    names: list[str] = []

    def question(_: Stop) -> None:
        names.append(current_thread().name)
        assert current_thread().daemon, "a question must not keep the program from ending"

    async with owner.run_test() as pilot:
        owner.ask("count", question)
        await pilot.pause()
        assert names == ["auditdeck-count"]


async def test_an_answer_is_heard_by_its_owner_alone() -> None:
    class Inner(Widget):
        heard = 0

        def on_jobs_answered(self) -> None:
            self.heard += 1

    owner, inner = _Owner(), Inner()
    async with owner.run_test() as pilot:
        await owner.mount(inner)
        Jobs(inner).ask("count", lambda _: 1, owner.answers.append, owner.failures.append)
        await pilot.pause()
        assert inner.heard == 1 and owner.heard == 0


async def test_what_is_asked_by_itself_is_not_asked_again_once_it_was_refused() -> None:
    owner = _Owner()
    asked = 0

    def question(_: Stop) -> object:
        nonlocal asked
        asked += 1
        raise NotPermitted("This needs audit:read.")

    async with owner.run_test() as pilot:

        async def poll() -> bool:
            was_asked = owner.jobs.poll("new", question, owner.answers.append, owner.failures.append)
            while owner.jobs.is_asking("new"):
                await pilot.pause(0.01)
            return was_asked

        assert [await poll() for _ in range(3)] == [True, False, False]
        assert asked == len(owner.failures) == 1, "each refusal stands in the log"
        owner.jobs.forget_refusals()
        assert [await poll() for _ in range(2)] == [True, False]
        assert asked == 2


async def test_what_failed_otherwise_is_asked_again_by_itself() -> None:
    owner, question = _Owner(), _Question(DatabaseUnavailable("gone"))
    async with owner.run_test() as pilot:
        assert owner.jobs.poll("new", question, owner.answers.append, owner.failures.append)
        question.begin()
        question.end()
        await pilot.pause()
        assert len(owner.failures) == 1
        assert owner.jobs.poll("new", lambda _: 7, owner.answers.append, owner.failures.append)


async def test_what_is_closed_asks_nothing_more() -> None:
    app = _Owner()
    async with app.run_test():
        first, second = _Question(1), _Question(2)
        app.ask("one", first)
        first.begin()
        app.jobs.close()
        assert first.stop is not None and first.stop.requested and not app.jobs.is_asking()
        app.ask("two", second)
        assert not app.jobs.is_asking() and second.stop is None
        first.end()


async def test_whoever_is_nobody_here_is_told_so_whichever_question_it_was() -> None:
    class Hearing(_Owner):
        turned_away: AuditdeckError | None = None

        def on_jobs_turned_away(self, message: Jobs.TurnedAway) -> None:
            self.turned_away = message.error

    app = Hearing()
    async with app.run_test() as pilot:
        error = NotSignedIn("This session was ended by Ben Ito.")
        question = _Question(error)
        app.ask("anything", question)
        question.begin()
        question.end()
        while app.turned_away is None:
            await pilot.pause(0.01)
        assert app.turned_away is error and app.failures == [error]


async def test_what_is_called_off_between_two_statements_is_broken_off_at_the_next() -> None:
    owner, running, ended = _Owner(), Signal(), Signal()
    broken_off: list[int] = []

    def question(stop: Stop) -> None:
        statement = Signal()

        def interrupt() -> None:
            broken_off.append(len(broken_off))
            if len(broken_off) > 1:  # the first comes while no statement runs
                statement.set()

        with stop.interrupting(interrupt):
            running.set()
            assert statement.wait(_LONG_S), "the second statement ran on"
        ended.set()

    async with owner.run_test():
        owner.ask("count", question)
        assert running.wait(_LONG_S)
        owner.jobs.drop("count")
        assert ended.wait(_LONG_S)
        stops = [thread for thread in enumerate_threads() if thread.name == "auditdeck-count-stop"]
        for thread in stops:
            thread.join(_LONG_S)
            assert not thread.is_alive(), "what is over is not interrupted for ever"

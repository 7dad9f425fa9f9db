"""The only place that starts threads: questions to the database run here, and answers to old questions are dropped."""

import logging
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, repeat
from types import TracebackType
from typing import Any, Protocol, TypeVar, runtime_checkable

from textual.message import Message
from textual.message_pump import MessagePump

from data.errors import AuditdeckError, OpenedAsOwner, ProgramFault, SettingsError
from data.memory import given_back
from data.stop import Stop

T = TypeVar("T")
_LOG = logging.getLogger("auditdeck.jobs")
# Soon at first; each time is a connection of its own to a server, which need not be overrun by them.
_INTERRUPTED_AFTER_S = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_FAULT = "This is a fault of auditdeck itself; its operational log has the details."


@dataclass(frozen=True, slots=True)
class _Pending:
    """A question that is being answered."""

    stamp: int
    stop: Stop
    then: Callable[[Any], None]
    failed: Callable[[AuditdeckError], None]
    is_watching: bool = False
    """Whether it is answered again and again."""


class _Telling:
    """Whatever goes wrong within is told to the owner, and ends there: a thread has nobody above it to hear of it."""

    def __init__(self, tell: Callable[[AuditdeckError], None], topic: str) -> None:
        self._tell = tell
        self._topic = topic

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if isinstance(error, AuditdeckError):
            self._tell(error)
        elif error is not None:
            _LOG.error("the question %r failed", self._topic, exc_info=error)
            self._tell(ProgramFault(_FAULT))
        return True


@runtime_checkable
class Asking(Protocol):
    """A screen that asks questions."""

    @property
    def is_asking(self) -> bool:
        """Whether it waits for an answer."""


class Jobs:
    """Asks questions in threads on behalf of one widget or screen, the owner.

    Each question has a topic. A newer question of a topic calls the older one off, and whatever that still answers is
    dropped: threads cannot be stopped, so the stamp decides. The owner hands every `Jobs.Answered` to `deliver`.
    """

    class Answered(Message, bubble=False):
        """A question was answered, by `value` or by `error`. Internal to the owner: hand it to `deliver`."""

        def __init__(self, topic: str, stamp: int, value: object, error: AuditdeckError | None) -> None:
            super().__init__()
            self.topic = topic
            self.stamp = stamp
            self.value = value
            self.error = error

    class TurnedAway(Message, bubble=True):
        """Whoever asks is nobody here, or no longer: for the application, whichever question it was that told of it."""

        def __init__(self, error: AuditdeckError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, owner: MessagePump) -> None:
        self._owner = owner
        self._stamp = 0
        self._pending: dict[str, _Pending] = {}
        self._refused: set[str] = set()
        self._is_closed = False

    def ask(
        self,
        topic: str,
        question: Callable[[Stop], T],
        then: Callable[[T], None],
        failed: Callable[[AuditdeckError], None],
    ) -> None:
        """Run `question` in a thread; then, on the owner's own message loop, `then` with its answer or `failed`."""
        self._begin(topic, self._answer, question, then, failed)

    def watch(
        self,
        topic: str,
        question: Callable[[Stop], Generator[T, None, None]],
        then: Callable[[T], None],
        failed: Callable[[AuditdeckError], None],
    ) -> None:
        """`ask` what is answered again and again, until the topic is dropped or it failed: nobody waits for the next answer."""
        self._begin(topic, self._answer_each, question, then, failed, is_watching=True)

    def poll(
        self,
        topic: str,
        question: Callable[[Stop], T],
        then: Callable[[T], None],
        failed: Callable[[AuditdeckError], None],
    ) -> bool:
        """`ask` what is asked again and again by itself; whether it is.

        Once it is not permitted it is not asked any more until `forget_refusals`: each refusal stands in the log.
        """
        if topic in self._refused:
            return False
        self.ask(topic, question, then, failed)
        return True

    def forget_refusals(self) -> None:
        """Somebody asks by hand: what was not permitted may be so now."""
        self._refused.clear()

    def drop(self, *topics: str) -> None:
        """Call off what is asked about these topics; its answer will not be heard."""
        for topic in topics:
            pending = self._pending.pop(topic, None)
            if pending is not None:
                pending.stop.request()
                # Breaking off may mean asking a server that does not answer, and nobody waits for that.
                threading.Thread(
                    target=_interrupt_until_over, args=(pending.stop,), name=f"auditdeck-{topic}-stop", daemon=True
                ).start()

    def drop_all(self) -> None:
        """Call everything off."""
        self.drop(*list(self._pending))

    def close(self) -> None:
        """Call everything off, and ask nothing more: whoever asks is told nothing, as if the answer never came."""
        self._is_closed = True
        self.drop_all()

    def is_asking(self, *topics: str) -> bool:
        """Whether a question of one of these topics waits for its answer; of any topic, when none is named."""
        if topics:
            return bool(self._pending.keys() & set(topics))
        return any(not pending.is_watching for pending in self._pending.values())

    def deliver(self, message: Answered) -> None:
        """Take an answer to whom it may concern, or drop it."""
        pending = self._pending.get(message.topic)
        if pending is None or pending.stamp != message.stamp:
            return
        if message.error is not None or not pending.is_watching:
            del self._pending[message.topic]
        if message.error is None:
            pending.then(message.value)
        else:
            if _is_turned_away(message.error):
                self._owner.post_message(self.TurnedAway(message.error))
            elif is_refused(message.error):
                self._refused.add(message.topic)
            pending.failed(message.error)

    def _begin(
        self,
        topic: str,
        answer: Callable[[str, _Pending, Any], None],
        question: Callable[[Stop], object],
        then: Callable[[Any], None],
        failed: Callable[[AuditdeckError], None],
        *,
        is_watching: bool = False,
    ) -> None:
        self.drop(topic)
        if self._is_closed:
            return
        self._stamp += 1
        pending = _Pending(self._stamp, Stop(), then, failed, is_watching)
        self._pending[topic] = pending
        threading.Thread(target=answer, args=(topic, pending, question), name=f"auditdeck-{topic}", daemon=True).start()

    def _answer(self, topic: str, pending: _Pending, question: Callable[[Stop], object]) -> None:
        with given_back(), _Telling(lambda error: self._post(topic, pending, None, error), topic):
            self._post(topic, pending, question(pending.stop), None)

    def _answer_each(
        self, topic: str, pending: _Pending, question: Callable[[Stop], Generator[object, None, None]]
    ) -> None:
        with (
            _Telling(lambda error: self._post(topic, pending, None, error), topic),
            closing(question(pending.stop)) as told,
        ):
            for value in told:
                self._post(topic, pending, value, None)

    def _post(self, topic: str, pending: _Pending, value: object, error: AuditdeckError | None) -> None:
        if not pending.stop.requested:
            self._owner.post_message(self.Answered(topic, pending.stamp, value, error))


def _interrupt_until_over(stop: Stop) -> None:
    """Break off one statement after the other: while an older question holds its connection, a newer one may lack one."""
    for pause_s in chain(_INTERRUPTED_AFTER_S, repeat(_INTERRUPTED_AFTER_S[-1])):
        if not stop.interrupt():
            return
        time.sleep(pause_s)


def within(seconds: float, name: str, call: Callable[[], None]) -> None:
    """Make a call that nobody hears of again, and wait for it no longer than that."""

    def quietly() -> None:
        with _Telling(lambda error: _LOG.warning("%r came to nothing: %s", name, error), name):
            call()

    thread = threading.Thread(target=quietly, name=f"auditdeck-{name}", daemon=True)
    thread.start()
    thread.join(seconds)


def is_refused(error: AuditdeckError) -> bool:
    """Whether somebody may not do what was asked: that stands in the log, each time."""
    from data.access.errors import NotPermitted

    return isinstance(error, NotPermitted)


def _is_turned_away(error: AuditdeckError) -> bool:
    # Imported when something went wrong: the first paint waits for no records.
    from data.access.errors import NotSignedIn

    return isinstance(error, NotSignedIn | OpenedAsOwner | SettingsError)

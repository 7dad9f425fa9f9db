"""Properties that are found out once: of one object, and of several in threads of their own."""

from functools import cached_property
from threading import Event, Thread

from data.once import once
from data.store import ReadTransaction, UnitOfWork

_PATIENCE_S = 10.0


class _Question:
    """Finds its answer once it may."""

    def __init__(self, may_answer: Event) -> None:
        self.asked = Event()
        self.times = 0
        self._may_answer = may_answer

    @once
    def answer(self) -> int:
        """How often it was asked."""
        self.asked.set()
        assert self._may_answer.wait(_PATIENCE_S)
        self.times += 1
        return self.times


def test_it_is_found_out_once() -> None:
    now = Event()
    now.set()
    question, another = _Question(now), _Question(now)
    assert (question.answer, question.answer, question.times, another.times) == (1, 1, 1, 0)
    assert _Question.answer.__doc__ == "How often it was asked."


def test_nobody_waits_for_what_another_thread_asks() -> None:
    now, later = Event(), Event()
    now.set()
    waiting, quick = _Question(later), _Question(now)
    threads = [Thread(target=lambda one=one: one.answer, daemon=True) for one in (waiting, quick)]
    threads[0].start()
    assert waiting.asked.wait(_PATIENCE_S)
    threads[1].start()
    threads[1].join(_PATIENCE_S / 5)
    was_waiting = threads[1].is_alive()
    later.set()
    for thread in threads:
        thread.join(_PATIENCE_S)
    assert not was_waiting and (waiting.times, quick.times) == (1, 1)


def test_no_transaction_waits_for_another_one_outside_the_database() -> None:
    for kind in (UnitOfWork, ReadTransaction):
        assert not [name for name, one in vars(kind).items() if isinstance(one, cached_property)]
        assert any(isinstance(one, once) for one in vars(kind).values())

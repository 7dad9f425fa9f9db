"""Tests of data.gateway.policy_memory."""

import threading
import time

from data.errors import DatabaseUnavailable
from data.gateway.policy_memory import REMEMBERED_S, PolicyMemory
from data.policy import DEFAULT_POLICY, Policy

ASKING = 8


def test_rules_are_read_anew_after_a_few_seconds() -> None:
    now, read = 100.0, [Policy(overlap_days=days) for days in (3, 2, 1)]
    memory = PolicyMemory(read.pop, lambda: now)
    assert [memory.get().overlap_days for _ in range(2)] == [1, 1]
    now += REMEMBERED_S
    assert memory.get().overlap_days == 2


def test_whoever_waited_for_a_database_that_is_away_does_not_wait_again() -> None:
    everybody_asks = threading.Event()
    reads: list[int] = []
    answers: list[object] = []

    def read() -> Policy:
        reads.append(1)
        if len(reads) == 1:
            everybody_asks.wait(10)
            raise DatabaseUnavailable("away")
        return DEFAULT_POLICY

    memory = PolicyMemory(read)

    def ask() -> None:
        try:
            answers.append(memory.get())
        except DatabaseUnavailable as error:
            answers.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(ASKING)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)  # until all of them wait
    everybody_asks.set()
    for thread in threads:
        thread.join(10)
    assert answers == ["away"] * ASKING and len(reads) == 1
    assert memory.get() == DEFAULT_POLICY

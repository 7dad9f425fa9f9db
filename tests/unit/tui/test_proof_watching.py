"""Looking after the proof: what waits behind a keeper that gets on is nothing to tell of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from data.proof_state import MOST_COUNTED, ProofState
from tui.presenters.proof import proof_trouble
from tui.proof_watching import ProofWatching

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)
ZONE = ZoneInfo("UTC")


class Jobs:
    """Answers at once, with the states that it was given."""

    def __init__(self, *states: ProofState) -> None:
        self._states = [*states]

    def is_asking(self, *_topics: str) -> bool:
        return False

    def poll(self, _topic: str, _question: object, then: Callable[[ProofState], None], _failed: object) -> bool:
        then(self._states.pop(0))
        return True


def told(*states: ProofState) -> list[str | None]:
    """What stands above the log after each look."""
    seen: list[str | None] = []
    jobs: Any = Jobs(*states)
    watching = ProofWatching(jobs, lambda: None, lambda state: seen.append(proof_trouble(state, ZONE)))  # type: ignore[arg-type]
    for _ in states:
        watching.look()
    return seen


def waiting(count: int) -> ProofState:
    return ProofState(NOW, unsealed=count, unsealed_since=LONG_AGO)


def test_what_nobody_seals_is_told_from_the_second_look_on() -> None:
    sentence = "Nothing was sealed since 20 Nov 2026 09:00 UTC: 5 events wait for a place in the proof."
    assert told(waiting(5), waiting(5), waiting(5)) == [None, sentence, sentence]
    assert told(waiting(1), waiting(1))[1] == (
        "Nothing was sealed since 20 Nov 2026 09:00 UTC: 1 event waits for a place in the proof."
    )


def test_what_is_being_sealed_is_not() -> None:
    assert told(waiting(9_000), waiting(7_000), waiting(5_000), ProofState(NOW)) == [None] * 4
    assert told(waiting(9), waiting(12))[1] is not None


def test_more_than_are_counted_are_being_sealed_while_the_tree_grows() -> None:
    many = [replace(waiting(MOST_COUNTED), size=size) for size in (0, 2_000, 4_000, 4_000)]
    sentence = "Nothing was sealed since 20 Nov 2026 09:00 UTC: 10,000 or more events wait for a place in the proof."
    assert told(*many) == [None, None, None, sentence]


def test_what_came_just_now_is_not() -> None:
    fresh = ProofState(NOW, unsealed=3, unsealed_since=NOW - timedelta(seconds=2))
    assert told(fresh, fresh, fresh) == [None] * 3


def test_a_proof_that_does_not_hold_is_told_at_once() -> None:
    assert told(ProofState(NOW, mismatch="Of 3 events some were changed.")) == [
        "THE PROOF DOES NOT HOLD. Of 3 events some were changed."
    ]

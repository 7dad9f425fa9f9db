"""Events with something of everything, for what is kept of events."""

from collections.abc import Sequence
from datetime import timedelta

from data.clock import to_microseconds
from data.records import Draft, Outcome, Reference
from data.store.identity import id_at
from tests.hand_clock import NOW


def varied(numbers: Sequence[int]) -> list[Draft]:
    """Events with something of everything, some of the same millisecond; the same numbers make the same events."""
    return [_varied(number) for number in numbers]


def _varied(number: int) -> Draft:
    occurred_at = NOW + timedelta(milliseconds=number // 3)
    return Draft(
        type=f"project.{('created', 'renamed', 'deleted')[number % 3]}",
        occurred_at=occurred_at,
        outcome=tuple(Outcome)[number % 2],
        actor=Reference("member", f"m-{number % 7}", f"Alice the {number % 11}."),
        client=Reference("api_client", f"c-{number % 5}", "Sync") if number % 4 else None,
        target=Reference("project", None, f"Target {number % 90}") if number % 2 else None,
        service=("console", "Console", "gateway")[number % 3],
        ip=f"198.51.100.{number % 20}" if number % 6 else None,
        duration_ms=number * 7 if number % 5 else None,
        request_id=f"req-{number}" if number % 3 else None,
        session_id=f"s-{number // 25}",
        reason="asked for" if number % 8 == 0 else None,
        id=id_at(to_microseconds(occurred_at), number * 7919 % 1000 << 40 | number),
    )

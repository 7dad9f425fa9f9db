"""Refusals that are not worth a row each: counted by the minute, so that strangers cannot fill the database."""

from dataclasses import dataclass, replace
from datetime import datetime

from data.records import Draft
from data.refusals import RefusalCode
from data.requests import GatheredRefusals, Request, gathered_draft, request_draft

MOST_A_MINUTE = 100
"""So many different addresses, services and tokens are told apart in one minute; the rest is counted without an address."""

STRANGERS = frozenset(
    {
        RefusalCode.UNKNOWN_TOKEN,
        RefusalCode.MISTYPED_TOKEN,
        RefusalCode.NO_TOKEN,
        RefusalCode.CONFLICTING_TOKENS,
    }
)
"""Refusals that anybody can bring about."""


@dataclass(slots=True)
class _Gathered:
    first: Request
    count: int = 1


_Key = tuple[datetime, RefusalCode | None, str | None, str | None, str | None]


class Gathering:
    """Counts refusals by minute, code, address, service and, where the secret alone was wrong, token. Not thread-safe."""

    def __init__(self) -> None:
        self._gathered: dict[_Key, _Gathered] = {}
        self._told_apart: dict[datetime, int] = {}

    def __bool__(self) -> bool:
        return bool(self._gathered)

    @staticmethod
    def takes(request: Request) -> bool:
        """Whether a request is one to be counted: a stranger's, or one that names a client without proof."""
        return request.refusal in STRANGERS or request.refusal is RefusalCode.WRONG_SECRET

    def add(self, request: Request) -> None:
        """Count a refusal."""
        minute = request.executed_at.replace(second=0, microsecond=0)
        named = request.token if request.refusal is RefusalCode.WRONG_SECRET else None
        key: _Key = (minute, request.refusal, request.ip, request.service, named)
        if key not in self._gathered:
            count = self._told_apart.get(minute, 0)
            if count >= MOST_A_MINUTE:
                request = replace(request, ip=None, service=None, client=None, token=None)
                key = (minute, request.refusal, None, None, None)
            else:
                self._told_apart[minute] = count + 1
        gathered = self._gathered.get(key)
        if gathered is None:
            self._gathered[key] = _Gathered(request)
        else:
            gathered.count += 1

    def take(self, until: datetime | None = None) -> list[Draft]:
        """The events of the minutes that were over by then (all, with None), which are not counted on."""
        minute = None if until is None else until.replace(second=0, microsecond=0)
        over = [key for key in self._gathered if minute is None or key[0] < minute]
        for key in over:
            self._told_apart.pop(key[0], None)
        return [_draft(self._gathered.pop(key)) for key in over]


def _draft(gathered: _Gathered) -> Draft:
    first = gathered.first
    assert first.refusal is not None
    if first.client is None:
        return gathered_draft(
            GatheredRefusals(
                count=gathered.count,
                first_at=first.executed_at,
                refusal=first.refusal,
                ip=first.ip,
                service=first.service,
            )
        )
    draft = request_draft(first)
    return replace(draft, data={**draft.data, "count": gathered.count})

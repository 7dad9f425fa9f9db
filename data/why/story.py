"""A client's story: its runs and changes on one line of time, the causes marked, and the answer on top."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from data.clients.model import ApiClient, ClientStatus
from data.records import Event, Reference
from data.why.causes import cause_of
from data.why.model import Answer, Cause, ChangeLine, Likelihood, Run, RunLine, State, Story
from data.why.runs import gather
from data.why.wording import Calendar, brief, counted, joined

_FIRST_SERVER_ERROR = 500
_FIRST_ERROR = 400
# So near to each other, what was let in and what was refused happened side by side.
_AT_THE_SAME_TIME = timedelta(hours=1)


def tell(
    subject: Reference,
    client: ApiClient | None,
    requests: Sequence[Event],
    changes: Sequence[Event],
    calendar: Calendar,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    earlier: int = 0,
    gap_before: UUID | None = None,
) -> Story:
    """Tell a client's story. `requests` and `changes` are oldest first, the changes from any time: of those outside
    [since, until) only the ones that are to blame are shown.

    `earlier` requests of these dates are not among `requests`; they lie before the one with the id `gap_before`.
    """
    runs = gather(requests, changes, gap_before)
    causes = {run: cause_of(run, changes, client, calendar) for run in runs}
    blamed = _blamed(causes.values())
    shown = [
        one
        for one in changes
        if one.id in blamed
        or ((since is None or one.occurred_at >= since) and (until is None or one.occurred_at < until))
    ]
    lines: list[RunLine | ChangeLine] = [
        *(ChangeLine(change, blamed.get(change.id)) for change in shown),
        *(RunLine(run, cause) for run, cause in causes.items()),
    ]
    lines.sort(key=_place, reverse=True)
    answer = _Answering(runs, causes, client, calendar).answer()
    return Story(subject, client, answer, tuple(lines), calendar.now, len(requests) + earlier, earlier)


def _place(line: RunLine | ChangeLine) -> tuple[datetime, int, UUID]:
    """Where it is in time. Of one moment, what was done comes after what was let in, and before what was refused."""
    if isinstance(line, ChangeLine):
        return line.at, 1, line.event.id
    return line.at, 2 if line.run.is_refused else 0, line.run.last_id


def _blamed(causes: Iterable[Cause | None]) -> dict[UUID, Cause]:
    """What each change is blamed for: the surest of it, and of that the last."""
    found: dict[UUID, Cause] = {}
    for cause in causes:
        if cause is None or cause.change is None:
            continue
        before = found.get(cause.change.id)
        if before is None or before.likelihood is not Likelihood.LIKELY or cause.likelihood is Likelihood.LIKELY:
            found[cause.change.id] = cause
    return found


class _Answering:
    """Finds the words for how it stands."""

    def __init__(
        self, runs: Sequence[Run], causes: dict[Run, Cause | None], client: ApiClient | None, calendar: Calendar
    ) -> None:
        self._causes = causes
        self._client = client
        self._calendar = calendar
        self._served = [run for run in runs if not run.is_refused]
        self._refused = [run for run in runs if run.is_refused and run.is_proven]
        self._named = [run for run in runs if run.is_refused and not run.is_proven]

    def answer(self) -> Answer:
        """How it stands. What was refused counts for more than what was let in after the first refusal."""
        last_served = max((run.last_at for run in self._served), default=None)
        trailing = [run for run in self._refused if last_served is None or run.last_at > last_served]
        if self._is_mixed(last_served):
            return self._partly()
        if trailing:
            return self._stopped(trailing, last_served)
        if self._named and (last_served is None or self._named[-1].last_at > last_served):
            return self._only_named(last_served)
        if self._served:
            return self._let_in()
        return self._quiet()

    def _is_mixed(self, last_served: datetime | None) -> bool:
        """Whether some calls are let in and some refused, at the end of what is known."""
        if not self._refused or last_served is None:
            return False
        last = self._refused[-1]
        return last.served_within > 0 and abs(last.last_at - last_served) <= _AT_THE_SAME_TIME

    def _stopped(self, trailing: list[Run], last_served: datetime | None) -> Answer:
        run = min(trailing, key=lambda one: one.alone_since)
        cause = self._causes[run]
        assert cause is not None
        begun = self._calendar.at(run.alone_since)
        if last_served is None:
            first = (
                f"No call was let in within these dates, since {self._calendar.moment(run.first_at)}: {cause.reason}"
            )
        else:
            first = f"It stopped working {begun}: {cause.reason}"
        rest = [self._refusals(trailing)]
        latest = trailing[-1]
        latest_cause = self._causes[latest]
        if latest_cause is not None and latest_cause.reason != cause.reason:
            rest.append(f"Since {self._calendar.moment(latest.first_at)} also: {latest_cause.reason}")
        if last_served is not None:
            rest.append(f"The last call that was let in was {self._calendar.at(last_served)}.")
        return Answer(State.STOPPED, (first, *rest), cause, run.alone_since)

    def _partly(self) -> Answer:
        run = self._refused[-1]
        cause = self._causes[run]
        assert cause is not None
        first = f"Some of its calls are refused since {self._calendar.moment(run.first_at)}, others are let in: {cause.reason}"
        return Answer(State.PARTLY, (first, self._refusals([run])), cause, run.first_at)

    def _only_named(self, last_served: datetime | None) -> Answer:
        run = self._named[-1]
        cause = self._causes[run]
        assert cause is not None
        since = self._named_since(last_served)
        first = (
            f"Named, not proven: since {self._calendar.moment(since)} somebody has named "
            f"{brief(run.token or 'a token of it')} with a wrong secret, and no call was let in."
        )
        rest = [cause.reason]
        if last_served is not None:
            rest.append(f"The last call that was let in was {self._calendar.at(last_served)}.")
        return Answer(State.NAMED, (first, *rest), cause, since)

    def _named_since(self, last_served: datetime | None) -> datetime:
        return min(run.first_at for run in self._named if last_served is None or run.last_at > last_served)

    def _let_in(self) -> Answer:
        run = self._served[-1]
        last = self._calendar.at(run.last_at)
        status = run.status
        rest = [*self._how_it_was(), *self._how_it_ends(run.last_at)]
        if status is not None and status >= _FIRST_ERROR:
            whose = "the service failed" if status >= _FIRST_SERVER_ERROR else "the service did not take it"
            first = f"Its token works, but its last call, {last}, was answered with {status}: {whose}."
            return Answer(State.FAILING, (first, *rest), since=run.first_at)
        answered = "was let in" if status is None else f"was answered with {status}"
        if self._ended() is not None:
            return Answer(State.WELL, (f"Nothing was refused: its last call, {last}, {answered}.", *rest))
        return Answer(State.WELL, (f"All is well: its last call, {last}, {answered}.", *rest))

    def _how_it_was(self) -> list[str]:
        """What was refused before it went well again."""
        told = []
        if self._refused:
            run = self._refused[-1]
            cause = self._causes[run]
            assert cause is not None
            span = f"from {self._calendar.moment(run.first_at)} to {self._calendar.moment(run.last_at)}"
            told.append(f"It was refused {span}: {cause.reason}")
        if self._named:
            run = self._named[-1]
            told.append(
                f"Named, not proven: {self._calendar.at(run.last_at)} somebody named {brief(run.token or 'a token of it')} "
                f"with a wrong secret, {counted(run.count, 'time', at_least=run.is_partial)}."
            )
        return told

    def _how_it_ends(self, last: datetime | None) -> list[str]:
        """That the client or all its tokens ended after its last call."""
        client, ended = self._client, self._ended()
        if client is None or ended is None:
            return []
        return [f"{ended} {'It has not called since.' if last is not None else ''}".strip()]

    def _ended(self) -> str | None:
        client, calendar = self._client, self._calendar
        if client is None:
            return None
        match client.status(calendar.now, calendar.organisation):
            case ClientStatus.REVOKED if client.revoked_at is not None:
                return f"{brief(client.revoked_by or 'Somebody')} revoked it {calendar.at(client.revoked_at)}: its next call will be refused."
            case ClientStatus.DELETED if client.deleted_at is not None:
                return f"It was deleted {calendar.at(client.deleted_at)}: its next call will be refused."
            case ClientStatus.EXPIRED:
                return f"Its last day was {calendar.day(client.details.expires)}: its next call will be refused."
            case _ if not client.live_tokens(calendar.now, calendar.organisation):
                return "It has no token that works: its next call will be refused."
        return None

    def _quiet(self) -> Answer:
        client = self._client
        first = "It made no request within these dates."
        if client is not None:
            used = client.last_used_at
            if used is None:
                first += " None of its tokens was ever used."
            else:
                token = max(client.tokens, key=lambda one: one.last_used_at or one.issued_at)
                place = f", from {token.last_used_ip}" if token.last_used_at == used and token.last_used_ip else ""
                first += f" A token of it was last used {self._calendar.at(used)}{place}."
        return Answer(State.QUIET, (first, *self._how_it_ends(None)))

    def _refusals(self, runs: list[Run]) -> str:
        count = counted(sum(run.count for run in runs), "call", at_least=any(run.is_partial for run in runs))
        places = list(dict.fromkeys(address for run in runs for address in map(brief, run.addresses)))
        more = len(places) > 3 or any(run.address_count > len(run.addresses) for run in runs)
        origin = "" if not places else f", from {joined(places[:3])}{' and others' if more else ''}"
        last = max(run.last_at for run in runs)
        verb = "was" if count == "1 call" else "were"
        return f"{count} {verb} refused{origin}; the last one {self._calendar.at(last)}."

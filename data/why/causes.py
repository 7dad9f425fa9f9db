"""Which change caused a run of refusals: for each code, the last change before its first refusal that explains it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from data.clients.expiry import end_of_day
from data.clients.model import ApiClient
from data.clients.scopes import covers
from data.query.addresses import read_address, read_network
from data.records import Change, Event, Json, Outcome
from data.refusals import RefusalCode
from data.why.model import Cause, Likelihood, Run
from data.why.wording import Calendar, brief, joined

SHORTLY = timedelta(days=7)
"""So long after a rotation a wrong secret may come of it: as long as an overlap lasts unless policy says otherwise."""

MOST_REASON_CHARACTERS = 200
"""So much of a stored reason is told."""
_UPDATED = "api_client.updated"
_ENDS_OF_TOKENS = frozenset({"token.ended", "token.expired", "token.rotated"})


def cause_of(run: Run, changes: Iterable[Event], client: ApiClient | None, calendar: Calendar) -> Cause | None:
    """Why the requests of a run were refused; None for a run that was not.

    `changes` are those of the client and its tokens, from any time; `client` is how it stands now, where the log does not
    reach back far enough. A change that is blamed happened, and not after the run's first refusal.
    """
    if not run.is_refused:
        return None
    earlier = [one for one in changes if one.occurred_at <= run.first_at and one.outcome is Outcome.SUCCESS]
    earlier.sort(key=lambda one: (one.occurred_at, one.id))
    return _Search(run, earlier, client, calendar).cause()


class _Search:
    """The search for the cause of one run among the changes before it, oldest first."""

    def __init__(self, run: Run, earlier: Sequence[Event], client: ApiClient | None, calendar: Calendar) -> None:
        self._run = run
        self._earlier = earlier
        self._client = client
        self._calendar = calendar

    def cause(self) -> Cause:
        match self._run.refusal:
            case RefusalCode.REVOKED:
                return self._revoked()
            case RefusalCode.DELETED:
                return self._deleted()
            case RefusalCode.EXPIRED:
                return self._expired()
            case RefusalCode.TOKEN_ENDED:
                return self._token_ended()
            case RefusalCode.MISSING_SCOPE:
                return self._missing_scope()
            case RefusalCode.WRONG_NETWORK:
                return self._wrong_network()
            case RefusalCode.WRONG_SECRET:
                return self._wrong_secret()
            case None:
                return _unexplained(
                    f"The refusal is one that this program does not know: {brief(self._run.refusal_word or '')}."
                )
            case code:
                return _unexplained(code.sentence)

    def _revoked(self) -> Cause:
        found = self._last("api_client.revoked")
        if found is not None:
            return _blamed(found, f"{self._did(found, 'revoked this client')}{_because(found.reason)}")
        client = self._client
        if client is None or client.revoked_at is None:
            return _unexplained("The client was revoked; the log does not tell by whom.")
        by = brief(client.revoked_by or "Somebody")
        when = self._calendar.at(client.revoked_at)
        return _unexplained(f"{by} revoked this client {when}{_because(client.revoke_reason)}")

    def _deleted(self) -> Cause:
        found = self._last("api_client.deleted")
        if found is not None:
            return _blamed(found, f"{self._did(found, 'deleted this client')}{_because(found.reason)}")
        return _unexplained("The client was deleted; the log does not tell by whom.")

    def _expired(self) -> Cause:
        last_day = self._last_day_set()
        expired = self._last("api_client.expired")
        if expired is not None and last_day is not None and last_day[0].occurred_at > expired.occurred_at:
            expired = None  # it was given another last day since, and that one is what counts
        shortened = None
        if last_day is not None:
            event, change = last_day
            is_shorter = event.type == _UPDATED and str(change.after) < str(change.before)
            shortened = (event, self._shortening(event, change)) if is_shorter else None
        if expired is not None:
            told = f"The client expired {self._calendar.at(expired.occurred_at)}."
            return _blamed(expired, told if shortened is None else f"{told} {shortened[1]}")
        if shortened is not None:
            return _blamed(*shortened)
        if self._client is None:
            return _unexplained("The client has expired; the log does not tell when.")
        day = self._calendar.day(self._client.details.expires)
        return _unexplained(f"The client's last day was {day}, and nobody has given it another one.")

    def _shortening(self, event: Event, change: Change) -> str:
        days = (self._calendar.written_day(change.after), self._calendar.written_day(change.before))
        return self._did(event, f"made {days[0]} its last day") + f"; it was {days[1]} before."

    def _last_day_set(self) -> tuple[Event, Change] | None:
        """The last change of the client's last day."""
        for event in reversed(self._earlier):
            for change in event.changes:
                if change.field == "expires" and event.type.startswith("api_client."):
                    return event, change
        return None

    def _token_ended(self) -> Cause:
        token = self._run.token
        for event in reversed(self._earlier):
            if event.type in _ENDS_OF_TOKENS and token in (None, _token_of(event)) and self._has_ended(event):
                return _blamed(event, self._end_of_token(event))
        kept = None if self._client is None or token is None else self._client.token(token)
        if kept is None or kept.ended_at is None:
            return _unexplained("The token was ended; the log does not tell by whom.")
        return _unexplained(f"{token} was ended {self._calendar.at(kept.ended_at)}{_because(kept.end_reason)}")

    def _has_ended(self, event: Event) -> bool:
        """Whether the token was over by the first refusal, by this event."""
        if event.type != "token.rotated":
            return True
        last_day = _overlap_of(event)
        return last_day is None or self._is_over(last_day)

    def _is_over(self, last_day: str) -> bool:
        end = _end_of(last_day, self._calendar)
        return end is not None and end <= self._run.first_at

    def _end_of_token(self, event: Event) -> str:
        token = brief(_token_of(event) or "the token")
        if event.type == "token.ended":
            return f"{self._did(event, f'ended {token}')}{_because(event.reason)}"
        rotated = event if event.type == "token.rotated" else self._last("token.rotated", _token_of(event))
        if rotated is None:
            return f"{token} expired {self._calendar.at(event.occurred_at)}: its overlap was over."
        successor = rotated.data.get("replaced_by")
        told = self._did(rotated, f"rotated {token}")
        if isinstance(successor, str):
            told += f", {brief(successor)} took its place"
        last_day = _overlap_of(event) or _overlap_of(rotated)
        return (
            f"{told}, at once."
            if last_day is None
            else f"{told}; its last day was {self._calendar.written_day(last_day)}."
        )

    def _missing_scope(self) -> Cause:
        scope = self._run.scope
        if scope is None:
            loss = self._last_loss("scopes", lambda before, after: bool(set(_words(before)) - set(_words(after))))
            if loss is None:
                return _unexplained(
                    "No change took a scope away from this client: it never had the one that is missing."
                )
            lost = joined([*(word for word in _words(loss[1].before) if word not in _words(loss[1].after))])
            told = self._did(loss[0], f"took {brief(lost, MOST_REASON_CHARACTERS)} away from this client")
            return Cause(Likelihood.POSSIBLE, f"{told}; which scope was missing is not known.", loss[0])
        found = self._last_turn("scopes", lambda value: _grants(value, scope))
        if found is not None:
            return _blamed(found, self._did(found, f"took {brief(scope)} away from this client") + ".")
        return _unexplained(f"No change took {brief(scope)} away from this client: it never had it.")

    def _wrong_network(self) -> Cause:
        address = self._run.addresses[0] if self._run.addresses else None
        if address is None or read_address(address) is None:
            return _unexplained("The address that the requests came from is not known.")
        found = self._last_turn("networks", lambda value: _admits(value, address))
        if found is not None:
            left = next(change for change in found.changes if change.field == "networks")
            now = joined([*_words(left.after)]) or "none"
            told = self._did(found, f"left {brief(address)} out of this client's networks")
            return _blamed(found, f"{told}; since then they are {brief(now, MOST_REASON_CHARACTERS)}.")
        return _unexplained(
            f"No change left {brief(address)} out of this client's networks: it is a new address, which they never held."
        )

    def _wrong_secret(self) -> Cause:
        named = brief(self._run.token or "A token of this client")
        doubt = f"{named} was named with a wrong secret, which proves nothing: it may have been a stranger."
        rotated = self._last("token.rotated")
        if rotated is None or self._run.first_at - rotated.occurred_at > SHORTLY:
            return _unexplained(f"{doubt} No change explains it; a token may have been cut short where it was pasted.")
        done = self._did(rotated, f"rotated {brief(_token_of(rotated) or 'a token')}")
        return Cause(Likelihood.POSSIBLE, f"{doubt} {done}: an old secret may still be in use somewhere.", rotated)

    def _last(self, event_type: str, token: str | None = None) -> Event | None:
        """The last event of a type, of one token or any."""
        found = (one for one in reversed(self._earlier) if one.type == event_type)
        return next((one for one in found if token in (None, _token_of(one))), None)

    def _last_turn(self, field: str, holds: Callable[[Json], bool]) -> Event | None:
        """The update by which something that held of a field no longer did; None if it last became true, or never was."""
        found = self._last_loss(field, lambda before, after: holds(before) is not holds(after))
        return None if found is None or not holds(found[1].before) else found[0]

    def _last_loss(self, field: str, tells: Callable[[Json, Json], bool]) -> tuple[Event, Change] | None:
        for event in reversed(self._earlier):
            for change in event.changes:
                if event.type == _UPDATED and change.field == field and tells(change.before, change.after):
                    return event, change
        return None

    def _did(self, event: Event, what: str) -> str:
        return f"{brief(event.actor.label)} {what} {self._calendar.at(event.occurred_at)}"


def _blamed(change: Event, reason: str) -> Cause:
    return Cause(Likelihood.LIKELY, reason, change)


def _unexplained(reason: str) -> Cause:
    return Cause(Likelihood.NONE, reason)


def _because(reason: str | None) -> str:
    """The end of a sentence: a stored reason as it is, on one line."""
    words = brief(reason or "", MOST_REASON_CHARACTERS)
    return f": {words}{'' if words.endswith(('.', '!', '?')) else '.'}" if words else "."


def _token_of(event: Event) -> str | None:
    if event.target is not None and event.target.type == "token":
        return event.target.id or event.target.name
    return event.token


def _overlap_of(event: Event) -> str | None:
    """The last day of a token that was rotated, as the event has it."""
    day = event.data.get("overlap_ends")
    return day if isinstance(day, str) else None


def _end_of(last_day: str, calendar: Calendar) -> datetime | None:
    try:
        return end_of_day(date.fromisoformat(last_day), calendar.organisation)
    except (ValueError, OverflowError):
        return None


def _words(value: Json) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _grants(scopes: Json, needed: str) -> bool:
    return covers(_words(scopes), needed)


def _admits(networks: Json, address: str) -> bool:
    """Whether networks hold an address; none at all hold every one."""
    words = _words(networks)
    if not words:
        return True
    place = read_address(address)
    for word in words:
        try:
            if place is not None and place in read_network(word):
                return True
        except ValueError:
            continue
    return False

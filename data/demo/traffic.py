"""Calls of the services by API clients: what the request log holds of the last weeks, and what is unusual at its end."""

from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from data.demo.agenda import Step
from data.demo.calendar import is_working_day
from data.demo.cast import ExternalSystem
from data.demo.client_stories import handles_of_new_clients
from data.demo.stage import Stage
from data.refusals import RefusalCode, lacking
from data.requests import GatheredRefusals, Request

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)

_SERVICES = {"users": "directory-api", "receipts": "payments-api", "proxies": "admin-api", "projects": "admin-api"}
"""Which service a family of scopes belongs to, unless it is one of its own name."""

_BATCHES = (("bridge", "users:write"), ("finance", "payments:read"), ("donations", "payments:write"))
"""Clients that come in batches each day, in the hour in which the demo ends and in the one before.

So there is something to compare with, at whatever time of day somebody looks at the demo.
"""
_CALLS_A_BATCH = 46
_BURST_MINUTES = 25
_BURST_CALLS = 350
_TROUBLE = timedelta(minutes=75)
_TROUBLE_SHARE = 0.6
_TROUBLE_SLOWER = 9.0

_HOURLY = "payroll"
_HOURLY_CALL_BEFORE_END = 18
_TRIES = 8
_IDLE = "importer"
_SILENT = "courses"
_SILENT_FOR = timedelta(hours=31)
_MOVES = "rooms"
_MOVED_TO = "203.0.113.157"
_STRANGERS = (
    # working days back, clock, minutes, address, code
    (23, "03:11", 9, "198.51.100.203", RefusalCode.NO_TOKEN),
    (16, "22:40", 5, "198.51.100.203", RefusalCode.UNKNOWN_TOKEN),
    (13, "02:52", 14, "203.0.113.199", RefusalCode.UNKNOWN_TOKEN),
    (4, "11:20", 3, "198.51.100.9", RefusalCode.MISTYPED_TOKEN),
    (1, "04:05", 7, "198.51.100.211", RefusalCode.NO_TOKEN),
)

_ERRORS = (404, 404, 404, 409, 422, 422, 502)
_FORBIDDEN = (RefusalCode.MISSING_SCOPE, RefusalCode.WRONG_NETWORK)
_WEEKEND_SHARE = 0.15
_WRITES = 0.3


class Traffic:
    """All calls that are requests and nothing else. `rng` is its own: the stories must not depend on it."""

    def __init__(self, stage: Stage, rng: Random) -> None:
        self._stage = stage
        self._rng = rng
        self._handles = (*(plan.handle for plan in stage.cast.planned), *handles_of_new_clients())
        self._days = [day for day in stage.calendar.days if day >= stage.calendar.requests_from.date()]

    def tell(self) -> None:
        """Puts every call on the agenda."""
        for handle, scope in _BATCHES:
            for day in self._days:
                self._batches(handle, scope, day)
        self._burst("bridge")
        self._hourly()
        self._until_silence()
        self._few_calls()
        self._stories()

    def _batches(self, handle: str, scope: str, day: date) -> None:
        end = self._stage.calendar.end
        last_hour = end.replace(minute=0, second=0, microsecond=0).timetz()
        for begin in (datetime.combine(day, last_hour), datetime.combine(day, last_hour) - _HOUR):
            count = _CALLS_A_BATCH + self._rng.randint(-5, 5)
            failing = set(self._rng.sample(range(count), self._rng.randint(0, 3)))
            for number in range(count):
                moment = begin + _HOUR * ((number + self._rng.random()) / count)
                is_trouble = moment > end - _TROUBLE
                error = self._error() if number in failing else None
                if is_trouble and handle == "finance" and self._rng.random() < _TROUBLE_SHARE:
                    error = 502
                slower = _TROUBLE_SLOWER if is_trouble and handle == "donations" else 1.0
                self._at(moment, handle, scope, error=error, slower=slower)

    def _burst(self, handle: str) -> None:
        """The bridge repeats a whole synchronisation, for whatever reason."""
        begin = self._stage.calendar.end - _MINUTE * _BURST_MINUTES
        for number in range(_BURST_CALLS):
            moment = begin + _MINUTE * (_BURST_MINUTES * (number + self._rng.random()) / _BURST_CALLS)
            self._at(moment, handle, "users:read")

    def _hourly(self) -> None:
        """Payroll reads payments each hour, the last time after Alice has mended its scopes; refused, it tries again."""
        moment = self._stage.calendar.end - _MINUTE * _HOURLY_CALL_BEFORE_END
        while moment >= self._stage.calendar.requests_from:
            self._put(moment, partial(self._call_again, _HOURLY, "payments:read", _TRIES))
            self._at(moment + _MINUTE, _HOURLY, "users:read")
            moment -= _HOUR

    def _call_again(self, handle: str, scope: str, tries: int) -> None:
        if not self._call(handle, scope) and tries > 1:
            self._stage.agenda.after(_MINUTE * 2, partial(self._call_again, handle, scope, tries - 1))

    def _until_silence(self) -> None:
        """The course enrolment calls every other hour, day and night, until it does not."""
        moment = self._stage.calendar.end - _SILENT_FOR
        while moment >= self._stage.calendar.requests_from:
            self._at(moment + _MINUTE * self._rng.uniform(0, 9), _SILENT, "users:read")
            moment -= 2 * _HOUR

    def _few_calls(self) -> None:
        """Everybody else calls a few times on a working day."""
        calendar = self._stage.calendar
        others = {handle for handle, _ in _BATCHES} | {_HOURLY, _SILENT, _IDLE}
        for number, handle in enumerate(self._handles):
            most = 3 + number * 5 % 12
            for day in self._days:
                if handle in others or (not is_working_day(day) and self._rng.random() > _WEEKEND_SHARE):
                    continue
                for _ in range(self._rng.randint(1, most)):
                    error = self._error() if self._rng.random() < 0.03 else None
                    moment = calendar.busy_moment_on(day, self._rng)
                    self._put(moment, partial(self._call_unless_revoked, handle, error))

    def _call_unless_revoked(self, handle: str, error: int | None) -> None:
        system = self._stage.cast.clients.get(handle)
        if system is not None and system.client.revoked_at is None:
            self._call(handle, self._any_scope(system), error=error)

    def _stories(self) -> None:
        stage, rng = self._stage, self._rng
        for minutes in (281, 206, 113, 37):  # another machine, in the same network
            moment = stage.calendar.before_end(minutes)
            self._at(moment, _MOVES, "users:read", address=_MOVED_TO)
        for shortly in (5.2, 4.3):  # the contract has ended, and its machine does not know
            self._at(stage.calendar.before_end(shortly), "timesheets", "hours:write")
        for clock in ("08:15:09", "08:16:09", "09:01:44", "13:30:02"):  # a screen was put up in another building
            stage.on(17, clock, partial(self._call, "signage", "rooms:read", address="203.0.113.50"))
        self._old_token()
        for number in range(6):  # somebody knows the directory's public id, and guesses
            stage.on(12, f"21:4{number}:0{number}", self._guess)
        for back, clock, minutes, address, code in _STRANGERS:
            for later in range(minutes):
                moment = stage.calendar.working_day(back, clock) + _MINUTE * later
                self._put(moment, partial(self._turn_away, address, code, rng.randint(3, 160)))

    def _old_token(self) -> None:
        """A second machine of the Grant reporting keeps the token that is replaced, beyond its end."""
        for back in range(26, 16, -1):
            for clock in ("10:41:20", "15:20:31"):
                self._stage.on(back, clock, self._call_with_first_token)

    def _call_with_first_token(self) -> None:
        grants = self._stage.cast.clients["grants"]
        self._call("grants", "grants:read", public_id=grants.client.tokens[0].public_id)

    def _at(
        self,
        moment: datetime,
        handle: str,
        scope: str,
        *,
        error: int | None = None,
        slower: float = 1.0,
        address: str | None = None,
    ) -> None:
        call = partial(self._call, handle, scope, error=error, slower=slower, address=address)
        self._put(moment, call)

    def _put(self, moment: datetime, step: Step) -> None:
        if moment >= self._stage.calendar.requests_from:
            self._stage.agenda.at(moment, step)

    def _call(
        self,
        handle: str,
        scope: str,
        *,
        error: int | None = None,
        slower: float = 1.0,
        address: str | None = None,
        public_id: str | None = None,
    ) -> bool:
        """One call that needs the scope; whether it was let in. Who was deleted is gone."""
        system = self._stage.cast.clients.get(handle)
        if system is None or system.client.deleted_at is not None:
            return False
        family, _, verb = scope.partition(":")
        service = _SERVICES.get(family, f"{family}-api")
        at = self._now()
        ip = address or system.address
        refusal = system.refusal(at, ip, scope, public_id)
        is_read = verb == "read"
        usual_ms = 25 + sum(map(ord, service)) % 70 + (0 if is_read else 45)
        if refusal is not None:
            status, duration_ms = 403 if refusal in _FORBIDDEN else 401, self._rng.randint(1, 4)
        else:
            status = error or (200 if is_read else 201)
            duration_ms = max(1, int(usual_ms * self._rng.lognormvariate(0, 0.35) * slower))
        self._stage.journal.serve(
            Request(
                action=f"{'GET' if is_read else 'POST'} /v1/{family}",
                status=status,
                executed_at=at,
                client=system.reference,
                token=public_id or system.uses,
                service=service,
                duration_ms=duration_ms,
                ip=ip,
                request_id=f"{self._rng.getrandbits(64):016x}",
                refusal=refusal,
                reason=None if refusal is None else _reason(refusal, system, scope),
                user_agent=system.user_agent,
                scope=scope if refusal is RefusalCode.MISSING_SCOPE else None,
            )
        )
        return refusal is None

    def _guess(self) -> None:
        directory = self._stage.cast.clients["directory"]
        self._stage.journal.serve(
            Request(
                action="GET /v1/users",
                status=401,
                executed_at=self._now(),
                client=directory.reference,
                token=directory.uses,
                service="directory-api",
                duration_ms=self._rng.randint(1, 4),
                ip="198.51.100.240",
                request_id=f"{self._rng.getrandbits(64):016x}",
                refusal=RefusalCode.WRONG_SECRET,
                user_agent="curl/8.9.1",
            )
        )

    def _turn_away(self, address: str, code: RefusalCode, count: int) -> None:
        self._stage.journal.turn_away(GatheredRefusals(count=count, first_at=self._now(), refusal=code, ip=address))

    def _now(self) -> datetime:
        """After all that happened so far, and before whatever happens next: an act takes a millisecond at least."""
        return self._stage.journal.now + timedelta(microseconds=self._rng.randrange(1_000))

    def _any_scope(self, system: ExternalSystem) -> str:
        writes = [scope for scope in system.wants if not scope.endswith(":read")]
        reads = [scope for scope in system.wants if scope.endswith(":read")]
        if writes and (not reads or self._rng.random() < _WRITES):
            return self._rng.choice(writes)
        return self._rng.choice(reads)

    def _error(self) -> int:
        return self._rng.choice(_ERRORS)


def _reason(refusal: RefusalCode, system: ExternalSystem, scope: str) -> str:
    """What the gateway writes down about a refusal."""
    match refusal:
        case RefusalCode.MISSING_SCOPE:
            return lacking(scope)
        case RefusalCode.EXPIRED:
            return f"{refusal.sentence} Its last day was {system.expires}."
        case _:
            return refusal.sentence

"""Retention: what is older than the rules keep is removed from both logs, some at a time, while they are in use.

Which events go is found out without holding anybody up. Then some of them are removed in one short transaction, which
first makes sure that rules and holds are still those by which it was found out, and tells of it by one event. A run that
was broken off, or killed, goes on where it was.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from time import monotonic, sleep
from uuid import UUID

from data.access.model import Standing
from data.caller import KEEPER
from data.errors import Cancelled
from data.forgetting.index_care import damage_noted
from data.forgetting.old_events import OldEvent, Some, TakenMeanwhile, facts_of, look_at_some, remove
from data.permissions import Permission
from data.records import Log, Reference
from data.retention import (
    Removal,
    RetentionPlan,
    RetentionRules,
    RetentionRun,
    RetentionState,
    kept_since,
    next_day,
)
from data.services.acts import RETIRE
from data.services.exports import CHANGE_LOG
from data.services.gate import Gate
from data.services.identity import Transaction
from data.stop import Stop
from data.store import ReadTransaction, UnitOfWork
from data.store.ages import Edge, edge_at
from data.store.holds import HoldReader, keep_holds_still
from data.store.policies import keep_policy_still
from data.store.retention_notes import count_happened, last_retention, note_retention
from data.store.tables import LOG_TABLES

LEAST, MOST = 250, 2_000
"""So many old events are looked at in one step."""

_SHORT_S = 0.012
"""So long the transaction of one step may take: whoever writes waits for it, and for others who wait as well."""
_PAUSE_S = 0.002
_TRIES = 5
_ALONE = int.from_bytes(b"adckretn")
_REQUEST_LOG = Reference("log", "request-log", "Request log")
_TARGETS = {Log.CHANGES: CHANGE_LOG, Log.REQUESTS: _REQUEST_LOG}
_LOG = logging.getLogger("auditdeck.retention")


class _RulesChanged(Exception):
    """Rules or holds are others than those by which it was decided what goes."""


class Retention:
    """Removes what is too old from one database, in the name of the system. One at a time is at it."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def plan(self, stop: Stop | None = None) -> RetentionPlan:
        """What a run would remove now. Raises NotPermitted, Cancelled, and the errors of `data.errors`."""
        now = self._gate.clock()
        with self._gate.reading(RETIRE, stop) as transaction:
            rules = rules_now(transaction, now)
            found: dict[Log, Removal] = {}
            for log in Log:
                edge, after, found[log] = _edge(transaction, log, rules), None, Removal()
                while True:
                    some = look_at_some(transaction.connection, log, edge, rules, after, MOST)
                    found[log] += some.removal
                    after = some.last
                    if after is None:
                        break
                    (stop or Stop()).check()
        return RetentionPlan(rules, found)

    def run(self, stop: Stop | None = None, *, within_s: float | None = None) -> int:
        """Remove what has to go, and stop after so many seconds if there is more; how many events went.

        It looks once a day, and whenever rules or holds have changed: else a look is cheap. Nothing is done while somebody
        else is at it. Once `stop` is requested it ends between two steps. Raises NotPermitted, and the errors of
        `data.errors`: what was removed until then is gone.
        """
        now, stop = self._gate.clock(), stop or Stop()
        with self._gate.reading(RETIRE, stop) as transaction:
            run, _rules = _run_now(transaction, now)
            if run.is_done:
                return 0
        with self._gate.database.upkeep_alone(_ALONE) as is_alone:
            if not is_alone:
                return 0
            ends = None if within_s is None else monotonic() + within_s
            return _Removing(self._gate, now, stop, ends).go()


class _Removing:
    """One run, by whoever is alone at it."""

    def __init__(self, gate: Gate, now: datetime, stop: Stop, ends: float | None) -> None:
        self._gate = gate
        self._now = now
        self._stop = stop
        self._ends = ends
        self._most = LEAST  # and soon as many as the time allows
        self._removed = 0

    def go(self) -> int:
        """Remove until nothing is left or the time is over; how many events that were."""
        tries = _TRIES
        with suppress(Cancelled), damage_noted(self._gate.database):
            while not self._is_over():
                with self._gate.reading(RETIRE, self._stop) as transaction:
                    run, rules = _run_now(transaction, self._now)
                    log = next((one for one in Log if one not in run.done), None)
                    if log is None:
                        break
                    edge = _edge(transaction, log, rules)
                try:
                    self._remove_from(log, edge, rules, run)
                except _RulesChanged as error:
                    _LOG.info("removing old events begins again: %s", error)
                except TakenMeanwhile as error:
                    tries -= 1
                    _LOG.warning("removing old events begins again: %s", error)
                    if not tries:
                        break  # until the next run
        return self._removed

    def _remove_from(self, log: Log, edge: Edge, rules: RetentionRules, run: RetentionRun) -> None:
        """Until no event of this log is left that has to go. Raises _RulesChanged, TakenMeanwhile."""
        while not self._is_over():
            self._stop.check()
            with self._gate.reading(RETIRE, self._stop) as transaction:
                some = look_at_some(transaction.connection, log, edge, rules, run.after.get(log), self._most)
            run = _beyond(run, log, some, self._gate.clock())
            if some.going:
                self._remove(log, some.going, rules, run)
            if log in run.done:
                break
        with self._gate.writing(KEEPER, RETIRE) as work:
            note_retention(work.connection, run)
            work.commit()

    def _remove(self, log: Log, going: tuple[OldEvent, ...], rules: RetentionRules, run: RetentionRun) -> None:
        with self._gate.writing(KEEPER, RETIRE) as work:
            began = monotonic()
            self._make_sure(work, rules)
            facts = facts_of(log, going, rules.kept_since)
            work.events.append(KEEPER.draft(RETIRE.tag, self._gate.clock(), target=_TARGETS[log], data=facts))
            note_retention(work.connection, run)
            remove(work.connection, log, going)
            work.commit()
            took = monotonic() - began
        self._removed += len(going)
        self._most = max(LEAST, min(MOST, round(self._most * min(2.0, _SHORT_S / max(took, 1e-6)))))
        sleep(max(_PAUSE_S, took))  # so that at least half of the time is for those who write

    def _make_sure(self, work: UnitOfWork, rules: RetentionRules) -> None:
        keep_holds_still(work.connection)
        keep_policy_still(work.connection)
        if rules_now(work, self._now).digest != rules.digest:
            raise _RulesChanged("the rules, or what is held, have changed")

    def _is_over(self) -> bool:
        return self._ends is not None and monotonic() >= self._ends


def rules_now(transaction: Transaction, now: datetime) -> RetentionRules:
    """The rules in force `now` (aware), as a transaction sees them."""
    holds = HoldReader(transaction.connection).in_force()
    return RetentionRules(kept_since(transaction.policy_in_force, now), holds)


def retention_state(transaction: ReadTransaction, now: datetime, standing: Standing) -> RetentionState:
    """How keeping and forgetting stand, for somebody who stands so: holds are for whoever reads the log, or places them."""
    connection = transaction.connection
    run, rules = _run_now(transaction, now)
    policy = transaction.policy_in_force
    next_at = next_day(now, policy.zone)
    next_since = kept_since(policy, next_at)
    may_see = standing.may(Permission.AUDIT_READ) or standing.may(Permission.SETTINGS_WRITE)
    return RetentionState(
        rules if may_see else replace(rules, holds=()),
        len(rules.holds),
        last_retention(connection),
        None if run.is_done else {log: count_happened(connection, log, 0, rules.kept_since) for log in Log},
        next_at,
        {log: count_happened(connection, log, rules.kept_since, next_since) for log in Log},
    )


def _run_now(transaction: Transaction, now: datetime) -> tuple[RetentionRun, RetentionRules]:
    """The run that is due by the rules in force: the one before as far as it has come, or a new one."""
    rules = rules_now(transaction, now)
    last = last_retention(transaction.connection)
    if last is None or last.digest != rules.digest:
        last = RetentionRun(now, rules.digest, rules.kept_since)
    return last, rules


def _edge(transaction: Transaction, log: Log, rules: RetentionRules) -> Edge:
    return edge_at(transaction.connection, LOG_TABLES[log].table, rules.kept_since)


def _beyond(run: RetentionRun, log: Log, some: Some, now: datetime) -> RetentionRun:
    """The run once these are behind it."""
    after: dict[Log, UUID] = dict(run.after)
    if some.last is None:
        after.pop(log, None)
    else:
        after[log] = some.last
    return replace(
        run,
        ran_at=now,
        logs={**run.logs, log: run.of(log) + some.removal},
        after=after,
        done=run.done | {log} if some.last is None else run.done,
    )

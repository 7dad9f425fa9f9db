"""The organisation's rules: read, and changed with an event in one unit of work."""

from collections.abc import Callable

from data.caller import Caller
from data.clock import Clock
from data.policy import Policy, changed_policy, rule_as_json
from data.records import Change, Draft, Reference
from data.store import Database


class Policies:
    """The rules of one database. Every method may raise DatabaseUnavailable and the other errors of `data.errors`."""

    def __init__(self, database: Database, open_database: Callable[[], None], clock: Clock) -> None:
        self._database = database
        self._open = open_database
        self._clock = clock

    def read(self) -> Policy:
        """The rules in force."""
        self._open()
        return self._database.policy()

    def change(self, by: Caller, key: str, text: str) -> Policy:
        """Change one rule to what the text says; nothing is logged when nothing changes. Raises PolicyError."""
        self._open()
        with self._database.writing() as work:
            before = work.policy.read()
            after = changed_policy(before, key, text)
            values = tuple(rule_as_json(policy, key) for policy in (before, after))
            if values[0] == values[1]:
                return before
            work.policy.change(key, after)
            work.events.append(
                Draft(
                    type="policy.updated",
                    occurred_at=self._clock(),
                    actor=by.actor,
                    target=Reference("policy", name=key),
                    service=by.service,
                    ip=by.ip,
                    user_agent=by.user_agent,
                    request_id=by.request_id,
                    session_id=by.session_id,
                    changes=(Change(key, *values),),
                )
            )
            work.commit()
            return after

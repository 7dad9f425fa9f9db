"""The organisation's rules: read, and changed with an event in one unit of work."""

from data.caller import Caller
from data.policy import Policy, RuleChanged, changed_policy, policy_rows, rule_as_json
from data.records import Change, Reference
from data.services.acts import CHANGE_POLICY, READ_POLICY
from data.services.gate import Gate


class Policies:
    """The rules of one database. Every method may raise NotPermitted and the errors of `data.errors`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def read(self) -> Policy:
        """The rules in force."""
        with self._gate.reading(READ_POLICY) as transaction:
            return transaction.policy_in_force

    def change(self, by: Caller, key: str, text: str, *, seen: str | None = None) -> Policy:
        """Change one rule to what the text says; nothing is logged when nothing changes. Raises PolicyError.

        `seen` is what it said when it was looked at: RuleChanged is raised if it says something else by now, and not the
        same as is wanted.
        """
        with self._gate.writing(by, CHANGE_POLICY, Reference("policy", name=key)) as work:
            before = work.policy.read()
            after = changed_policy(before, key, text)
            values = tuple(rule_as_json(policy, key) for policy in (before, after))
            if values[0] == values[1]:
                return before
            now = policy_rows(before)[key]
            if seen is not None and seen != now:
                raise RuleChanged(key, now)
            work.policy.change(key, after)
            about, changes = Reference("policy", name=key), (Change(key, *values),)
            work.events.append(by.draft(CHANGE_POLICY.tag, self._gate.clock(), target=about, changes=changes))
            work.commit()
            return after

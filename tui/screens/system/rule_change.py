"""Changing a rule: judged while one types, saved over nothing that was not seen."""

from collections.abc import Callable

from data.errors import AuditdeckError
from data.policy import POLICY_SENTENCES, Policy, PolicyError, RuleChanged, changed_policy, policy_from, policy_rows
from tui.jobs import Jobs
from tui.keymap import key_of
from tui.presenters.pieces import Role
from tui.presenters.system import NONE
from tui.reading.questions import LogOpener
from tui.widgets.rule_editor import RuleEditor

SAVE = "change rule"


class RuleChange:
    """One rule at a time, in the screen's editor."""

    def __init__(
        self,
        jobs: Jobs,
        log: LogOpener,
        editor: RuleEditor,
        changed: Callable[[str], None],
        left: Callable[[], None],
    ) -> None:
        """`changed` is told what the rule says now, `left` that it stays as it is."""
        self._jobs = jobs
        self._log = log
        self._editor = editor
        self._done = changed
        self._left = left
        self._key = ""
        self._policy = Policy()
        self._is_overtaken = False

    @property
    def is_saving(self) -> bool:
        """Whether it is being saved."""
        return self._jobs.is_asking(SAVE)

    def begin(self, key: str, policy: Policy) -> None:
        """Change this rule of this policy."""
        self._key, self._policy, self._is_overtaken = key, policy, False
        self._editor.ask(key, POLICY_SENTENCES[key], self._seen)
        self.judge()

    def saw(self, policy: Policy) -> None:
        """This is the policy by now: what somebody else changed is said, and nothing that is typed is lost."""
        before, self._policy = self._seen, policy
        if self._editor.is_open and not self.is_saving:
            self._is_overtaken = self._is_overtaken or before != self._seen
            self.judge()

    def judge(self) -> bool:
        """Say what becomes of the rule with what is typed; whether it can be saved."""
        text = self._editor.text
        try:
            wanted = policy_rows(changed_policy(self._policy, self._key, text))[self._key]
        except PolicyError as error:
            self._editor.say(str(error), Role.FAILURE)
            return False
        overtaken = f"{RuleChanged(self._key, self._seen)} " if self._is_overtaken else ""
        if wanted == self._seen:
            self._editor.say(f"{overtaken}So it is now.", Role.FAINT)
        else:
            said = f"{overtaken}{key_of('rule.save')} makes it {wanted or NONE}."
            self._editor.say(said, Role.DENIED if overtaken else Role.AFTER)
        return True

    def save(self) -> bool:
        """Save what is typed; whether that can be."""
        if self.is_saving or not self.judge():
            return False
        key, text, seen = self._key, self._editor.text, self._seen

        def question(_stop: object) -> Policy:
            log = self._log()
            return log.policy.change(log.caller(), key, text, seen=seen)

        self._editor.say("Saving ...", Role.MUTED)
        self._jobs.ask(SAVE, question, self._saved, self._not_saved)
        return True

    def leave(self) -> bool:
        """Leave the rule as it is; whether that can be."""
        if self.is_saving:
            return False
        self._left()
        return True

    @property
    def _seen(self) -> str:
        return policy_rows(self._policy).get(self._key, "")

    def _saved(self, policy: Policy) -> None:
        self._policy = policy
        self._done(f"{self._key} is {self._seen or NONE} now.")

    def _not_saved(self, error: AuditdeckError) -> None:
        if isinstance(error, RuleChanged):
            self._policy = policy_from({**policy_rows(self._policy), error.key: error.now})
            self._is_overtaken = True
            self.judge()
        else:
            self._editor.say(f"Not saved; {key_of('rule.save')} tries again. {error}", Role.FAILURE)

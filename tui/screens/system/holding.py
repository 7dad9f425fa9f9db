"""Placing and lifting holds: what is asked for by the prompts, and done."""

from collections.abc import Callable

from data.errors import AuditdeckError, QueryError
from data.holds import Hold, query_to_hold
from data.naming.texts import reason_problem
from tui.jobs import Jobs
from tui.presenters.retention import short_id, shortened
from tui.reading.questions import LogOpener
from tui.widgets.prompts import Prompts

CHANGE = "change holds"


class Holding:
    """One hold at a time. What was typed of one that could not be placed is offered again."""

    def __init__(
        self,
        jobs: Jobs,
        log: LogOpener,
        prompts: Prompts,
        *,
        done: Callable[[str], None],
        say: Callable[[str], None],
    ) -> None:
        """`done` is told what is so now, `say` shows a line."""
        self._jobs = jobs
        self._log = log
        self._prompts = prompts
        self._done = done
        self._say = say
        self._typed = ""

    def place(self) -> None:
        """Ask for a query, and why it is held."""
        if not self._is_busy():
            self._prompts.ask_text(
                "Hold (query, of all time if it names none)", self._typed, self._ask_why, _problem_of
            )

    def lift(self, hold: Hold) -> None:
        """Ask why it is lifted."""
        if not self._is_busy():
            question = f"Lift {short_id(hold.id)}, because"
            self._prompts.ask_text(question, "", lambda reason: self._lift(hold, reason), _problem_of_reason)

    def _is_busy(self) -> bool:
        is_busy = self._jobs.is_asking(CHANGE)
        if is_busy:
            self._say("Another hold is being placed or lifted.")
        return is_busy

    def _ask_why(self, typed: str) -> None:
        self._typed = typed
        self._prompts.ask_text("Hold it because", "", lambda reason: self._place(typed, reason), _problem_of_reason)

    def _place(self, typed: str, reason: str) -> None:
        def question(_stop: object) -> Hold:
            log = self._log()
            return log.holds.place(log.caller(), query_to_hold(typed), reason)

        def placed(hold: Hold) -> None:
            self._typed = ""
            self._done(f"Held from now on: {shortened(hold.text)}")

        self._jobs.ask(CHANGE, question, placed, self._failed)

    def _lift(self, hold: Hold, reason: str) -> None:
        def question(_stop: object) -> Hold:
            log = self._log()
            return log.holds.lift(log.caller(), hold.id, reason)

        self._jobs.ask(CHANGE, question, lambda one: self._done(f"Lifted: {shortened(one.text)}"), self._failed)

    def _failed(self, error: AuditdeckError) -> None:
        self._say(str(error))


def _problem_of(typed: str) -> str | None:
    """What to say of a query while it is typed: of an empty one nothing, though it cannot be taken."""
    if not typed.strip():
        return ""
    try:
        query_to_hold(typed)
    except QueryError as error:
        return str(error)
    return None


def _problem_of_reason(typed: str) -> str | None:
    return reason_problem(typed) if typed.strip() else ""

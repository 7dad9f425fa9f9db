"""Verifying from the System screen, while one goes on looking around."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from data.errors import AuditdeckError
from data.stop import Stop
from tui.jobs import Jobs
from tui.presenters.proof import waiting_text
from tui.presenters.verification import Verification
from tui.reading.questions import LogOpener

if TYPE_CHECKING:
    from data.proof.verifier import Verified

VERIFY = "verify"


class Verifying:
    """One verification at a time. How far it is, is told when it is asked for: threads touch no widget."""

    def __init__(
        self, jobs: Jobs, log: LogOpener, ended: Callable[[], None], failed: Callable[[AuditdeckError], None]
    ) -> None:
        self._jobs = jobs
        self._log = log
        self._ended = ended
        self._failed = failed
        self._far = Verification()
        self._came_to: Verification | None = None

    @property
    def is_running(self) -> bool:
        """Whether one runs."""
        return self._jobs.is_asking(VERIFY)

    @property
    def shown(self) -> Verification | None:
        """How far it is, or what the last one here came to; None where there was none."""
        return self._far if self.is_running else self._came_to

    def begin(self, only_new: bool) -> None:
        """Verify all, or what was sealed since it was verified here last."""
        self._far = Verification()

        def question(stop: Stop) -> "Verified":
            log = self._log()
            return log.proofs.verify(log.caller(), only_new=only_new, stop=stop, progress=self._note, beside=True)

        self._jobs.ask(VERIFY, question, self._take, self._not_verified)

    def call_off(self) -> None:
        """End it; what it found so far is not told."""
        self._jobs.drop(VERIFY)

    def _note(self, what: str, done: int, total: int) -> None:
        self._far = Verification(what, done, total)

    def _take(self, found: "Verified") -> None:
        looked = f"{found.checked:,} of {found.size:,} events were looked at"
        gone = f"; {found.erased:,} were erased and {found.removed:,} removed with leave" if found.gone else ""
        waiting = f"; {waiting_text(found.unsealed)} are not sealed yet" if found.unsealed else ""
        self._came_to = Verification(verdict=f"{looked}{gone}{waiting}.", holds=found.holds, findings=found.findings)
        self._ended()

    def _not_verified(self, error: AuditdeckError) -> None:
        self._failed(error)

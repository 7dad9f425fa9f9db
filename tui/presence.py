"""Being signed in: coming in before the first question of this process, being heard of every few seconds, and leaving.

The first events may come from a process beside it, which signs nobody in; see `tui.first_answer`.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from data.errors import AuditdeckError, DatabaseError, DatabaseUnavailable, OpenedAsOwner
from data.version import VERSION
from tui.jobs import Jobs, within
from tui.permitted import Permitted
from tui.reading.questions import LogOpener

if TYPE_CHECKING:
    from data.access.model import SessionEnd, Standing
    from data.services.audit_log import AuditLog

BEAT_S = 3.0
"""Seconds from one beat to the next: whoever is suspended sees nothing more within five."""
LEAVING_S = 2.0
"""So long a database that does not answer can keep a console from ending."""

_TOPIC = "beat"
_LOG = logging.getLogger("auditdeck.presence")


class Presence:
    """The session of this console."""

    def __init__(self, open_log: Callable[[], "AuditLog"], terminal: str | None, permitted: Permitted) -> None:
        """`terminal` is what it calls itself."""
        self.log = LogOpener(open_log, permitted, self._come_in)
        """Opens the log and signs in, at the first question that is asked through it."""
        self._terminal = terminal
        self._permitted = permitted

    def beat(self, jobs: Jobs, then: Callable[["Standing"], None]) -> None:
        """See whether one is still signed in, and what one may do now; not while that is being asked.

        Whoever may no longer come in is told so by `Jobs.TurnedAway`, as after any other question. A connection that is
        lost is no reason to be turned away: whatever reads tells of it.
        """
        if not jobs.is_asking(_TOPIC):
            jobs.ask(_TOPIC, lambda _: self._beat(), then, lambda _: None)

    def is_turned_away(self) -> bool:
        """Whether one may no longer be here; waits for the answer."""
        from data.access.errors import NotSignedIn

        try:
            self._beat()
        except NotSignedIn:
            return True
        except AuditdeckError:
            pass
        return False

    def leave(self, how: "SessionEnd", reason: str | None = None) -> None:
        """Sign out, if one was ever signed in; no longer than a moment is waited for it."""
        log = self.log.opened
        if log is not None:
            within(LEAVING_S, "leave", lambda: log.sessions.leave(how, reason))

    def _beat(self) -> "Standing":
        self._permitted.standing = standing = self.log().sessions.beat()
        return standing

    def _come_in(self, log: "AuditLog") -> None:
        from data.access.errors import NotSignedIn

        try:
            log.sessions.begin(self._terminal, VERSION)
        except (NotSignedIn, OpenedAsOwner, DatabaseUnavailable):
            raise
        except DatabaseError as error:  # one that can only be read: one may read it
            _LOG.warning("no session could begin: %s", error)
        self._permitted.standing = log.sessions.beat()

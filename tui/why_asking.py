"""Asking why by pasting: what the pasted text is, which one of several is meant, and the way there."""

from collections.abc import Callable

from data.errors import AuditdeckError
from data.finding import Finding, Found, FoundKind
from tui.jobs import Jobs
from tui.navigation import Navigation
from tui.presenters.choices import Choice
from tui.reading.history import Place
from tui.reading.questions import LogOpener
from tui.widgets.prompts import Prompts

FIND = "find what was pasted"
_LETTERS = "123456789"


class WhyAsking:
    """Asks by the prompts of a screen, and goes to what was found."""

    def __init__(
        self, jobs: Jobs, log: LogOpener, prompts: Prompts, navigation: Navigation, say: Callable[[str], None]
    ) -> None:
        """`say` shows a line."""
        self._jobs = jobs
        self._log = log
        self._prompts = prompts
        self._navigation = navigation
        self._say = say

    def begin(self) -> None:
        """Ask for what is to be explained."""
        self._prompts.ask_text("Why (client, token, id, address)", "", self._find)

    def _find(self, text: str) -> None:
        def failed(error: AuditdeckError) -> None:
            self._say(str(error))

        self._jobs.ask(FIND, lambda stop: self._log().finder.find(text, stop=stop), self._found, failed)

    def _found(self, finding: Finding) -> None:
        if not finding.found:
            self._say(finding.remark or "")
        elif len(finding.found) == 1:
            self._go(finding.found[0], finding.remark)
        else:
            more = finding.more or len(finding.found) > len(_LETTERS)
            choices = [
                Choice(letter, f"{one.kind} {one.label}"[:40], f"{one.label}  {one.detail}", one)
                for letter, one in zip(_LETTERS, finding.found, strict=False)
            ]
            question = "Which one (there are more)" if more else "Which one"
            self._prompts.ask(question, choices, lambda one: self._go(one, finding.remark))

    def _go(self, found: Found, remark: str | None) -> None:
        if found.kind in (FoundKind.CLIENT, FoundKind.TOKEN) and found.client is not None:
            said = " ".join(one for one in (remark, found.standing) if one is not None)
            self._navigation.open_why(found.client, said or None)
        elif found.requests is not None:
            self._navigation.open_requests(found.requests)
        elif found.changes is not None:
            place = None if found.event_id is None else Place(found.event_id, None, None)
            self._navigation.open_log(found.changes, place)

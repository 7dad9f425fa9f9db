"""Saving the query that is being read as a view: its name, who sees it, and what becomes of a view of that name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.errors import AuditdeckError
from data.query import EventQuery
from data.views import View, ViewChanged, ViewNameTaken, name_problem
from tui.jobs import Jobs
from tui.keymap import key_of
from tui.presenters.choices import Choice
from tui.reading.questions import LogOpener
from tui.widgets.prompts import Prompts

if TYPE_CHECKING:
    from data.services.views import Views

SAVE = "save view"


def problem_of(name: str) -> str | None:
    """What to say of a name while it is typed: of an empty one nothing, though it cannot be taken."""
    return name_problem(name) if name.strip() else ""


@dataclass(frozen=True, slots=True)
class _Clash:
    """What could not be saved because of a view that exists, and the question about it."""

    question: str
    name: str
    query: EventQuery
    shared: bool
    existing: View


class ViewSaving:
    """Asks by prompts and saves in a job. What was typed is offered again until it is saved."""

    def __init__(
        self,
        jobs: Jobs,
        log: LogOpener,
        prompts: Prompts,
        *,
        database: str,
        saved: Callable[[View], None],
        say: Callable[[str], None],
    ) -> None:
        """`database` is what it is called on the screen; `saved` is told of the view, `say` shows a line."""
        self._jobs = jobs
        self._log = log
        self._prompts = prompts
        self._database = database
        self._saved = saved
        self._say = say
        self._typed: str | None = None
        self._clash: _Clash | None = None

    def begin(self, query: EventQuery, suggestion: str) -> None:
        """Ask for the name of a view with this query, beginning with a suggestion, or with what was not saved yet.

        Of a name that was refused for this query it is asked first what to do: here and not when the answer comes, for
        what is typed then is meant for something else.
        """
        clash, self._clash = self._clash, None
        if clash is not None and clash.query == query:
            self._ask_overwrite(clash)
        else:
            self._ask_name(query, suggestion if self._typed is None else self._typed)

    @property
    def is_saving(self) -> bool:
        """Whether a view is on its way to the database."""
        return self._jobs.is_asking(SAVE)

    def _ask_name(self, query: EventQuery, text: str) -> None:
        def named(name: str) -> None:
            self._typed = name
            self._prompts.ask("Who sees it?", self._audiences(), lambda shared: self._save(name, query, shared, None))

        self._prompts.ask_text("Save as", text, named, problem_of)

    def _audiences(self) -> list[Choice[bool]]:
        return [
            Choice("y", "you alone", "Nobody else sees it.", False),
            Choice("e", "everybody", f"All who read {self._database} see it; only you can change it.", True),
        ]

    def _ask_overwrite(self, clash: _Clash) -> None:
        name, existing = clash.name, clash.existing

        def answered(overwrite: bool) -> None:
            if overwrite:
                self._save(name, clash.query, clash.shared, existing)
            else:
                self._ask_name(clash.query, name)

        choices = [
            Choice("n", "another name", f"{existing.name} goes on asking {existing.text}", False),
            Choice("o", "overwrite", f"{existing.name} asks {existing.text} no more", True),
        ]
        self._prompts.ask(clash.question, choices, answered)

    def _save(self, name: str, query: EventQuery, shared: bool, replacing: View | None) -> None:
        def save(views: "Views") -> View:
            return views.save(name, query, shared=shared, replacing=replacing)

        def saved(view: View) -> None:
            self._typed = None
            self._saved(view)
            self._say(f"Saved for {'everybody' if view.is_shared else 'you alone'}: {view.name}")

        def failed(error: AuditdeckError) -> None:
            key = key_of("log.save_view")
            match error:
                case ViewNameTaken(existing=existing):
                    self._clash = _Clash("There is one of yours:", name, query, shared, existing)
                    self._say(f"{error} {key} asks what to do.")
                case ViewChanged(now=View() as now):
                    self._clash = _Clash("It was changed meanwhile:", name, query, shared, now)
                    self._say(f"{now.name} was changed meanwhile. {key} asks what to do.")
                case _:
                    self._say(f"Not saved; {key} goes on with the name. {error}")

        self._jobs.ask(SAVE, lambda _: save(self._log().views), saved, failed)

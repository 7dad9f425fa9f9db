"""The form of an API client: made anew, edited, or with the values before an update put back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from data.clients.errors import ClientChanged
from data.clients.model import ApiClient, IssuedToken
from data.clients.rules import FIELDS
from data.clock import Clock
from data.errors import AuditdeckError
from data.naming.texts import MOST_NAME_CHARACTERS, MOST_TEXT_CHARACTERS
from tui.presenters.client_form import LABELS, hint, new_texts, one_line, read_form, texts_of
from tui.presenters.form import Beside
from tui.reading.questions import LogOpener
from tui.screens.clients.roster import Roster
from tui.screens.form.plan import Field, Judged
from tui.screens.form.screen import FormScreen

Saved = ApiClient | IssuedToken
"""What came of a form: the client as it is since, or a new one with its token."""

_MOST_CHARACTERS = {"name": MOST_NAME_CHARACTERS + 20, "owner": MOST_NAME_CHARACTERS + 20, "expires": 40}
_FIELDS = tuple(
    Field(
        name,
        LABELS[name],
        _MOST_CHARACTERS.get(name, MOST_TEXT_CHARACTERS + 200),
        typed_over=name == "expires",  # nobody writes a day behind another one
    )
    for name in FIELDS
)


@dataclass(frozen=True, slots=True)
class PutBack:
    """The values before an update, by field, and the event that told it."""

    texts: Mapping[str, str]
    event_id: UUID


@dataclass(frozen=True)
class ClientPlan:
    """Without a `client` a new one is made. `roster` has the rules and the names that are taken."""

    roster: Roster
    clock: Clock
    client: ApiClient | None = None
    put_back: PutBack | None = None

    @property
    def newest(self) -> None:
        return None  # the list that it was opened from is read again and again

    @property
    def headline(self) -> tuple[str, str]:
        if self.client is None:
            return "New API client", "its token is shown once it is saved"
        if self.put_back is None:
            return f"Edit {self.client.name}", self.client.id
        return f"Put back {self.client.name}", "the values before that update; nothing happens until it is saved"

    @property
    def fields(self) -> Sequence[Field]:
        return _FIELDS

    @property
    def kept(self) -> Mapping[str, str]:
        return new_texts(self.roster.policy, self._today) if self.client is None else texts_of(self.client.details)

    @property
    def wanted(self) -> Mapping[str, str]:
        return self.kept if self.put_back is None else {**self.kept, **self.put_back.texts}

    @property
    def beside(self) -> Mapping[str, Beside]:
        kept, wanted = self.kept, self.wanted
        return {field: Beside("today", kept[field], "before") for field in FIELDS if wanted[field] != kept[field]}

    def judge(self, texts: Mapping[str, str]) -> Judged[Saved]:
        client, roster = self.client, self.roster
        before = None if client is None else client.details
        details, problems = read_form(texts, roster.policy, self._today, roster.neighbours_of(client), before)
        if details is None:
            return Judged(problems)
        puts_back = None if self.put_back is None else self.put_back.event_id
        if client is None:
            return Judged({}, lambda log: log.clients.create(log.caller(), details))
        return Judged({}, lambda log: log.clients.edit(log.caller(), client, details, puts_back=puts_back))

    def hint(self, field: str, text: str) -> str:
        return hint(field, text, self.roster.policy, self._today)

    def shown(self, field: str, text: str) -> str:
        return one_line(field, text)

    def after(self, error: AuditdeckError) -> "ClientPlan | None":
        return replace(self, client=error.now) if isinstance(error, ClientChanged) else None

    @property
    def _today(self) -> date:
        return self.clock().astimezone(self.roster.policy.zone).date()


class ClientFormScreen(FormScreen[Saved]):
    """Six fields."""

    def __init__(
        self,
        log: LogOpener,
        roster: Roster,
        clock: Clock,
        client: ApiClient | None = None,
        put_back: PutBack | None = None,
    ) -> None:
        """Without a `client` a new one is made, see `ClientPlan`."""
        super().__init__(log, ClientPlan(roster, clock, client, put_back))

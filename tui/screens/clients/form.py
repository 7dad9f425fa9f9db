"""The form of an API client: made anew, edited, or with the values before an update put back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen

from data.clients.errors import ClientChanged, DetailsWrong
from data.clients.model import ApiClient, ClientDetails, IssuedToken
from data.clients.rules import FIELDS
from data.clock import Clock
from data.errors import AuditdeckError
from data.naming.texts import MOST_NAME_CHARACTERS, MOST_TEXT_CHARACTERS
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.presenters.choices import Choice
from tui.presenters.client_form import (
    LABELS,
    Beside,
    decided,
    field_names,
    merged,
    new_texts,
    note_of,
    open_fields,
    read_form,
    texts_of,
)
from tui.presenters.pieces import Line, Role, Row
from tui.reading.questions import LogOpener
from tui.screens.clients.roster import Roster
from tui.typed_ahead import TypedAhead
from tui.widgets.form_field import FormField
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.prompts import Prompts

Saved = ApiClient | IssuedToken | None
"""What came of a form: the client as it is since, a new one with its token, or nothing."""

_SAVE = "save client"
_ROOMY = 22
_MOST_CHARACTERS = {"name": MOST_NAME_CHARACTERS + 20, "owner": MOST_NAME_CHARACTERS + 20, "expires": 40}


@dataclass(frozen=True, slots=True)
class PutBack:
    """The values before an update, by field, and the event that told it."""

    texts: Mapping[str, str]
    event_id: UUID


class _FormTitle(OneRow):
    background_role = "header"

    def __init__(self, headline: str, remark: str) -> None:
        super().__init__()
        self._headline = headline
        self._remark = remark

    def make_row(self, width: int) -> Row:
        line = Line(width).at(1).add(self._headline, Role.TITLE, bold=True)
        return line.add("  ").add(self._remark, Role.MUTED).row()


class ClientFormScreen(Screen[Saved]):
    """Six fields, checked while one types. Dismissed with what was saved, or with nothing."""

    AUTO_FOCUS = "FieldBox"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=("app.quit",))

    def __init__(
        self,
        log: LogOpener,
        roster: Roster,
        clock: Clock,
        client: ApiClient | None = None,
        put_back: PutBack | None = None,
    ) -> None:
        """Without a `client` a new one is made. `roster` has the rules and the names that are taken."""
        super().__init__()
        self._log = log
        self._roster = roster
        self._clock = clock
        self._seen = client
        self._puts_back = None if put_back is None else put_back.event_id
        self._jobs = Jobs(self)
        self._beside: dict[str, Beside] = {}
        self._refused: dict[str, tuple[str, str]] = {}  # by field: the text that the database refused, and why
        self._touched: set[str] = set()
        self._ahead = TypedAhead(self)
        self._may_save = True
        now = new_texts(roster.policy, self._today) if client is None else texts_of(client.details)
        texts = dict(now)
        if put_back is not None:
            for field, text in put_back.texts.items():
                if text != now[field]:
                    texts[field] = text
                    self._beside[field] = Beside("today", now[field], "before")
        self._initial = now
        self._fields = {
            field: FormField(
                field,
                LABELS[field],
                texts[field],
                self.action_step,
                most_characters=_MOST_CHARACTERS.get(field, MOST_TEXT_CHARACTERS + 200),
                typed_over=field == "expires",  # nobody writes a day behind another one
            )
            for field in FIELDS
        }
        self._title = _FormTitle(*_headline(client, put_back))
        self._keys = KeyBar()
        self._prompts = Prompts(self._keys, self._focus_again)
        self._last = self._fields[FIELDS[0]]

    def compose(self) -> ComposeResult:
        yield self._title
        with VerticalScroll(id="form", can_focus=False):
            yield from self._fields.values()
        yield self._prompts

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.FORM)
        self._judge()
        self._ahead.begin()

    def on_unmount(self) -> None:
        self._jobs.drop_all()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height >= _ROOMY, "-roomy")

    @property
    def is_asking(self) -> bool:
        """Whether it is being saved."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    # Keys.

    def action_step(self, by: int) -> None:
        fields = list(self._fields.values())
        self._last = fields[(fields.index(self._last) + by) % len(fields)]
        self._keys.clear_notice()
        self.set_focus(self._last.box)

    def action_take_other(self) -> None:
        field = self._last
        beside = self._beside.get(field.field)
        if beside is None:
            self._keys.show_notice("There is no other value beside this field.")
            return
        self._beside[field.field] = beside.turned(field.text)
        field.put(beside.text)
        self._judge()

    def action_save(self) -> None:
        if self._jobs.is_asking(_SAVE):
            return
        if not self._may_save:
            self._keys.show_notice(f"Not saved: {key_of('form.save')} came before this was in sight.")
            return
        self._touched |= set(FIELDS)
        details, problems = self._judge()
        if details is None:
            self._refuse(problems)
            return
        undecided = open_fields(self._beside)
        if undecided:
            self._ask_whose(undecided)
        else:
            self._save(details)

    def action_leave_form(self) -> None:
        if self._jobs.is_asking(_SAVE):
            self._keys.show_notice("It is being saved; that goes on.")
        elif self._texts == self._initial:
            self.dismiss(None)
        else:
            choices = [
                Choice("g", "go on", "What you typed stays.", False),
                Choice("l", "leave", "What you typed is lost.", True),
            ]
            self._prompts.ask("Leave without saving?", choices, self._leave)

    # What the widgets say.

    @on(FormField.Changed)
    def _changed(self, message: FormField.Changed) -> None:
        message.stop()
        field = message.field
        if self._fields[field].text != self._initial[field]:
            self._touched.add(field)
        self._judge()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        here = next((field for field in self._fields.values() if field.box is self.focused), None)
        if here is not None:
            self._last = here
        self._keys.show_scope(self._prompts.scope or Scope.FORM)

    def on_key(self, event: events.Key) -> None:
        self._keys.clear_notice()
        self._may_save = not self._ahead.holds(event)  # what another editor did has to be seen first

    # The rest.

    @property
    def _texts(self) -> dict[str, str]:
        return {name: field.text for name, field in self._fields.items()}

    @property
    def _today(self) -> date:
        return self._clock().astimezone(self._roster.policy.zone).date()

    def _judge(self) -> tuple[ClientDetails | None, dict[str, str]]:
        """Read the form, and say below each field what there is to say."""
        policy, today, texts = self._roster.policy, self._today, self._texts
        before = None if self._seen is None else self._seen.details
        neighbours = self._roster.neighbours_of(self._seen)
        details, problems = read_form(texts, policy, today, neighbours, before)
        for name, (text, why) in self._refused.items():
            if texts[name] == text:
                problems.setdefault(name, why)
                details = None
        for name, field in self._fields.items():
            # Of an empty name nothing is said before one has been there.
            problem = problems.get(name) if name in self._touched or texts[name] else None
            note = note_of(name, texts[name], problem, self._beside.get(name), policy, today, key_of("form.other"))
            field.say(note.text, note.role)
        return details, problems

    def _refuse(self, problems: Mapping[str, str]) -> None:
        wrong = [name for name in FIELDS if name in problems]
        if wrong:
            self.set_focus(self._fields[wrong[0]].box)
        number = "one field is" if len(wrong) == 1 else f"{len(wrong)} fields are"
        self._keys.show_notice(f"Not saved: {number} wrong.")
        self.app.bell()

    def _save(self, details: ClientDetails) -> None:
        seen, puts_back = self._seen, self._puts_back

        def save() -> ApiClient | IssuedToken:
            log = self._log()
            by = log.caller()
            if seen is None:
                return log.clients.create(by, details)
            return log.clients.edit(by, seen, details, puts_back=puts_back)

        self._keys.show_notice("Saving ...", role=Role.MUTED)
        self._jobs.ask(_SAVE, lambda _: save(), self._saved, self._not_saved)

    def _saved(self, saved: ApiClient | IssuedToken) -> None:
        self.dismiss(saved)

    def _not_saved(self, error: AuditdeckError) -> None:
        match error:
            case ClientChanged(now=now):
                self._show_theirs(now)
            case DetailsWrong(problems=problems):
                texts = self._texts
                self._refused |= {name: (texts[name], why) for name, why in problems.items() if name in texts}
                self._judge()
                self._refuse(problems)
            case _:
                self._keys.show_notice(f"Not saved; {key_of('form.save')} tries again. {error}")

    def _show_theirs(self, now: ApiClient) -> None:
        """Show what another editor did meanwhile: nothing of it is written over unseen."""
        assert self._seen is not None
        seen, self._seen = self._seen, now
        both = merged(seen.details, self._texts, now.details)
        self._initial = texts_of(now.details)
        self._beside |= both.beside
        for name, text in both.texts.items():
            if text != self._fields[name].text:
                self._fields[name].put(text)
        self._judge()
        if not both.beside:  # its tokens alone are others, or they wrote the same
            self.action_save()
            return
        self._ahead.begin()
        names = [name for name in FIELDS if name in both.beside]
        self.set_focus(self._fields[names[0]].box)
        self._keys.show_notice(
            f"Not saved yet. Meanwhile somebody changed {field_names(names)}: see below each, then save.",
            f"Not saved: somebody changed {field_names(names)}.",
            "Not saved: somebody was first; see below.",
        )

    def _ask_whose(self, undecided: list[str]) -> None:
        def answered(whose: str) -> None:
            for name in undecided:
                beside, field = self._beside[name], self._fields[name]
                if whose == "theirs":
                    self._beside[name] = beside.turned(field.text)
                    field.put(beside.text)
                elif whose == "mine":
                    self._beside = decided(self._beside, name)
            if whose != "neither":
                details, problems = self._judge()
                if details is None:
                    self._refuse(problems)
                else:
                    self._save(details)

        names = field_names(undecided)
        choices = [
            Choice("g", "go on", f"Decide field by field: {key_of('form.other')} takes theirs.", "neither"),
            Choice("m", "mine", f"Save what you wrote for {names} over theirs.", "mine"),
            Choice("t", "theirs", f"Leave {names} as they wrote it, and save the rest.", "theirs"),
        ]
        self._prompts.ask(f"Both changed {names}.", choices, answered)

    def _leave(self, leave: bool) -> None:
        if leave:
            self.dismiss(None)

    def _focus_again(self) -> None:
        self.set_focus(self._last.box)


def _headline(client: ApiClient | None, put_back: PutBack | None) -> tuple[str, str]:
    if client is None:
        return "New API client", "its token is shown once it is saved"
    if put_back is None:
        return f"Edit {client.name}", client.id
    return f"Put back {client.name}", "the values before that update; nothing happens until it is saved"

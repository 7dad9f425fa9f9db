"""A form: its fields, checked while one types, saved in a job, and brought together with what another editor did."""

from collections.abc import Container, Mapping
from typing import TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from data.access.errors import AccessError, AccessWrong, NotPermitted
from data.clients.errors import DetailsWrong
from data.errors import AuditdeckError
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import Choice
from tui.presenters.form import Beside, decided, listed, merged, note_of, open_fields
from tui.presenters.pieces import Role
from tui.reading.questions import LogOpener
from tui.screens.form.plan import Field, FormPlan, Judged
from tui.typed_ahead import TypedAhead
from tui.widgets.check_field import CheckBox, CheckField
from tui.widgets.form_field import FormField
from tui.widgets.form_frame import FormRemark, FormTitle
from tui.widgets.key_bar import KeyBar
from tui.widgets.prompts import Prompts

Saved = TypeVar("Saved")

_SAVE, _LOOK = "save form", "look at the thing of a form"
_ROOMY = 22
# What the footer does not offer while no field has another value beside it.
_NOTHING_BESIDE = ("form.other",)


class FormScreen(PaintedScreen[Saved | None]):
    """Dismissed with what was saved, or with nothing."""

    AUTO_FOCUS = "FieldBox"
    CSS_PATH = "../../styles/forms.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=())

    def __init__(self, log: LogOpener, plan: FormPlan[Saved]) -> None:
        super().__init__()
        self._log = log
        self._plan = plan
        self._jobs = Jobs(self)
        self._beside: dict[str, Beside] = dict(plan.beside)
        self._refused: dict[str, tuple[str, str]] = {}  # by field: the text that the services refused, and why
        self._touched: set[str] = set()
        self._ahead = TypedAhead(self)
        self._may_save = True
        self._kept = dict(plan.kept)
        self._fields = {field.name: self._make_field(field, plan.wanted[field.name]) for field in plan.fields}
        self._title = FormTitle(*plan.headline)
        self._remark = FormRemark()
        self._refusal = ""
        self._keys = KeyBar()
        self._prompts = Prompts(self._keys, self._focus_again)
        self._last = self._fields[plan.fields[0].name]

    def _make_field(self, field: Field, text: str) -> FormField:
        if field.options is not None:
            return CheckField(field.name, field.label, text, self.action_step, field.options)
        return FormField(
            field.name,
            field.label,
            text,
            self.action_step,
            most_characters=field.most_characters,
            typed_over=field.typed_over,
            is_tall=field.is_tall,
        )

    def compose(self) -> ComposeResult:
        yield self._title
        with VerticalScroll(id="form", can_focus=False):
            yield from self._fields.values()
        yield self._remark
        yield self._prompts

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.FORM)
        self._judge()
        self._ahead.begin()
        newest = self._plan.newest
        if newest is not None:
            self._jobs.ask(_LOOK, lambda _: newest(self._log()), self._take_newest, self._cannot_look)

    def on_unmount(self) -> None:
        self._jobs.close()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height >= _ROOMY, "-roomy")

    @property
    def is_asking(self) -> bool:
        """Whether it is being saved, or read once more."""
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
        self._touched |= set(self._fields)
        judged = self._judge()
        undecided = open_fields(self._beside, self._fields)
        if judged.save is None or not undecided:
            self._save(judged)
        else:
            self._ask_whose(undecided)

    def action_leave_form(self) -> None:
        if self._jobs.is_asking(_SAVE):
            self._keys.show_notice("It is being saved; that goes on.")
        elif self._texts == self._kept:
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
        if self._fields[field].text != self._kept[field]:
            self._touched.add(field)
        self._refusal = ""
        self._judge()

    @on(CheckField.Refused)
    def _cannot_be_ticked(self, message: CheckField.Refused) -> None:
        message.stop()
        self._keys.show_notice(f"{message.option.name}: {message.option.refusal}.")

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        here = next((field for field in self._fields.values() if field.box is self.focused), None)
        if here is not None:
            self._last = here
        self._keys.show_scope(self._prompts.scope or self._scope)

    def on_key(self, event: events.Key) -> None:
        self._keys.clear_notice()
        self._may_save = not self._ahead.holds(event)  # what another editor did has to be seen first

    # The rest.

    @property
    def _texts(self) -> dict[str, str]:
        return {name: field.text for name, field in self._fields.items()}

    @property
    def _scope(self) -> Scope:
        return Scope.CHECKS if isinstance(self._last.box, CheckBox) else Scope.FORM

    def _judge(self) -> Judged[Saved]:
        """Read the form, and say below each field what there is to say."""
        texts = self._texts
        judged = self._plan.judge(texts)
        self._keys.show_meaning(() if self._beside else _NOTHING_BESIDE, {})
        problems = dict(judged.problems)
        for name, (text, why) in self._refused.items():
            if texts[name] == text:
                problems.setdefault(name, why)
        for name, field in self._fields.items():
            # Of an empty name nothing is said before one has been there.
            problem = problems.get(name) if name in self._touched or texts[name] else None
            beside = self._beside.get(name)
            shown = "" if beside is None else self._plan.shown(name, beside.text)
            note = note_of(problem, beside, shown, self._plan.hint(name, texts[name]), key_of("form.other"))
            field.say(note.text, note.role)
        if self._refusal:
            self._remark.say(self._refusal, Role.FAILURE)
        else:
            self._remark.say("" if texts == self._kept else judged.remark, Role.DENIED)
        return Judged(problems, None if problems else judged.save)

    def _refuse(self, problems: Container[str]) -> None:
        wrong = [name for name in self._fields if name in problems]
        if wrong:
            self.set_focus(self._fields[wrong[0]].box)
        number = "one field is" if len(wrong) == 1 else f"{len(wrong)} fields are"
        self._keys.show_notice(f"Not saved: {number} wrong.")
        self.app.bell()

    def _save(self, judged: Judged[Saved]) -> None:
        save = judged.save
        if save is None:
            self._refuse(judged.problems)
            return
        self._refusal = ""
        self._keys.show_notice("Saving ...", role=Role.MUTED)
        self._jobs.ask(_SAVE, lambda _: save(self._log()), self._saved, self._not_saved)

    def _saved(self, saved: Saved) -> None:
        self.dismiss(saved)

    def _not_saved(self, error: AuditdeckError) -> None:
        newer = self._plan.after(error)
        if newer is not None:
            self._show_theirs(newer)
            return
        match error:
            case DetailsWrong(problems=problems) | AccessWrong(problems=problems):
                self._take_problems(problems)
            case AccessError() | NotPermitted():  # trying again would come to the same
                self._keys.show_notice("Not saved: see above.")
                self._refusal = str(error)
                self._judge()
                self.app.bell()
            case _:
                self._keys.show_notice(f"Not saved; {key_of('form.save')} tries again. {error}")

    def _take_problems(self, problems: Mapping[str, str]) -> None:
        """Say what the services found wrong; what belongs to no field is said below the first."""
        texts = self._texts
        first, *_ = self._fields
        said: dict[str, list[str]] = {}
        for name, why in problems.items():
            said.setdefault(name if name in self._fields else first, []).append(why)
        self._refused |= {name: (texts[name], " ".join(whys)) for name, whys in said.items()}
        self._judge()
        self._refuse(said)

    def _take_newest(self, newest: FormPlan[Saved]) -> None:
        """Show the thing as it is now: what one has not touched follows, and what was typed meanwhile stays."""
        before, texts, kept = self._plan.kept, self._texts, newest.kept
        self._take_plan(newest)
        for name, field in self._fields.items():
            if texts[name] == before[name] and texts[name] != kept[name]:
                field.put(kept[name])
        self._judge()

    def _cannot_look(self, error: AuditdeckError) -> None:
        if isinstance(error, AccessError | NotPermitted):
            self._refusal = str(error)
            self._judge()

    def _take_plan(self, newer: FormPlan[Saved]) -> None:
        self._plan = newer
        self._kept = dict(newer.kept)
        for field in newer.fields:
            widget = self._fields[field.name]
            if field.options is not None and isinstance(widget, CheckField):
                widget.offer(field.options, newer.kept[field.name])

    def _show_theirs(self, newer: FormPlan[Saved]) -> None:
        """Show what another editor did meanwhile: nothing of it is written over unseen."""
        both = merged(self._plan.kept, self._texts, newer.kept)
        self._take_plan(newer)
        self._beside |= both.beside
        for name, text in both.texts.items():
            if text != self._fields[name].text:
                self._fields[name].put(text)
        self._judge()
        if not both.beside:  # they changed what is not in the form, or wrote the same
            self.action_save()
            return
        self._ahead.begin()
        names = [name for name in self._fields if name in both.beside]
        self.set_focus(self._fields[names[0]].box)
        self._keys.show_notice(
            f"Not saved yet. Meanwhile somebody changed {self._labels(names)}: see below each, then save.",
            f"Not saved: somebody changed {self._labels(names)}.",
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
                self._save(self._judge())

        names = self._labels(undecided)
        choices = [
            Choice("g", "go on", f"Decide field by field: {key_of('form.other')} takes theirs.", "neither"),
            Choice("m", "mine", f"Save what you wrote for {names} over theirs.", "mine"),
            Choice("t", "theirs", f"Leave {names} as they wrote it, and save the rest.", "theirs"),
        ]
        self._prompts.ask(f"Both changed {names}.", choices, answered)

    def _labels(self, names: list[str]) -> str:
        labels = {field.name: field.label.lower() for field in self._plan.fields}
        return listed([labels[name] for name in names])

    def _leave(self, leave: bool) -> None:
        if leave:
            self.dismiss(None)

    def _focus_again(self) -> None:
        self.set_focus(self._last.box)

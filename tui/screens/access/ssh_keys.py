"""The SSH keys of a member, one's own or another's: registered and removed."""

from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult

from data.access.model import AccessList, Member, SshKey
from data.errors import AuditdeckError
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.ssh_keys import key_rows
from tui.reading.questions import LogOpener
from tui.screens.access.endings import key_end
from tui.screens.access.invite_form import KeyPlan
from tui.screens.ending import EndingScreen
from tui.screens.form.screen import FormScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.row_pane import PaneItem, RowPane

_LOOK = "keys of a member"


class _Title(OneRow):
    background_role = "header"
    text = "Your SSH keys"

    def make_row(self, width: int) -> Row:
        line = Line(width).at(1).add(self.text, Role.TITLE, bold=True)
        return line.add("  ").add("with which one comes in over ssh", Role.MUTED).row()


class _KeysPane(RowPane):
    BINDINGS = bindings(Scope.MOVING, Scope.KEYS)


class SshKeysScreen(PaintedScreen[None]):
    """A list of them. One's own need no permission: without a `member` they are those of whoever asks."""

    AUTO_FOCUS = "_KeysPane"
    CSS_PATH = "../../styles/forms.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=("app.help", "log.refresh", "log.back", "log.leave"))

    def __init__(self, log: LogOpener, zone: ZoneInfo, member: Member | None = None) -> None:
        super().__init__()
        self._log = log
        self._zone = zone
        self._is_own = member is None
        self._member = member
        self._found: AccessList | None = None
        self._said = "Looking ..."
        self._jobs = Jobs(self)
        self._title = _Title()
        if member is not None:
            self._title.text = f"SSH keys of {member.name}"
        self._pane = _KeysPane()
        self._keys = KeyBar()

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._pane
        yield self._keys

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.KEYS)
        self._look()

    def on_unmount(self) -> None:
        self._jobs.close()

    def on_resize(self) -> None:
        self._show()

    @property
    def is_asking(self) -> bool:
        """Whether any question waits for its answer."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    def on_key(self, event: events.Key) -> None:
        self._keys.clear_notice()

    # Keys.

    def action_add_key(self) -> None:
        member = self._member
        if member is None:
            self._keys.show_notice(self._said)
            return
        plan = KeyPlan(member.id, member.name, self._is_own)
        self.app.push_screen(FormScreen(self._log, plan), self._registered)

    def action_remove_key(self) -> None:
        member, key = self._member, self._chosen
        if member is not None and key is not None:
            self.app.push_screen(EndingScreen(self._log, key_end(self._zone, self._found, member, key)), self._removed)

    def action_refresh_log(self) -> None:
        self._look()

    def action_back(self) -> None:
        self.dismiss(None)

    def action_leave(self) -> None:
        self.dismiss(None)

    # The rest.

    @property
    def _chosen(self) -> SshKey | None:
        keys = () if self._member is None else self._member.keys
        return next((one for one in keys if one.fingerprint == self._pane.current_key), None)

    def _look(self) -> None:
        if self._is_own:
            self._jobs.ask(_LOOK, lambda _: self._log().keys.own(), self._take, self._failed)
        else:
            self._jobs.ask(_LOOK, lambda _: self._log().access.read(), self._take_list, self._failed)

    def _take_list(self, found: AccessList) -> None:
        self._found = found
        self._take(None if self._member is None else found.access.members.get(self._member.id))

    def _take(self, member: Member | None) -> None:
        self._member = member
        self._said = (
            "Whoever owns this database's file comes in by it, and has no keys here."
            if member is None
            else f"There is no key yet; {key_of('keys.add')} registers one."
        )
        self._show()

    def _failed(self, error: AuditdeckError) -> None:
        self._said = f"{error} {key_of('log.refresh')} tries again."
        self._keys.show_notice(self._said)
        self._show()

    def _registered(self, key: SshKey | None) -> None:
        if key is not None:
            self._keys.show_notice(f"Registered: {key.fingerprint}")
            self._look()

    def _removed(self, said: str | None) -> None:
        if said is not None:
            self._keys.show_notice(said)
            self._look()

    def _show(self) -> None:
        width = self.size.width
        keys = () if self._member is None else self._member.keys
        items = [PaneItem(key_rows(one, width, self._zone), one.fingerprint) for one in keys]
        if not items:
            items = [PaneItem((Line(width).at(2).add(self._said, Role.MUTED).row(),))]
        self._pane.show_items([PaneItem(((),)), *items])

"""Why a member may do something, or why not: every permission, and of one each way to it with the events that made it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.access.history import Explanation
from data.permissions import Permission
from data.query import EventQuery, Key
from data.query.model import EVERYTHING
from data.records import Reference
from tui.keymap import Scope, bindings
from tui.presenters.clauses import reference_clause
from tui.presenters.pieces import Role
from tui.presenters.why_member import LinkKey, PermissionKey, events_in, explanation_rows, permission_rows
from tui.reading.history import Place
from tui.scopes import WHY_MEMBER_NEEDS
from tui.telling import TELLING_IDS, TellingScreen
from tui.widgets.row_pane import PaneItem, RowPane
from tui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class MemberWhyPlace:
    """Whose permissions are told, as of when (None: now), and of which one; None for all."""

    member: Reference
    at: datetime | None = None
    permission: Permission | None = None


class _WhyPane(RowPane):
    BINDINGS = bindings(Scope.MOVING, Scope.WHY_MEMBER)


class WhyMemberScreen(TellingScreen):
    """What one member may do."""

    AUTO_FOCUS = "#why-member"
    CSS_PATH = Path(__file__).parents[2] / "styles" / "why_member.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=TELLING_IDS)

    def __init__(self, workplace: Workplace, place: MemberWhyPlace) -> None:
        super().__init__(workplace, _WhyPane(id="why-member"))
        self.place = place
        """What is told, or on its way."""
        self._told: tuple[Explanation, ...] = ()

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.WHY_MEMBER)
        self.tell(self.place)

    def tell(self, place: MemberWhyPlace) -> None:
        """Tell this, from its beginning."""
        self.place = place
        self._told = ()
        self._begin(place.member.label)

    # Keys.

    def action_follow_line(self) -> None:
        """To the ways to the permission, or to the event in the log of what it was done to."""
        match self._pane.current_key:
            case PermissionKey(permission=permission):
                self._turn_to(permission)
            case LinkKey(event=wanted):
                known = {key: one for told in self._told for key, one in events_in(told).items()}
                event = known[wanted]
                assert event.target is not None, "no event without one gives or takes anything"
                self._workplace.navigation.open_log(_log_of(event.target), Place(event.id, None, None))

    def action_log_of(self) -> None:
        self._workplace.navigation.open_log(_log_of(self.place.member))

    def action_back(self) -> None:
        """From one permission to all of them, and from there to where one was."""
        if self._told and self.place.permission is not None:
            self._turn_to(None)
        else:
            super().action_back()

    # The rest.

    def _turn_to(self, permission: Permission | None) -> None:
        before = self.place.permission
        self.place = MemberWhyPlace(self.place.member, self.place.at, permission)
        self._show(to_start=True)
        if permission is None and before is not None:
            self._pane.move_to_key(PermissionKey(before))

    @property
    def _has_told(self) -> bool:
        return bool(self._told)

    def _ask(self, *, to_start: bool) -> None:
        place, log = self.place, self._workplace.log.needing(*WHY_MEMBER_NEEDS)

        def told(found: tuple[Explanation, ...]) -> None:
            self._told = found
            self.title_bar.show_state(f"as of {found[0].at.astimezone(self._workplace.zone):%H:%M}", Role.AFTER)
            self.title_bar.show_view(f"Why: {found[0].member.label}")

        member_id = place.member.id or ""
        self._put(lambda stop: log().access_explaining.explain(member_id, place.at, stop=stop), told, to_start=to_start)

    def _show(self, *, to_start: bool) -> None:
        width, zone = self._pane.size.width, self._workplace.zone
        if not self._told or not width:
            return
        is_now, wanted = self.place.at is None, self.place.permission
        if wanted is None:
            rows = permission_rows(self._told, width, zone, is_now=is_now)
        else:
            one = next(one for one in self._told if one.permission is wanted)
            rows = explanation_rows(one, width, zone, is_now=is_now)
        self._pane.show_items([PaneItem(lines, key) for lines, key in rows], to_start=to_start)


def _log_of(thing: Reference) -> EventQuery:
    return EventQuery((reference_clause(Key.TARGET, thing), EVERYTHING))

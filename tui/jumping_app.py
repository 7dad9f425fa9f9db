"""From screen to screen with a query or a thing in one's hand, and back again to where one was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from data.permissions import Permission
from data.query import EventQuery
from data.records import Event, Reference
from tui.access_watching import AccessWatchingApp
from tui.numbered_screens import NumberedScreen
from tui.presence import BEAT_S
from tui.reading.history import MOST_STEPS, Place, Step
from tui.reading.log_reading import LogReading
from tui.scopes import WHY_MEMBER_NEEDS, WHY_NEEDS
from tui.screens.event_log.screen import EventLogScreen

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog
    from tui.screens.clients.screen import ClientsScreen
    from tui.screens.why.screen import WhyPlace, WhyScreen
    from tui.screens.why_member.screen import MemberWhyPlace, WhyMemberScreen

WHY_MEMBER = "why_member"
"""The screen that tells what a member may do, and why: it has no number either."""
WHY_MEMBER_SCREEN = NumberedScreen("", WHY_MEMBER, "Why", "Why a member may do something", needs_too=WHY_MEMBER_NEEDS)
WHY = "why"
"""The screen that tells a client's story: it has no number."""
WHY_SCREEN = NumberedScreen("", WHY, "Why", "Why a client's calls are refused", needs_too=WHY_NEEDS)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a jump to another screen began: the screen, and where one was in its log or whose story it told."""

    screen: str
    step: Step | None
    why: "WhyPlace | None" = None
    member_why: "MemberWhyPlace | None" = None


class JumpingApp(AccessWatchingApp, inherit_bindings=False):
    """`tui.navigation.Navigation`, but for what the first row of every screen says.

    Screens that one goes to are imported when one does: the first paint waits for the first screen alone.
    """

    def __init__(self, open_log: "Callable[[], AuditLog]", terminal: str | None, beat_s: float = BEAT_S) -> None:
        super().__init__(open_log, terminal, beat_s)
        self._trail: list[_Origin] = []
        self._wanted = EventQuery()
        self._why: WhyPlace | None = None
        self._member_why: MemberWhyPlace | None = None

    def forget_the_way(self) -> None:
        """There is no way back from here, and no query to begin with."""
        self._trail.clear()
        self._wanted = EventQuery()

    def open_log(self, query: EventQuery, place: Place | None = None) -> None:
        """Read this query in the audit log, from `place` on (None: from its newest event)."""
        if not self.lacks("log"):
            self._jump("log", query, place)

    def open_requests(self, query: EventQuery, place: Place | None = None) -> None:
        """Read this query in the request log, from `place` on (None: from its newest request)."""
        if not self.lacks("requests"):
            self._jump("requests", query, place)

    def open_client(self, client_id: str) -> None:
        """Show the API client with this id."""
        if not self.lacks("clients"):
            self._clients_from_elsewhere().open_client(client_id)

    def open_access(self, reference: Reference) -> None:
        """Show this member, group, role, invitation or session."""
        if self.lacks("access"):
            return
        from tui.screens.access.screen import AccessScreen

        if self.current_mode != "access":
            self._remember()
        self._go_to("access")
        there = self._screen_here
        assert isinstance(there, AccessScreen)
        there.open_reference(reference)

    def open_put_back(self, event: Event) -> None:
        """Open the form of the API client that this update changed, with the values before it."""
        if not self.lacks("clients"):
            self._clients_from_elsewhere().open_put_back(event)

    def open_export(self, query: EventQuery) -> None:
        """Open the form that takes away what this query selects in the audit log."""
        from tui.screens.export.screen import ExportScreen

        def tell(said: str | None) -> None:
            if said is not None:
                self.say(said)

        if not isinstance(self.screen, ExportScreen):
            self.push_screen(ExportScreen(self.workplace, query), tell)

    def open_why(self, subject: Reference, remark: str | None = None) -> None:
        """Tell why this client's calls are refused, or that they are not."""
        if self.lacks(WHY):
            return
        self._remember()
        from tui.screens.why.screen import WhyPlace

        self._why = WhyPlace(subject, remark=remark)
        is_made_for_it = WHY not in self._screen_stacks
        self._go_to(WHY)
        there = self._why_here
        if not is_made_for_it and there is not None:
            there.tell(self._why)

    def open_member_why(
        self, member: Reference, at: datetime | None = None, permission: Permission | None = None
    ) -> None:
        """Tell why this member may do this at a moment (None: now), or why not; without a permission, of all of them."""
        if self.lacks(WHY_MEMBER):
            return
        self._remember()
        from tui.screens.why_member.screen import MemberWhyPlace

        self._member_why = MemberWhyPlace(member, at, permission)
        is_made_for_it = WHY_MEMBER not in self._screen_stacks
        self._go_to(WHY_MEMBER)
        there = self._member_why_here
        if not is_made_for_it and there is not None:
            there.tell(self._member_why)

    def go_back(self) -> bool:
        """To where the last jump began, if this screen was come to by one; whether it was."""
        if not self._trail:
            return False
        origin = self._trail.pop()
        if self.lacks(origin.screen):
            return True
        self._go_to(origin.screen)
        reading, step = self._reading_here, origin.step
        if reading is not None and step is not None and reading.query != step.query:  # another jump led here meanwhile
            reading.ask(step.query, step.place, paused=step.paused)
        here = self._why_here
        if here is not None and origin.why is not None and here.place != origin.why:
            here.tell(origin.why)
        there = self._member_why_here
        if there is not None and origin.member_why is not None and there.place != origin.member_why:
            there.tell(origin.member_why)
        return True

    def _jump(self, screen: str, query: EventQuery, place: Place | None = None) -> None:
        """Read the query on that screen; on the one that one is on already, it is a step like any other."""
        if screen != self.current_mode:
            self._remember()
        is_made_for_it = screen not in self._screen_stacks
        self._wanted = query
        self._go_to(screen)
        there = self._screen_here
        if not isinstance(there, EventLogScreen):
            return
        if not is_made_for_it:
            there.open_query(query, place)
        elif place is not None:  # it begins with the query by itself
            there.call_after_refresh(there.open_query, query, place)

    def _clients_from_elsewhere(self) -> "ClientsScreen":
        from tui.screens.clients.screen import ClientsScreen

        if self.current_mode != "clients":
            self._remember()
        self._go_to("clients")
        there = self._screen_here
        assert isinstance(there, ClientsScreen)
        return there

    def _remember(self) -> None:
        """Where one is now, as where a jump begins."""
        reading, here, there = self._reading_here, self._why_here, self._member_why_here
        step = None if reading is None else reading.here
        origin = _Origin(
            self.current_mode,
            step,
            None if here is None else here.place,
            None if there is None else there.place,
        )
        self._trail.append(origin)
        del self._trail[:-MOST_STEPS]

    def _go_to(self, screen: str) -> None:
        """To this screen, as it was left."""
        self.switch_mode(screen)
        self.leave_forbidden()
        self.dress()
        self.see_to_size(self.size)

    @property
    def _screen_here(self) -> Screen[Any]:
        """The numbered screen that one is on, whatever lies on top of it."""
        return self.screen_stack[0]

    @property
    def _why_here(self) -> "WhyScreen | None":
        """The story of a client, if that is where one is."""
        if self.current_mode != WHY:
            return None
        from tui.screens.why.screen import WhyScreen

        here = self._screen_here
        return here if isinstance(here, WhyScreen) else None

    @property
    def _member_why_here(self) -> "WhyMemberScreen | None":
        """What a member may do, if that is where one is."""
        if self.current_mode != WHY_MEMBER:
            return None
        from tui.screens.why_member.screen import WhyMemberScreen

        here = self._screen_here
        return here if isinstance(here, WhyMemberScreen) else None

    @property
    def _reading_here(self) -> LogReading | None:
        here = self._screen_here
        return here.reading if isinstance(here, EventLogScreen) else None

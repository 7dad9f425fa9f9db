"""The keys that make, change and end members, groups, roles, invitations and sessions."""

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from data.access.joining import Invited
from data.access.model import OWNER_ID, Group, InvitationStatus, Member, MemberStatus, Role
from data.errors import AuditdeckError
from data.records import Reference
from tui.keymap import key_of
from tui.permitted import own_id
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_tabs import AccessTab, Item
from tui.reading.questions import LogOpener
from tui.screens.access.endings import (
    group_end,
    member_end,
    reinstatement,
    revocation,
    role_end,
    session_end,
    suspension,
)
from tui.screens.access.forms import GroupPlan, MemberPlan, RolePlan
from tui.screens.access.handing_over import HandingOverScreen
from tui.screens.access.invite_form import InvitePlan
from tui.screens.access.list_pane import AccessListPane
from tui.screens.access.ssh_keys import SshKeysScreen
from tui.screens.ending import EndingScreen, EndPlan
from tui.screens.form.plan import FormPlan
from tui.screens.form.screen import FormScreen
from tui.two_panes import TwoPaneScreen

_SEND_AGAIN, _SEND = "send again", "send invitations"
_OWN = "Nobody changes their own access; somebody else who manages access can."


class AccessKeys(TwoPaneScreen):
    """The part of the screen that changes who may do what. What is not permitted the services say, at the end."""

    _log: LogOpener
    _zone: ZoneInfo
    _roster: AccessRoster | None
    _list: AccessListPane

    @property
    def _chosen(self) -> Item | None:
        """The one under the cursor."""
        raise NotImplementedError

    def look(self) -> None:
        """Read all of it again."""
        raise NotImplementedError

    def go_to_reference(self, reference: Reference) -> None:
        """Read all of it again, and put the cursor on what this refers to."""
        raise NotImplementedError

    # Keys.

    def action_add_item(self) -> None:
        match self._list.tab:
            case AccessTab.ROLES:
                self._form(lambda roster: RolePlan(roster.found.access))
            case AccessTab.GROUPS:
                self._form(lambda roster: GroupPlan(roster.found.access))
            case AccessTab.SESSIONS:
                self._keys.show_notice("A session begins when somebody signs in; nobody adds one.")
            case _:
                self.action_invite()

    def action_invite(self) -> None:
        roster = self._roster
        if roster is None:
            self._say_wait()
        else:
            self.app.push_screen(FormScreen(self._log, InvitePlan(roster.found.access)), self._invited)

    def action_edit_item(self) -> None:
        match self._thing:
            case Role(built_in=True) as role:
                self._keys.show_notice(f"{role.name} is built in and stays as it is; add a role of your own.")
            case Role() as role:
                self._form(lambda roster: RolePlan(roster.found.access, role))
            case Group() as group:
                self._form(lambda roster: GroupPlan(roster.found.access, group))
            case Member(status=MemberStatus.REMOVED) as member:
                self._keys.show_notice(f"{member.name} was removed; nothing of it changes any more.")
            case Member() as member:
                self._form(lambda roster: MemberPlan(roster.found.access, member))
            case _:
                self._say_no("edited")

    def action_bar_item(self) -> None:
        """Suspend or reinstate a member, end a session, revoke an invitation."""
        item, roster = self._chosen, self._roster
        if item is None or roster is None:
            return
        match item.tab, self._thing:
            case AccessTab.MEMBERS, Member() if item.id == own_id():
                self._keys.show_notice(_OWN)
            case AccessTab.MEMBERS, Member(status=MemberStatus.ACTIVE):
                self._end(suspension(self._zone, roster.found, item.id))
            case AccessTab.MEMBERS, Member(status=MemberStatus.SUSPENDED):
                self._end(reinstatement(roster.found, item.id))
            case AccessTab.SESSIONS, _ if roster.sessions[item.id].ended_at is None:
                self._end(session_end(self._zone, roster.sessions[item.id]))
            case AccessTab.SESSIONS, _:
                self._keys.show_notice("This session is over already.")
            case AccessTab.INVITATIONS, _:
                self._revoke(item.id)
            case AccessTab.GROUPS | AccessTab.ROLES, _:
                self._keys.show_notice(f"A {item.tab.one} is not barred; {key_of('access.delete')} deletes it.")
            case _:
                self._say_no("barred")

    def action_delete_item(self) -> None:
        item, roster = self._chosen, self._roster
        if item is None or roster is None:
            return
        match self._thing:
            case Role(built_in=True) as role:
                self._keys.show_notice(f"{role.name} is built in and is never deleted.")
            case Role() as role:
                self._end(role_end(roster.found, role.id), leaves_list=True)
            case Group() as group:
                self._end(group_end(roster.found, group.id), leaves_list=True)
            case Member(status=MemberStatus.REMOVED) as member:
                self._keys.show_notice(f"{member.name} was removed already; the name stays on what they did.")
            case Member(id=one) if one == own_id():
                self._keys.show_notice(_OWN)
            case Member() as member:
                self._end(member_end(self._zone, roster.found, member.id))
            case _ if item.tab is AccessTab.INVITATIONS:
                self._revoke(item.id)
            case _:
                self._say_no("deleted")

    def action_ssh_keys(self) -> None:
        match self._thing:
            case Member(status=MemberStatus.REMOVED) as member:
                self._keys.show_notice(f"{member.name} was removed, and has no keys any more.")
            case Member() as member:
                screen = SshKeysScreen(self._log, self._zone, member)
                self.app.push_screen(screen, lambda _: self.look())
            case _:
                self._keys.show_notice("Keys are a member's: go to the member first.")

    def action_send_again(self) -> None:
        item, roster = self._chosen, self._roster
        if item is None or roster is None or item.tab is not AccessTab.INVITATIONS:
            self._keys.show_notice("An invitation can be sent again: go to the invitation first.")
            return
        if not self._is_open(item.id, f" {key_of('access.invite')} invites anew."):
            return
        invitation = roster.invitations[item.id]

        def again(invited: Invited) -> None:
            self._hand_over((invited,))

        self._jobs.ask(
            _SEND_AGAIN,
            lambda _: self._log().invitations.resend(self._log().caller(), invitation.id),
            again,
            self._tell,
        )

    # The rest.

    @property
    def _thing(self) -> Member | Group | Role | None:
        item, roster = self._chosen, self._roster
        if item is None or roster is None:
            return None
        match item.tab:
            case AccessTab.MEMBERS:
                return roster.members.get(item.id)
            case AccessTab.GROUPS:
                return roster.groups.get(item.id)
            case AccessTab.ROLES:
                return roster.roles.get(item.id)
            case _:
                return None

    def _form(self, make: "Callable[[AccessRoster], FormPlan[Role | Group | Member]]") -> None:
        if self._roster is None:
            self._say_wait()
        else:
            self.app.push_screen(FormScreen(self._log, make(self._roster)), self._saved)

    def _saved(self, saved: Role | Group | Member | None) -> None:
        if saved is not None:
            self._keys.show_notice(f"Saved: {saved.name}")
            self.go_to_reference(saved.reference)

    def _end(self, plan: EndPlan[str], *, leaves_list: bool = False) -> None:
        """`leaves_list` is for what is no longer there afterwards: its pane would show the one that took its place."""

        def ended(said: str | None) -> None:
            if said is not None:
                if leaves_list:
                    self.close_pane()
                self._keys.show_notice(said)
                self.look()

        self.app.push_screen(EndingScreen(self._log, plan), ended)

    def _revoke(self, invitation_id: str) -> None:
        if self._roster is not None and self._is_open(invitation_id):
            self._end(revocation(self._zone, self._roster.found, self._roster.invitations[invitation_id]))

    def _is_open(self, invitation_id: str, instead: str = "") -> bool:
        """Whether an invitation can still be accepted; else it is said why not, and what can be done `instead`."""
        assert self._roster is not None
        invitation = self._roster.invitations[invitation_id]
        status = invitation.status(self._roster.now)
        if status is InvitationStatus.OPEN:
            return True
        self._keys.show_notice(f"The invitation of {invitation.email} is {status} already.{instead}")
        return False

    def _invited(self, invited: tuple[Invited, ...] | None) -> None:
        if invited:
            self._hand_over(invited)

    def _hand_over(self, invited: tuple[Invited, ...]) -> None:
        """Show what is to be passed on by hand, and let the mails go out."""
        by_hand = tuple(one for one in invited if one.text is not None)
        names = invited[0].invitation.email if len(invited) == 1 else f"{len(invited)} people"
        if by_hand:
            self.app.push_screen(HandingOverScreen(by_hand), partial(self._handed_over, invited))
        else:
            self._keys.show_notice(f"Invited {names}; the mail is on its way.")
            # The keeper tries again what does not go out now; whether it did stands on the invitation.
            self._jobs.ask(
                _SEND, lambda _: self._log().invitations.send_due(), lambda _: self.look(), lambda _: self.look()
            )
            self.go_to_reference(invited[0].invitation.reference)

    def _handed_over(self, invited: tuple[Invited, ...], said: str | None) -> None:
        self._keys.show_notice(said or "")
        self.go_to_reference(invited[0].invitation.reference)

    def _tell(self, error: AuditdeckError) -> None:
        self._keys.show_notice(str(error))
        self.look()

    def _say_wait(self) -> None:
        self._keys.show_notice("One moment: who may do what is not known yet.")

    def _say_no(self, done: str) -> None:
        item = self._chosen
        if item is None:
            return
        if item.id == OWNER_ID:
            self._keys.show_notice("Whoever owns the database's file may do everything: that is not changed here.")
        else:
            article = "An" if item.tab is AccessTab.INVITATIONS else "A"
            self._keys.show_notice(f"{article} {item.tab.one} is not {done}.")

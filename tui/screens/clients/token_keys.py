"""The token menu of a client: issue, rotate, prolong the overlap, end one."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from data.clients.expiry import read_day
from data.clients.model import ApiClient, ClientStatus, IssuedToken, Token
from data.clock import Clock
from data.errors import AuditdeckError
from tui.keymap import key_of
from tui.presenters.client_end import DONE, Ending
from tui.presenters.token_choices import Act, overlap_choices, prolong_choices, sure_choices, token_acts, which_token
from tui.presenters.values import weekday_text
from tui.reading.questions import LogOpener
from tui.screens.clients.ending import client_end
from tui.screens.clients.roster import Roster
from tui.screens.clients.token_shown import TokenScreen
from tui.screens.ending import EndingScreen
from tui.two_panes import TwoPaneScreen
from tui.visitor import visitor_here

T = TypeVar("T")

_CHANGE = "change token"


class TokenKeys(TwoPaneScreen):
    """The part of the screen that deals with tokens."""

    _log: LogOpener
    _zone: ZoneInfo
    _clock: Clock
    _roster: Roster | None

    @property
    def _chosen(self) -> ApiClient | None:
        """The client under the cursor."""
        raise NotImplementedError

    def look(self) -> None:
        """Read the clients again."""
        raise NotImplementedError

    def go_to_client(self, client_id: str) -> None:
        """Read the clients again, and put the cursor on this one."""
        raise NotImplementedError

    def _week_of(self, client_id: str) -> tuple[int, ...] | None:
        """A client's requests day by day, None while they are not known."""
        raise NotImplementedError

    def action_token(self) -> None:
        client = self._chosen_live()
        if client is None:
            return
        acts = token_acts(client, self._clock(), self._days_zone)
        self._prompts.ask(f"Token of {client.name}", acts, partial(self._begin_act, client))

    def _begin_act(self, client: ApiClient, act: Act) -> None:
        live = client.live_tokens(self._clock(), self._days_zone)
        match act:
            case Act.ISSUE:
                self._make(client, lambda log: log().clients.issue(log().caller(), client.id))
            case Act.ROTATE if self._roster is not None:
                choices = overlap_choices(live, self._roster.policy.overlap_days, self._today, self._clock())
                self._prompts.ask("The old one works for", choices, partial(self._rotate, client))
            case Act.PROLONG:
                overlapping = next((one for one in live if one.overlap_ends is not None), None)
                if overlapping is not None:
                    choices_of_days = prolong_choices(overlapping, self._today)
                    question = f"Prolong {overlapping.public_id}"
                    self._prompts.ask(question, choices_of_days, partial(self._prolong, client, overlapping))
            case Act.END if len(live) == 1:
                self._begin_end(client, live[0])
            case Act.END:
                self._prompts.ask("End which?", which_token(live, self._clock()), partial(self._begin_end, client))
            case _:
                pass

    def _rotate(self, client: ApiClient, days: int | None) -> None:
        if days is None:
            self._ask_day("Until, or for how long", lambda day: self._rotate(client, (day - self._today).days))
            return

        def rotate(is_sure: bool = True) -> None:
            if is_sure:
                self._make(client, lambda log: log().clients.rotate(log().caller(), client.id, days))

        live = client.live_tokens(self._clock(), self._days_zone)
        if days or not live:
            rotate()
        else:  # what stops working is said first
            self._prompts.ask(f"Stop {live[-1].public_id}?", sure_choices(live[-1], self._clock()), rotate)

    def _prolong(self, client: ApiClient, token: Token, until: date | None) -> None:
        if until is None:
            self._ask_day("Until, or for how long", lambda day: self._prolong(client, token, day))
            return

        def prolonged(_: ApiClient) -> None:
            self._keys.show_notice(f"{token.public_id} works through {weekday_text(until)}.")
            self.look()

        log, public_id = self._log, token.public_id
        self._change(lambda: log().clients.prolong(log().caller(), client.id, public_id, until), prolonged)

    def _begin_end(self, client: ApiClient, token: Token) -> None:
        plan = client_end(
            Ending.END_TOKEN,
            client,
            token=token,
            week=self._week_of(client.id),
            now=self._clock(),
            zone=self._days_zone,
        )

        def ended(after: ApiClient | None) -> None:
            if after is not None:
                self._keys.show_notice(f"{token.public_id} was {DONE[Ending.END_TOKEN]}.")
                self.look()

        self.app.push_screen(EndingScreen(self._log, plan), ended)

    def _ask_day(self, question: str, then: Callable[[date], None]) -> None:
        def check(text: str) -> str | None:
            if not text.strip():
                return ""
            try:
                day = read_day(text, self._today)
            except ValueError as error:
                return str(error)
            return "That is past." if day < self._today else None

        self._prompts.ask_text(question, "", lambda text: then(read_day(text, self._today)), check)

    def _make(self, client: ApiClient, make: Callable[[LogOpener], IssuedToken]) -> None:
        self._change(lambda: make(self._log), self._show_token)

    def _show_token(self, issued: IssuedToken) -> None:
        others = [
            one
            for one in issued.client.live_tokens(self._clock(), self._days_zone)
            if one.public_id != issued.token.public_id
        ]
        older = (others[0].public_id, others[0].overlap_ends) if others else None
        may_save = self._roster is not None and self._roster.is_embedded and visitor_here() is None

        def closed(said: str | None) -> None:
            self._keys.show_notice(said or "")
            self.look()

        self.app.push_screen(TokenScreen(self._log, issued, older=older, may_save=may_save), closed)

    def _change(self, change: Callable[[], T], then: Callable[[T], None]) -> None:
        if self._jobs.is_asking(_CHANGE):
            self._keys.show_notice("Something is being changed already.")
        else:
            self._jobs.ask(_CHANGE, lambda _: change(), then, self._tell)

    def _tell(self, error: AuditdeckError) -> None:
        self._keys.show_notice(str(error))
        self.look()

    def _chosen_live(self) -> ApiClient | None:
        """The client under the cursor if it can still be changed; else it is said why not."""
        client = self._chosen
        if client is None or client.revoked_at is None:
            return client
        status = ClientStatus.REVOKED.value
        self._keys.show_notice(
            f"{client.name} was {status}: all that is left is to {key_of('clients.delete')} delete it."
        )
        return None

    @property
    def _days_zone(self) -> ZoneInfo:
        """The organisation's zone, in which days end."""
        return self._zone if self._roster is None else self._roster.found.zone

    @property
    def _today(self) -> date:
        return self._clock().astimezone(self._days_zone).date()

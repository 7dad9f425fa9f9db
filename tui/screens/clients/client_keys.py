"""The keys that make, change and end a client, and copy what it is called."""

import os

from data.clients.model import ApiClient, IssuedToken
from data.records import Event
from tui.clipboard import refusal
from tui.presenters.client_copies import client_copies
from tui.presenters.client_end import DONE, Ending
from tui.presenters.client_form import texts_before
from tui.screens.clients.ending import client_end
from tui.screens.clients.form import ClientFormScreen, PutBack, Saved
from tui.screens.clients.token_keys import TokenKeys
from tui.screens.ending import EndingScreen

_FIND = "client to put back"


class ClientKeys(TokenKeys):
    """The part of the screen that changes clients."""

    _put_back: Event | None = None

    def action_add_client(self) -> None:
        if self._roster is None:
            self._keys.show_notice("One moment: which names are taken is not known yet.")
        else:
            self.app.push_screen(ClientFormScreen(self._log, self._roster, self._clock), self._form_ended)

    def action_edit_client(self) -> None:
        client = self._chosen_live()
        if client is not None and self._roster is not None:
            self.app.push_screen(ClientFormScreen(self._log, self._roster, self._clock, client), self._form_ended)

    def action_revoke_client(self) -> None:
        client = self._chosen_live()
        if client is not None:
            self._begin_ending(Ending.REVOKE, client)

    def action_delete_client(self) -> None:
        if self._chosen is not None:
            self._begin_ending(Ending.DELETE, self._chosen)

    def action_copy(self) -> None:
        if self._chosen is not None:
            self._prompts.ask("Copy", client_copies(self._chosen), self._send)

    def open_put_back(self, event: Event) -> None:
        """Open the form of the client that an update changed, with the values before it."""
        self._put_back = event
        if self._roster is not None:
            self.roster_came()

    def roster_came(self) -> None:
        """The clients are known now, and with them whether there is something to be put back."""
        event, self._put_back = self._put_back, None
        if event is None:
            return
        texts = texts_before(event.changes)
        client_id = None if event.client is None else event.client.id
        if client_id is None or not texts:
            self._keys.show_notice("This event tells no values that could be put back.")
            return
        # The roster may be older than what is to be edited.
        self._jobs.ask(
            _FIND,
            lambda _: self._log().clients.find(client_id),
            lambda client: self._open_put_back(client, PutBack(texts, event.id)),
            self._tell,
        )

    def _open_put_back(self, client: ApiClient, put_back: PutBack) -> None:
        if client.deleted_at is not None:
            self._keys.show_notice(f"{client.name} was deleted; nothing can be put back.")
        elif client.revoked_at is not None:
            self._keys.show_notice(f"{client.name} was revoked; nothing can be put back.")
        elif self._roster is not None:
            form = ClientFormScreen(self._log, self._roster, self._clock, client, put_back)
            self.app.push_screen(form, self._form_ended)

    def _form_ended(self, saved: Saved | None) -> None:
        match saved:
            case IssuedToken():
                self.go_to_client(saved.client.id)
                self._show_token(saved)
            case ApiClient():
                self.go_to_client(saved.id)
                self._keys.show_notice(f"Saved: {saved.name}")
            case None:
                pass

    def _begin_ending(self, ending: Ending, client: ApiClient) -> None:
        plan = client_end(
            ending,
            client,
            week=self._week_of(client.id),
            now=self._clock(),
            zone=self._days_zone,
        )

        def ended(after: ApiClient | None) -> None:
            if after is not None:
                self._keys.show_notice(f"{after.name} was {DONE[ending]}.")
                self.look()

        self.app.push_screen(EndingScreen(self._log, plan), ended)

    def _send(self, text: str) -> None:
        why_not = refusal(text, os.environ)
        if why_not is not None:
            self._keys.show_notice(f"{why_not}: {text}")
            return
        self.app.copy_to_clipboard(text)
        self._keys.show_notice(f"Sent to the terminal: {text}")

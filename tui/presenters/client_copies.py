"""What can be copied of an API client: never a secret, which nobody has any more."""

import shlex

from data.clients.model import ApiClient
from tui.presenters.choices import Choice


def client_copies(client: ApiClient) -> list[Choice[str]]:
    """Its id, its name, the public id of its newest token, and the command that shows it."""
    command = f"auditdeck client show {shlex.quote(client.id)}"
    choices = [Choice("i", "id", client.id, client.id), Choice("n", "name", client.name, client.name)]
    if client.tokens:
        newest = client.tokens[-1].public_id
        choices.append(Choice("p", "public id", f"{newest}, of its newest token", newest))
    return [*choices, Choice("c", "command", command, command)]

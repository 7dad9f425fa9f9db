"""What can go wrong with API clients, in words for the person at the console."""

from collections.abc import Mapping

from data.clients.model import ApiClient, ClientStatus
from data.errors import AuditdeckError


class ClientError(AuditdeckError):
    """A client cannot be made, changed or ended as it was asked for."""


class ClientNotFound(ClientError):
    """No client has this id, name or token."""


class DetailsWrong(ClientError):
    """Fields of a client have values that it cannot have: `problems` has a plain sentence for each, by the field's name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


class ClientChanged(ClientError):
    """Somebody changed the client since it was looked at. `seen` is what it was then, `now` what it is."""

    def __init__(self, seen: ApiClient, now: ApiClient) -> None:
        self.seen = seen
        self.now = now
        super().__init__(f"{now.name} was changed meanwhile. Look at it again before you change it.")


class ClientEnded(ClientError):
    """The client was revoked or deleted before, and there is no way back."""

    def __init__(self, client: ApiClient, status: ClientStatus) -> None:
        self.client = client
        self.status = status
        super().__init__(f"{client.name} was {status} already.")


class TokenError(ClientError):
    """A token cannot be replaced, prolonged or ended as it was asked for."""

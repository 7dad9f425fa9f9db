"""A whole token, the one place where a secret is drawn, and what was done with it so far."""

from collections.abc import Iterator, Sequence
from datetime import date

from data.clients.model import ApiClient
from data.tokens import SecretToken
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import weekday_text
from tui.terminal import safe, wrap

LAST = 4
"""So many of its last characters are typed to close it."""

_AT = 2
_ONCE = "This is the whole token. It is shown this once, and kept nowhere."


def token_rows(
    client: ApiClient, secret: SecretToken, older: tuple[str, date | None] | None, done: Sequence[str], width: int
) -> Iterator[Row]:
    """The token on as few rows as it takes, what it is good for, and what was done with it.

    `older` is the public id of a token that lives beside it, and its last day.
    """
    whole = secret.reveal()
    room = max(width - 2 * _AT, 1)
    for part in wrap(_ONCE, room):
        yield Line(width).at(_AT).add(part, Role.DENIED).row()
    yield ()
    for begin in range(0, len(whole), room):
        yield Line(width).at(_AT).add(whole[begin : begin + room], Role.TITLE, bold=True).row()
    yield ()
    if len(whole) > room:
        yield Line(width).at(_AT).add("One token on two rows, without a blank between them.", Role.MUTED).row()
    works = f"It works through {weekday_text(client.details.expires)}, for {client.name}."
    scopes = f"Scopes: {'  '.join(client.details.scopes)}" if client.details.scopes else "It has no scopes."
    texts = [works, scopes]
    if older is not None:
        public_id, ends = older
        until = "as long as the client does" if ends is None else f"through {weekday_text(ends)}"
        texts.append(f"Beside it {public_id} goes on working, {until}.")
    for text in texts:
        for part in wrap(safe(text, limit=4_000), room):
            yield Line(width).at(_AT).add(part, Role.MUTED).row()
    if done:
        yield ()
    for text in done:
        for part in wrap(safe(text, limit=4_000), room):
            yield Line(width).at(_AT).add(part, Role.AFTER).row()

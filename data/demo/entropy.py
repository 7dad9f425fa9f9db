"""What ids and tokens of the demo are made of: the same for the same seed."""

from collections import deque
from random import Random

from data.tokens import BASE62, PREFIX

_ID_BYTES = 16


class SeededEntropy:
    """A `data.tokens.Entropy` that is no secret: the demo is there to be looked at, and gone afterwards."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._soon: deque[bytes] = deque()

    def __call__(self, count: int) -> bytes:
        if self._soon and count == _ID_BYTES:
            return self._soon.popleft()
        return self._rng.randbytes(count)

    def foretell(self, public_id: str) -> None:
        """Lets the first token of the client that is made next have this public id."""
        number = 0
        for character in public_id.removeprefix(PREFIX):
            number = number * 62 + BASE62.index(character)
        # First the client's own id is drawn, see `ApiClients.create`.
        self._soon.extend((self._rng.randbytes(_ID_BYTES), number.to_bytes(_ID_BYTES)))

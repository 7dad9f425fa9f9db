"""The mail of the demo: nothing leaves, the codes are kept for those who will type them, and some mails are not taken."""

import re
from collections import deque

from data.mail.model import Mail, MailError
from data.tokens import CODE_PREFIX

_CODE = re.compile(rf"^\s+({CODE_PREFIX}\S+)$", re.MULTILINE)


class Post:
    """A `data.mail.model.Mailer` whose boxes can be read."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._refusals: dict[str, deque[MailError]] = {}

    def send(self, mail: Mail) -> None:
        """Put it into its box. Raises MailError for one that will be refused."""
        refusals = self._refusals.get(mail.to)
        if refusals:
            raise refusals.popleft()
        found = _CODE.search(mail.text)
        assert found is not None, "an invitation's mail has its code in it"
        self._codes[mail.to] = found[1]

    def refuse(self, address: str, *errors: MailError) -> None:
        """The next mails to this address are not taken, each for its reason."""
        self._refusals.setdefault(address, deque()).extend(errors)

    def code_for(self, address: str) -> str:
        """The code in the newest mail to this address. Raises LookupError if there is none."""
        return self._codes[address]

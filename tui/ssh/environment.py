"""What is left of the environment of somebody who comes over ssh: nothing but what says which terminal they sit at.

Imports nothing of the program: this is the first that happens in a process of theirs, before anything looks at the
environment.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address

ORIGINAL_COMMAND = "SSH_ORIGINAL_COMMAND"
CONNECTION = "SSH_CONNECTION"

_OF_THE_TERMINAL = ("TERM", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "LC_TERMINAL")
"""Names of terminals, colours and locales; whatever else they could hold is not passed on."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._@-]{0,63}")
_NO_COLOR = "NO_COLOR"
_PATH = "/usr/local/bin:/usr/bin:/bin"


def fresh_environment(given: Mapping[str, str], account: str, home: str) -> dict[str, str]:
    """The environment to work in: the account's own, and of what was given the terminal's kind and locale.

    No setting, no place to write to or to load from, no time zone is among it, whoever lets a client send some.
    """
    kept = {name: given[name] for name in _OF_THE_TERMINAL if _NAME.fullmatch(given.get(name, ""))}
    if given.get(_NO_COLOR):
        kept[_NO_COLOR] = "1"
    return {**kept, "PATH": _PATH, "HOME": home, "USER": account, "LOGNAME": account}


def address_of(connection: str | None) -> str | None:
    """The address of whoever came, in what sshd says of the connection: client, its port, server, its port."""
    first = (connection or "").partition(" ")[0]
    try:
        return str(ip_address(first.partition("%")[0]))
    except ValueError:
        return None


def way_here(connection: str | None, account: str) -> tuple[str, ...]:
    """The words with which they could come again, as far as this side can know: the name that they typed, it cannot."""
    parts = (connection or "").split(" ")
    if len(parts) != 4 or address_of(parts[2]) is None or not parts[3].isdecimal():
        return ("ssh", account)
    port = () if parts[3] == "22" else ("-p", parts[3])
    return ("ssh", *port, f"{account}@{address_of(parts[2])}")

"""Mail addresses of people: which can be invited, and what a person is called as long as they have not said."""

import re

MOST_CHARACTERS = 254
"""RFC 5321, section 4.5.3.1.3, without the angle brackets."""

_MOST_LOCAL = 64  # section 4.5.3.1.1
_SHOWN_CHARACTERS = 60
# RFC 5322, section 3.2.3 (dot-atom), and host names after RFC 1123, section 2.1. A quoted local part, an address of a
# machine in brackets and characters beyond ASCII are right by their standards, and hardly anybody's.
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII | re.IGNORECASE)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}", re.ASCII | re.IGNORECASE)


def address_problem(address: str) -> str | None:
    """Why nobody can be invited at this address; None if it has the form of one."""
    if not address.strip():
        return "Whom do you invite? Write a mail address."
    shown = shown_address(address)
    local, _, domain = address.rpartition("@")
    if not address.isascii():
        return f"{shown} is no address that can be invited: it holds a character beyond ASCII."
    if len(address) > MOST_CHARACTERS or len(local) > _MOST_LOCAL:
        return f"{shown} is longer than a mail address can be."
    if _LOCAL.fullmatch(local) is None or _DOMAIN.fullmatch(domain) is None:
        return f"{shown} is no mail address such as bo@example.org."
    return None


def shown_address(address: str) -> str:
    """What a sentence calls it, however long it is."""
    return address if len(address) <= _SHOWN_CHARACTERS else f"{address[:_SHOWN_CHARACTERS]}..."


def name_from(address: str) -> str:
    """What its owner is called as long as nobody has said: `bo.lind+audit@example.org` is Bo Lind."""
    words = re.split(r"[._-]+", address.partition("@")[0].partition("+")[0])
    return " ".join(word.capitalize() for word in words if word) or address

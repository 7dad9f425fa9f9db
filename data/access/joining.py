"""What somebody joins with, and what is told of a new invitation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from data.access.codes import JoinCode
from data.access.editing import with_member
from data.access.errors import AccessError
from data.access.model import Access, Invitation, Member
from data.clock import EPOCH
from data.hostile import made_visible

JOIN_COMMAND = "auditdeck join"
"""What there is to type where no setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Joining:
    """By what whoever joins will come in from then on, and where they sit, as far as that is known.

    `key_line` is a public key as in id_ed25519.pub, which sshd has proven to be theirs. Without one and without `login`,
    it is the PostgreSQL login of the database's connection.
    """

    login: str | None = None
    key_line: str | None = None
    address: str | None = None
    terminal: str | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation. `code` and `text` are there where it is passed on by hand; nobody can ask for them again.

    Where there is mail, the code is made as it is sent.
    """

    invitation: Invitation
    code: JoinCode | None = None
    text: str | None = field(default=None, repr=False)
    """What is to be passed on, with the code in it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the mails that were due."""

    delivered: int = 0
    failed: int = 0


class CodeRefused(AccessError):
    """Nobody joins with this code: it is mistyped, over, used or revoked, or whoever types it has to wait."""


def invitation_text(inviter: str, code: JoinCode, ends: datetime, zone: ZoneInfo, join_command: str | None) -> str:
    """What an invitation says, in lines of at most 76 characters as far as it is up to us; `ends` is shown in `zone`."""
    until = ends.astimezone(zone)
    return (
        f"{' '.join(made_visible(inviter).split())}\ninvites you to the audit console.\n\n"
        "To join, type this in a terminal:\n\n"
        f"    {join_command or JOIN_COMMAND}\n\n"
        "and this code when you are asked for it:\n\n"
        f"    {code.reveal()}\n\n"
        f"It works once, until {until:%Y-%m-%d %H:%M} {zone.key}.\n"
        "Keep it to yourself: whoever has it can join in your place.\n"
        "If you did not expect it, there is nothing that you have to do.\n"
    )


def with_newcomer(
    access: Access, roles: Iterable[str], groups: Iterable[str], newcomer: Member | None = None
) -> Access:
    """Who may do what once one more is a member, with these roles and groups as far as they are there.

    Without a `newcomer`, whoever will be invited.
    """
    who = newcomer or Member("m-", "whoever is invited", "", EPOCH)
    there = replace(
        who,
        roles=tuple(one for one in roles if one in access.roles),
        groups=tuple(one for one in groups if one in access.groups),
    )
    return with_member(access, there)


def name_from(address: str) -> str:
    """What its owner is called as long as nobody has said: `bo.lind+audit@example.org` is Bo Lind."""
    words = re.split(r"[._-]+", address.partition("@")[0].partition("+")[0])
    return " ".join(word.capitalize() for word in words if word) or address

"""`auditdeck invite` and `auditdeck invitations`: inviting people, and what became of it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from data.caller import COMMAND_LINE
from data.records import Json
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import SeveralProblems
from tui.commands.opening import opened_log
from tui.commands.output import say, say_invitation, say_json, say_json_with_secret, tell
from tui.commands.table import say_table

if TYPE_CHECKING:
    from data.access.joining import Invited
    from data.access.model import AccessList, Group, Invitation, Role
    from data.services.audit_log import AuditLog


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("words", nargs="+", metavar="ADDRESS", help="whom to invite: all of them, or nobody")
    parser.add_argument(
        "--role", action="append", default=[], metavar="NAME", help="what they will hold; several times"
    )
    parser.add_argument(
        "--group", action="append", default=[], metavar="NAME", help="where they will be; several times"
    )
    parser.add_argument(
        "--json", action="store_true", help="an invitation a line; without mail each with its code, as `code`"
    )


def _invite(arguments: Namespace, settings: Settings) -> int:
    from data.access.errors import AccessWrong

    with opened_log(settings, create=settings.may_create_database) as log:
        access = log.access.read().access
        roles = _ids("role", arguments.role, access.roles)
        groups = _ids("group", arguments.group, access.groups)
        try:
            invited = log.invitations.invite(log.caller(COMMAND_LINE), arguments.words, roles, groups)
        except AccessWrong as wrong:
            raise SeveralProblems([*wrong.problems.values()]) from None
        log.invitations.send_due()
        _say_invited(log, invited, arguments.json)
    return SUCCEEDED


def _say_invited(log: "AuditLog", invited: "Sequence[Invited]", as_json: bool) -> None:
    found = log.access.read()
    now = {one.id: one for one in found.invitations}
    is_one = sum(one.text is not None for one in invited) == 1
    for one in invited:
        invitation = now.get(one.invitation.id, one.invitation)
        if as_json:
            value = _as_json(invitation, found)
            if one.code is None:
                say_json(value)
            else:
                say_json_with_secret(value, one.code, "code")
        elif one.text is not None:
            tell(f"Pass this on to {invitation.email}; it is shown this once.")
            # Of several, each says whose it is: the line above is not in the file that they are written to.
            say_invitation(one.text if is_one else f"To: {invitation.email}\n\n{one.text.rstrip()}\n\n")
        elif invitation.last_error is not None:
            tell(f"The mail to {invitation.email} did not go out: {invitation.last_error} The invitation stands.")
        else:
            say(f"{invitation.email} is invited, and the mail {'sent' if invitation.sent_at else 'is waiting'}.")


def _ids(kind: str, names: Sequence[str], there: "Mapping[str, Role] | Mapping[str, Group]") -> list[str]:
    """The ids of roles or groups by their names, or by their ids. Raises AccessNotFound."""
    from data.access.errors import AccessNotFound
    from data.naming.look_alikes import skeleton

    by_name = {skeleton(one.name): key for key, one in there.items()}
    found = [name if name in there else by_name.get(skeleton(name[:200])) for name in names]
    if None in found:
        known = ", ".join(sorted(one.name for one in there.values())) or "none"
        unknown = ", ".join(name for name, one in zip(names, found, strict=True) if one is None)
        raise AccessNotFound(f"There is no {kind} {unknown}; there are: {known}.")
    return [one for one in found if one is not None]


def _add_list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="those too that were accepted or revoked, or are over")
    parser.add_argument("--json", action="store_true", help="a JSON object a line, each an invitation")


def _list(arguments: Namespace, settings: Settings) -> int:
    from data.access.model import InvitationStatus
    from tui.presenters.invitation_lines import invitation_table

    with opened_log(settings, create=settings.may_create_database) as log:
        found = log.access.read()
    shown = [one for one in found.invitations if arguments.all or one.status(found.now) is InvitationStatus.OPEN]
    if arguments.json:
        for one in shown:
            say_json(_as_json(one, found))
    elif shown:
        say_table(lambda width: invitation_table(shown, found.now, settings.zone, width))
    else:
        tell("There is no invitation." if arguments.all else "No invitation is open; --all shows the others.")
    return SUCCEEDED


def _as_json(invitation: "Invitation", found: "AccessList") -> dict[str, Json]:
    from data.exchange.invitation_json import invitation_to_json

    return invitation_to_json(invitation, found.now)


INVITE = Command(
    "invite",
    "invite people to become members",
    _invite,
    _add_arguments,
    (
        "auditdeck invite bo.lind@example.org --role Support",
        "auditdeck invite bo@example.org cy@example.org --group 'Night shift' --json",
    ),
)
INVITATIONS = Command(
    "invitations",
    "list the invitations, and what became of their mails",
    _list,
    _add_list_arguments,
    ("auditdeck invitations", "auditdeck invitations --all --json"),
)

"""`auditdeck db`: what an administrator does to a database as a whole."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import DatabaseError, SchemaTooNew, SchemaTooOld
from data.query import parse_query
from data.records import Json
from data.settings import Settings
from tui.commands.command import FAILED, SUCCEEDED, Command, CommandGroup
from tui.commands.opening import opened_administration, opened_log
from tui.commands.output import say, say_json, say_secret, tell

if TYPE_CHECKING:
    from data.services.administration import Administration

_EVERYTHING = parse_query("last:all in:archive")


def _add_upgrade_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--grant",
        metavar="ROLE",
        help="also let this PostgreSQL role use the console: read everything, add events, change and delete none, "
        "keep views; keepers and gateways have roles of their own, see `db roles`",
    )
    parser.add_argument(
        "--first-admin",
        metavar="ADDRESS",
        help="also invite the first administrator of an organisation that has none: the code is the only thing on "
        "standard output",
    )


def _upgrade(arguments: Namespace, settings: Settings) -> int:
    with opened_administration(settings.database) as administration:
        if arguments.grant is not None and administration.is_embedded:
            raise _no_roles(administration)
        if arguments.first_admin is not None and administration.is_embedded:
            raise DatabaseError(f"{administration.shown} is a file: its owner is the administrator already.")
        changed = administration.upgrade()
        done = "has been brought to this program's schema" if changed else "has this program's schema already"
        if arguments.grant is not None:
            administration.grant(arguments.grant)
            done = f"{done}, and the role {arguments.grant} may use it"
        if arguments.first_admin is None:
            say(f"{administration.shown} {done}.")
        else:
            tell(f"{administration.shown} {done}.")
            _invite_first(administration, arguments.first_admin, settings)
    return SUCCEEDED


def _invite_first(administration: "Administration", address: str, settings: Settings) -> None:
    # Imported where it is needed: every command waits for what stands at the top.
    from data.access.joining import JOIN_COMMAND

    invited = administration.first_administrator(address)
    assert invited.code is not None
    say_secret(invited.code)
    invitation = invited.invitation
    until = f"{invitation.expires_at.astimezone(settings.zone):%Y-%m-%d %H:%M} {settings.zone.key}"
    tell(
        f"With this code {invitation.email} joins as the first administrator, by `{settings.join_command or JOIN_COMMAND}`: "
        f"once, until {until}. It is shown this once; the same command makes another one."
    )


def _no_roles(administration: "Administration") -> DatabaseError:
    return DatabaseError(f"{administration.shown} is a file and has no roles: whoever may read it may use it.")


def _add_roles_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--prefix",
        help="what the roles' names begin with (default: auditdeck_); roles are the whole server's, so that another log on it "
        "needs another one",
    )
    parser.add_argument(
        "--apply",
        action="store_true",
        help="make them in place of printing that, as one transaction: as a superuser, or as the database's owner who may "
        "create roles",
    )


def _roles(arguments: Namespace, settings: Settings) -> int:
    # Imported where it is needed, as above.
    from data.services.administration import DEFAULT_PREFIX, role_script

    prefix = DEFAULT_PREFIX if arguments.prefix is None else arguments.prefix
    with opened_administration(settings.database) as administration:
        if administration.is_embedded:
            raise _no_roles(administration)
        script = role_script(prefix)
        if arguments.apply:
            administration.make_roles(prefix)
            say(
                f"{administration.shown} has the roles {prefix}owner, {prefix}console, {prefix}keeper, {prefix}gateway and "
                f"{prefix}readonly; `GRANT {prefix}console TO alice` lets the login alice use the console."
            )
        else:
            for line in script.splitlines():
                say(line)
    return SUCCEEDED


def _add_status_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object: address, engine, schema, events")


def _status(arguments: Namespace, settings: Settings) -> int:
    with opened_administration(settings.database) as administration:
        address, is_embedded = administration.shown, administration.is_embedded
    schema, events = _schema_and_events(settings, Path(address) if is_embedded else None)
    status: dict[str, Json] = {
        "address": address,
        "engine": "SQLite" if is_embedded else "PostgreSQL",
        "schema": schema,
        "events": events,
    }
    if arguments.json:
        say_json(status)
    else:
        for name, value in status.items():
            say(f"{name:<9} {_shown(value)}")
    return FAILED if events is None else SUCCEEDED


def _schema_and_events(settings: Settings, path: Path | None) -> tuple[str, int | None]:
    """What can be said of the schema, and the number of events; None where this program cannot count them."""
    if path is not None and not path.exists():
        return "none; `auditdeck import` makes it", 0  # asking must not make it
    with opened_log(settings, create=False, as_owner=True) as log:
        try:
            return "up to date", log.count(_EVERYTHING)
        except (SchemaTooNew, SchemaTooOld) as error:
            return str(error), None


def _shown(value: Json) -> str:
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) else str(value)


COMMANDS = CommandGroup(
    "db",
    "look at the database, or bring its schema up to date",
    (
        Command(
            "upgrade",
            "bring the database's schema to this program's",
            _upgrade,
            _add_upgrade_arguments,
            (
                "auditdeck db upgrade --database postgresql+psycopg://owner@db.example.org/audit",
                "auditdeck db upgrade --database postgresql+psycopg://owner@db.example.org/audit --grant auditor",
                "auditdeck db upgrade --first-admin alice@example.org",
            ),
        ),
        Command(
            "roles",
            "print the SQL that makes a shared database's roles, or make them",
            _roles,
            _add_roles_arguments,
            (
                "auditdeck db roles",
                "auditdeck db roles --database postgresql+psycopg://postgres@db.example.org/audit --apply",
                "auditdeck db roles --prefix payments_ | psql --set ON_ERROR_STOP=1 payments",
            ),
        ),
        Command(
            "status",
            "say where the database is, what it is, and how many events it holds",
            _status,
            _add_status_arguments,
            ("auditdeck db status", "auditdeck db status --json"),
        ),
    ),
)

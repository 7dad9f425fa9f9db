"""The list of roles."""

from data.access.model import Role as AccessRole
from data.permissions import effective
from tui.presenters.access_roster import AccessRoster, permission_names
from tui.presenters.access_table import AccessTable, Cell, ListedItem, Order, searched
from tui.presenters.access_tabs import AccessTab
from tui.presenters.list_columns import Column, NameColumn
from tui.presenters.noun import Noun
from tui.presenters.pieces import Role
from tui.presenters.values import count_text

_COLUMNS = (
    Column("Held by", 7, 0),
    Column("Kind", 8, 2),
    Column("Permissions", 28, 1, grows=True),
)
_ORDERS = (
    Order("n", "name", "From A to Z.", 0),
    Order("h", "held by", "The role that most members hold stands first.", 1),
    Order("k", "kind", "Those that were made here stand before those that are built in.", 2),
)


def role_table(roster: AccessRoster) -> AccessTable:
    """Every role."""
    return AccessTable(
        AccessTab.ROLES,
        NameColumn(least=26),
        _COLUMNS,
        _ORDERS,
        tuple(_role(one, roster) for one in roster.roles.values()),
        Noun("role", "roles"),
        (),
        ("There is no role", "Without one nobody but the owner of the file may do anything."),
        "name, description or permissions",
    )


def _role(role: AccessRole, roster: AccessRoster) -> ListedItem:
    holders = len(roster.holders_of(role.id))
    held = tuple(map(str, role.permissions))
    name = role.name.casefold()
    return ListedItem(
        role.id,
        (
            Cell(role.name, Role.TITLE, bold=True),
            Cell(count_text(holders) if holders else "nobody", Role.TEXT if holders else Role.FAINT),
            Cell("built in" if role.built_in else "own", Role.FAINT if role.built_in else Role.MUTED),
            Cell(held or ("(none)",), Role.MUTED if held else Role.FAINT),
        ),
        searched(role.name, role.description, role.id, *permission_names(effective(role.permissions))),
        ((name, role.id), (-holders, name), (role.built_in, name)),
    )
